"""The people of the demonstration: invented, with passwords that are meant to be known.

Printed by `make demo` and written to demo.json; loaded by `manage.py load_demo`.
"""

from dataclasses import dataclass

from cases.roles import Role

PASSWORD = "sajja"  # noqa: S105  printed for every visitor to see


@dataclass(frozen=True)
class Account:
    """One person with one role, at one area or several.

    `acting_for` names the account whose post the person substitutes (รักษาการ, handbook 4.1).
    """

    username: str
    role: Role
    area: str
    language: str
    name: str
    more_areas: tuple[str, ...] = ()
    acting_for: str = ""
    password: str = PASSWORD

    @property
    def email(self) -> str:
        """An address that cannot exist: `.example` is reserved for such use."""
        return f"{self.username}@loei.example"


ACCOUNTS = [
    # Chiang Khan, where the demonstration plays: three officers share its eight tambons.
    Account(
        "officer",
        Role.FIELD_OFFICER,
        "TH420301",
        "th",
        "พิมพ์ชนก ใจมั่น",
        more_areas=("TH420302", "TH420308"),
    ),
    Account(
        "officer2",
        Role.FIELD_OFFICER,
        "TH420303",
        "th",
        "อนุชา แก้ววงศ์ดี",
        more_areas=("TH420304", "TH420307"),
    ),
    Account(
        "officer-lo",
        Role.FIELD_OFFICER,
        "TH420305",
        "lo",
        "ສົມພອນ ວົງຄຳແສງ",
        more_areas=("TH420306",),
    ),
    Account("cdchief", Role.DISTRICT_CHIEF_CD, "TH4203", "th", "สุรีย์พร ธรรมรักษา"),
    Account("amphoe", Role.DISTRICT_CHIEF, "TH4203", "th", "วิทยา เกียรติภูเรือง"),
    # Wang Saphung: colleagues who must not see Chiang Khan's cases.
    Account(
        "ws-officer",
        Role.FIELD_OFFICER,
        "TH420901",
        "th",
        "ดวงกมล ศรีสะอาดใจ",
        more_areas=("TH420902",),
    ),
    Account("ws-cdchief", Role.DISTRICT_CHIEF_CD, "TH4209", "th", "ประเสริฐ มีสุขสันต์"),
    # Tha Li: the chief has retired, an officer of the district acts in the post.
    Account(
        "tl-officer",
        Role.FIELD_OFFICER,
        "TH420801",
        "th",
        "ธนพล แสงทองดี",
        more_areas=("TH420803",),
    ),
    Account(
        "tl-acting",
        Role.DISTRICT_CHIEF_CD,
        "TH4208",
        "th",
        "กาญจนา พรหมสุวรรณดี",
        acting_for="tl-retired",
    ),
    # The province and those above it.
    Account("academic", Role.PROV_ACADEMIC, "TH42", "th", "ชลธิชา วงศ์ประชา"),
    Account("provchief", Role.PROV_CHIEF_CD, "TH42", "th", "สมศักดิ์ เพียรทำดี"),
    Account("governor", Role.GOVERNOR, "TH42", "th", "อรรถพล ไพศาลกิจดี"),
    Account("department", Role.DEPARTMENT, "TH", "en", "Malee Anderson"),
    Account("admin", Role.ADMIN, "TH", "th", "นที ระบบงาน"),
]

RETIRED = [Account("tl-retired", Role.DISTRICT_CHIEF_CD, "TH4208", "th", "บุญเลิศ เกษียณสุข")]
"""People whose accounts are closed; they stand for what they held."""
