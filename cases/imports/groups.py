"""Groups and funds with their levels (handbook 6.1); known by register number, or by their name."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import clock, periods
from cases.fields import NameField
from cases.imports.columns import ChoiceCell, CodeCell, Column, DateCell, Line
from cases.imports.kinds import Kind, Outcome
from cases.models import Area, Party
from cases.text import fold_digits, name_key

# What an office may say of a group; the others come and go with its founding case.
STATUSES = (
    Party.Status.ACTIVE,
    Party.Status.DORMANT,
    Party.Status.UNDER_DISPUTE,
    Party.Status.DISSOLVED,
)
# Development levels of each kind (handbook 6.1).
LEVELS: dict[str, str] = {
    Party.Kind.SAVINGS_GROUP: "123",
    Party.Kind.KKJ_FUND: "123",
    Party.Kind.MOTHER_FUND: "ABC",
}
_KEPT = ("name", "area_id", "level", "status", "founded_on", "closed_on", "register_number")


class Groups(Kind):
    """One line a group; one that is known gets what the file says, empty cells change nothing."""

    code = "groups"
    title = gettext_lazy("Groups and funds")
    hint = gettext_lazy("Savings groups and funds with their level and register number.")

    def declare(self) -> Sequence[Column]:
        return (
            Column(
                "kind",
                gettext_lazy("Kind of group"),
                ChoiceCell(Party.Kind.choices),
                example="SAVINGS_GROUP",
                more=("kind", "ประเภท", "ชนิดกลุ่ม", "ປະເພດ"),
            ),
            Column(
                "name",
                gettext_lazy("Name of the group"),
                NameField(max_length=200),
                example="กลุ่มออมทรัพย์เพื่อการผลิตบ้านตัวอย่าง",
                more=("name", "ชื่อ", "ชื่อกลุ่ม", "ຊື່ກຸ່ມ"),
            ),
            Column(
                "area",
                gettext_lazy("Code of the village or subdistrict"),
                CodeCell(self.country, (6, 8)),
                example="42030101",
                hint=gettext_lazy("8 digits of a village; 6 of a subdistrict for urban groups."),
                more=("village code", "รหัสหมู่บ้าน", "รหัสพื้นที่", "ລະຫັດບ້ານ"),
            ),
            Column(
                "level",
                gettext_lazy("Level"),
                NameField(max_length=20, required=False),
                example="3",
                hint=gettext_lazy(
                    "1–3 for savings groups and project funds, A–C for mother funds."
                ),
                more=("ระดับ", "ລະດັບ"),
            ),
            Column(
                "founded_on",
                gettext_lazy("Founded on"),
                DateCell(past_only=True, required=False),
                example="08/03/2545",
                more=("วันที่จัดตั้ง", "วันก่อตั้ง"),
            ),
            Column(
                "register_number",
                gettext_lazy("Register number"),
                NameField(max_length=40, required=False),
                example="ลย-0301-001",
                more=("เลขทะเบียน", "ทะเบียนเลขที่", "ເລກທະບຽນ"),
            ),
            Column(
                "status",
                gettext_lazy("Status"),
                ChoiceCell([(each, each.label) for each in STATUSES], required=False),
                example="ACTIVE",
                hint=gettext_lazy("Empty: a new group is active, a known one stays as it is."),
                more=("สถานะ", "ສະຖານະ"),
            ),
            Column(
                "closed_on",
                gettext_lazy("Dissolved on"),
                DateCell(past_only=True, required=False),
                more=("วันที่เลิกกลุ่ม",),
            ),
        )

    def load(self, lines: Iterable[Line]) -> None:
        lines = list(lines)
        self.load_areas(line.get("area") for line in lines)
        numbers = {line.get("register_number") for line in lines} - {None, ""}
        numbered = Party.objects.filter(register_number__in=numbers)
        self._by_number = {party.register_number: party for party in numbered}
        there = Party.objects.filter(area_id__in=self.areas).order_by("-pk")
        there = there.exclude(status=Party.Status.NOT_FOUNDED)
        self._by_name = {_name_of(p.kind, p.area_id, p.name): p for p in there}

    def check(self, line: Line) -> None:
        area = self.standing_area(line, "area")
        if area is not None and area.level < Area.Level.SUBDISTRICT:
            line.refuse("area", _("A group stands in a village or a subdistrict."))
        kind, level = line.get("kind"), line.get("level")
        if kind and level and _level(line) not in list(LEVELS[kind]):
            what = {"level": level, "known": ", ".join(LEVELS[kind])}
            line.refuse("level", _("“%(level)s” is no level of it: %(known)s.") % what)
        known = self._known(line)
        if known is not None and known.status == Party.Status.PLANNED:
            message = _("This group is being founded: its case says what becomes of it.")
            line.refuse("status" if line.get("status") else "name", message)
        self._check_dates(line, known)
        self._check_number(line)

    def _check_dates(self, line: Line, known: Party | None) -> None:
        founded, closed = line.get("founded_on"), line.get("closed_on")
        if founded and closed and closed < founded:
            line.refuse("closed_on", _("It cannot end before it was founded."))
        status = line.get("status") or (known.status if known else Party.Status.ACTIVE)
        if status != Party.Status.DISSOLVED:
            if closed and "status" not in line.faults:
                line.refuse("closed_on", _("Only a dissolved group has this day."))
        elif not closed and "closed_on" not in line.faults and not (known and known.closed_on):
            line.refuse("closed_on", _("Write the day on which the group was dissolved."))

    def _check_number(self, line: Line) -> None:
        """A register number is one group's: of its kind, and in an area of the administrator."""
        number, kind = line.get("register_number"), line.get("kind")
        numbered = self._by_number.get(number) if number else None
        if numbered is not None:
            own = any(numbered.area_id.startswith(each) for each in self.administered)
            if not own or (kind and numbered.kind != kind):
                line.refuse("register_number", _("Another group has this register number."))
        elif number and (named := self._named(line)) and named.register_number:
            what = {"number": named.register_number}
            message = _("A group of this name stands here under the number %(number)s.")
            line.refuse("register_number", message % what)

    def _named(self, line: Line) -> Party | None:
        return self._by_name.get(_name_of(line.get("kind"), line.get("area"), line.get("name")))

    def _known(self, line: Line) -> Party | None:
        """The group that the line means, by its number, else by kind, place and name."""
        number = line.get("register_number")
        return (self._by_number.get(number) if number else None) or self._named(line)

    def keys(self, line: Line) -> Sequence[Hashable]:
        values = line.values
        named = ("name", *_name_of(values["kind"], values["area"], values["name"]))
        number = values.get("register_number")
        return (named, ("number", number)) if number else (named,)

    def outcome(self, line: Line) -> Outcome:
        known = self._known(line)
        if known is None:
            return Outcome.ADDED
        given = self._given(line, known)
        same = all(getattr(known, name) == value for name, value in given.items())
        return Outcome.UNCHANGED if same else Outcome.CHANGED

    def write(self, lines: list[Line], run: Any) -> None:
        added: list[Any] = []
        changed: list[Any] = []
        for line in lines:
            known = self._known(line)
            party = known or Party(kind=line.values["kind"], status=Party.Status.ACTIVE)
            for name, value in self._given(line, known).items():
                setattr(party, name, value)
            (changed if known else added).append(party)
        Party.objects.bulk_create(added)
        Party.objects.bulk_update(changed, [*_KEPT, "followed_from", "invented"])

    def _given(self, line: Line, known: Party | None) -> dict[str, Any]:
        """What the line says of the group: only what it fills in, and what follows from it."""
        values = line.values | {"area_id": line.values["area"]}
        values["level"] = _level(line)
        given = {name: values[name] for name in _KEPT if values.get(name)}
        given["invented"] = False
        status = given.get("status") or (known.status if known else Party.Status.ACTIVE)
        if status == Party.Status.ACTIVE and not (known and known.followed_from):
            given |= _followed(line.values["kind"], clock.today())
        if status != Party.Status.DISSOLVED and known and known.closed_on:
            given["closed_on"] = None  # it lives again
        return given


def _followed(kind: str, today: date) -> dict[str, Any]:
    """A savings group that comes in is followed from this month on (handbook 5.2)."""
    followed = kind == Party.Kind.SAVINGS_GROUP
    return {"followed_from": periods.month_of(today)} if followed else {}


def _level(line: Line) -> str:
    return fold_digits(line.get("level") or "").upper()


def _name_of(kind: Any, area: Any, name: Any) -> tuple[Any, Any, str]:
    return kind, area, name_key(name or "")
