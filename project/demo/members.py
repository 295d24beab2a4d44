"""Members and committees of the demonstration's groups: invented people, the same every time."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

_MEN = (
    *("คำดี", "บุญมี", "สมาน", "ทองใบ", "ประเสริฐ", "สุวิทย์", "วิชัย", "สนิท", "หนูกัน", "บุญเลิศ"),
    *("สำราญ", "อุดม", "ไพฑูรย์", "เฉลิม", "สมพร", "ถาวร", "ชาญชัย", "ณรงค์"),
)
_WOMEN = (
    *("บัวลี", "อรทัย", "คำปุ่น", "สุดใจ", "บุญเพ็ง", "ทองจันทร์", "ลำดวน", "สมหมาย", "ประไพ", "จันทร์เพ็ญ"),
    *("มะลิวัลย์", "นวลละออ", "เพ็ญศรี", "ดวงใจ", "รัตนา", "สายทอง", "บังอร", "วิไล"),
)
_SURNAMES = (
    *("ตัวอย่าง", "แสนสมมุติ", "ทดลองดี", "พงษ์สมมุติ", "ศรีตัวอย่าง", "วงศ์ทดลอง"),
    *("บุญสมมุติ", "แก้วทดลอง", "สมมุติวงศ์"),
)
_WORK = ("ทำไร่ข้าวโพด", "ทำสวนยางพารา", "ทำนา", "ค้าขาย", "รับจ้าง", "ทอผ้า", "เลี้ยงสัตว์")
_YOUNG = (11, 14, 17)  # ages of the minors, who join with a parent's consent


def members(seed: str, count: int, day: date) -> list[dict[str, Any]]:
    """`count` people who join on `day`, as the lines of enrolment; a few minors at the end."""
    return [_member(seed, number, count, day) for number in range(count)]


def seats(people: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Who was elected to the four committees, as the lines of the election: all of age."""
    posts = [
        *(("DIRECTING", post) for post in ("CHAIR", "VICE_CHAIR", "SECRETARY", "TREASURER")),
        ("DIRECTING", "REGISTRAR"),
        *((committee, post) for committee in ("LOAN", "AUDIT") for post in _OF_THREE),
        *(("PROMOTION", post) for post in ("CHAIR", "MEMBER")),
    ]
    return [
        {"committee": committee, "position": position, "name": person["name"]}
        for (committee, position), person in zip(posts, people, strict=False)
    ]


_OF_THREE = ("CHAIR", "SECRETARY", "MEMBER")


def _member(seed: str, number: int, count: int, day: date) -> dict[str, Any]:
    drawn = hashlib.sha256(f"{seed}/{number}".encode()).digest()
    woman, pair = number % 2, number // 2
    first = (_WOMEN if woman else _MEN)[pair % 18]
    surname = _SURNAMES[(pair + pair // 18 + len(seed) + ord(seed[-1])) % 9]  # no name twice
    minor = count - number <= len(_YOUNG)
    age = _YOUNG[count - number - 1] if minor else 23 + drawn[1] % 48
    title = ("นาย", "นาง")[woman]
    if minor:
        title = ("ด.ช.", "ด.ญ.")[woman] if age < 15 else ("นาย", "นางสาว")[woman]
    return {
        "name": f"{title}{first} {surname}",
        "kind": "ORDINARY",
        "born_on": date(day.year - age - 1, 1 + drawn[2] % 12, 1 + drawn[3] % 28),
        "house_number": f"{1 + drawn[4] % 120}/{drawn[5] % 4}".removesuffix("/0"),
        "occupation": "นักเรียน" if minor else _WORK[drawn[6] % len(_WORK)],
        "phone": "" if minor or drawn[7] % 5 == 0 else f"08{drawn[8] % 10}000{1000 + number:04}",
        "monthly_pledge": Decimal((30, 50, 100, 200)[drawn[9] % 4]),
        "consent_by": f"นาย{_MEN[number % 18]} {surname}" if minor else "",
    }
