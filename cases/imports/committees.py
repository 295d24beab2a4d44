"""Who sits on the committees of groups, with terms (handbook 5.1.1)."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import terms
from cases.fields import NameField
from cases.imports.columns import ChoiceCell, CodeCell, Column, DateCell, Line
from cases.imports.kinds import Kind, Outcome
from cases.models import Party, Seat
from cases.text import name_key

LONGEST_TERM = 60  # months (handbook 5.8)
# Nobody sits on both at once (handbook 5.1.1).
APART = frozenset({Seat.Committee.AUDIT.value, Seat.Committee.DIRECTING.value})
_OVER = (Party.Status.DISSOLVED, Party.Status.NOT_FOUNDED)


class Committees(Kind):
    """One line a seat; the group by its register number, or by its village and kind."""

    code = "committees"
    title = gettext_lazy("Committees of groups")
    hint = gettext_lazy("Who sits on which committee of a group, from when to when.")

    def declare(self) -> Sequence[Column]:
        return (
            Column(
                "register_number",
                gettext_lazy("Register number of the group"),
                NameField(max_length=40, required=False),
                example="ลย-0301-001",
                hint=gettext_lazy("Or leave it empty and write the village and the kind."),
                more=("register number", "เลขทะเบียน", "ເລກທະບຽນ"),
            ),
            Column(
                "area",
                gettext_lazy("Code of the village or subdistrict"),
                CodeCell(self.country, (6, 8), required=False),
                example="42030101",
                more=("village code", "รหัสหมู่บ้าน", "ລະຫັດບ້ານ"),
            ),
            Column(
                "kind",
                gettext_lazy("Kind of group"),
                ChoiceCell(Party.Kind.choices, required=False),
                example="SAVINGS_GROUP",
                more=("kind", "ประเภท", "ชนิดกลุ่ม"),
            ),
            Column(
                "committee",
                gettext_lazy("Committee"),
                ChoiceCell(Seat.Committee.choices),
                example="DIRECTING",
                more=("คณะกรรมการ", "ฝ่าย", "ຄະນະກຳມະການ"),
            ),
            Column(
                "position",
                gettext_lazy("Position"),
                ChoiceCell(Seat.Position.choices),
                example="CHAIR",
                more=("ตำแหน่ง", "ຕຳແໜ່ງ"),
            ),
            Column(
                "name",
                gettext_lazy("Name of the person"),
                NameField(max_length=150),
                example="นางสมมติ ตัวอย่าง",
                more=("name", "ชื่อ", "ชื่อ-สกุล", "ชื่อ-นามสกุล", "ຊື່"),
            ),
            Column(
                "elected_on",
                gettext_lazy("Elected on"),
                DateCell(past_only=True, required=False),
                example="08/03/2568",
                more=("วันที่เลือกตั้ง",),
            ),
            Column(
                "starts_on",
                gettext_lazy("Term from"),
                DateCell(),
                example="08/03/2568",
                more=("from", "ตั้งแต่", "วันเริ่มวาระ", "ແຕ່ວັນທີ"),
            ),
            Column(
                "ends_on",
                gettext_lazy("Term to"),
                DateCell(),
                example="07/03/2570",
                more=("to", "ถึง", "วันสิ้นสุดวาระ", "ເຖິງວັນທີ"),
            ),
        )

    def load(self, lines: Iterable[Line]) -> None:
        lines = list(lines)
        self.load_areas(line.get("area") for line in lines)
        numbers = {line.get("register_number") for line in lines} - {None, ""}
        groups = Party.objects.exclude(status__in=_OVER)
        self._by_number = {
            party.register_number: party for party in groups.filter(register_number__in=numbers)
        }
        self._there: dict[tuple[str, str], list[Party]] = {}
        there = list(groups.filter(area_id__in={line.get("area") for line in lines} - {None, ""}))
        for party in there:
            self._there.setdefault((party.area_id, party.kind), []).append(party)
        parties = {party.pk for party in [*there, *self._by_number.values()]}
        self._seats: dict[tuple[int, str], list[Seat]] = {}
        for seat in Seat.objects.filter(party_id__in=parties):
            self._seats.setdefault((seat.party_id, seat.name_key), []).append(seat)

    def check(self, line: Line) -> None:
        if line.get("area"):
            self.standing_area(line, "area")
        group = self._group(line, refuse=True)
        starts, ends = line.get("starts_on"), line.get("ends_on")
        if starts and ends and ends < starts:
            line.refuse("ends_on", _("A term ends after it begins."))
        elif starts and ends and ends > terms.last_day(starts, LONGEST_TERM):
            message = _("A term lasts %(months)s months at most.")
            line.refuse("ends_on", message % {"months": LONGEST_TERM})
        if group is not None and line.get("name") and starts and ends and not line.faults:
            self._check_apart(line, group)

    def _group(self, line: Line, *, refuse: bool = False) -> Party | None:
        """The group that the line means; with `refuse`, says at which cell it cannot be found."""
        number = line.get("register_number")
        if number:
            group = self._by_number.get(number)
            own = group and any(group.area_id.startswith(each) for each in self.administered)
            if not own and refuse:
                message = _("No group of your area has this register number.")
                line.refuse("register_number", message)
            return group if own else None
        area, kind = line.get("area"), line.get("kind")
        if not area or not kind:
            if refuse and not {"area", "kind", "register_number"} & set(line.faults):
                message = _("Write the register number, or the village and the kind of group.")
                line.refuse("register_number", message)
            return None
        found = self._there.get((area, kind), [])
        if len(found) != 1 and refuse and "area" not in line.faults:
            none = _("No group of this kind stands there.")
            several = _("Several groups of this kind stand there: write the register number.")
            line.refuse("area", several if found else none)
        return found[0] if len(found) == 1 else None

    def _check_apart(self, line: Line, group: Party) -> None:
        """Audit and directing stay apart, in the register and among the lines before."""
        committee, key = line.get("committee"), name_key(line.values["name"])
        if committee not in APART:
            return
        (other,) = APART - {committee}
        for seat in self._seats.get((group.pk, key), ()):
            if seat.committee == other and _together(line, seat.starts_on, _last(seat)):
                break
        else:
            claimed = self.before(("term", group.pk, key, other), line)
            if not any(_together(line, *term) for _number, term in claimed):
                return
        line.refuse("committee", _("Nobody sits on the audit and the directing committee at once."))

    def keys(self, line: Line) -> Sequence[Hashable]:
        group = self._group(line)
        values = line.values
        who = (values["committee"], values["position"], name_key(values["name"]))
        return ((group and group.pk, *who, values["starts_on"]),)

    def claims(self, line: Line) -> Iterable[tuple[Hashable, Any]]:
        group, values = self._group(line), line.values
        key = ("term", group and group.pk, name_key(values["name"]), values["committee"])
        yield key, (values["starts_on"], values["ends_on"])

    def outcome(self, line: Line) -> Outcome:
        seat = self._seat(line)
        if seat is None:
            return Outcome.ADDED
        same = all(getattr(seat, name) == value for name, value in _given(line).items())
        return Outcome.UNCHANGED if same else Outcome.CHANGED

    def _seat(self, line: Line) -> Seat | None:
        """The seat as it stands: the same person, committee, position and beginning."""
        group, values = self._group(line), line.values
        seats = self._seats.get((group.pk if group else 0, name_key(values["name"])), ())
        same = ("committee", "position", "starts_on")
        return next((s for s in seats if all(getattr(s, n) == values[n] for n in same)), None)

    def write(self, lines: list[Line], run: Any) -> None:
        added: list[Any] = []
        changed: list[Any] = []
        for line in lines:
            known = self._seat(line)
            seat = known or Seat(party=self._group(line), name_key=name_key(line.values["name"]))
            names = ("committee", "position", "starts_on")
            for name, value in ({n: line.values[n] for n in names} | _given(line)).items():
                setattr(seat, name, value)
            (changed if known else added).append(seat)
        Seat.objects.bulk_create(added)
        Seat.objects.bulk_update(changed, ["name", "ends_on", "elected_on"])


def _given(line: Line) -> dict[str, Any]:
    given = {name: line.values[name] for name in ("name", "ends_on")}
    elected = line.get("elected_on")
    return given | ({"elected_on": elected} if elected else {})


def _last(seat: Seat) -> date:
    return seat.left_on or seat.ends_on or date.max


def _together(line: Line, starts: date, ends: date) -> bool:
    return bool(line.values["starts_on"] <= ends and starts <= line.values["ends_on"])
