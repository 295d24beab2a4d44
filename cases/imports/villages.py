"""Villages under their official codes (handbook 3.1, 3.2, 7.2)."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.collation import sort_key
from cases.fields import NameField
from cases.imports.columns import CodeCell, Column, Line
from cases.imports.kinds import Kind, Outcome, abolished
from cases.models import Area

# Digits of a village's code: the tambon's and two; in Laos the district's and two.
DIGITS = {"TH": 8, "LA": 6}
_NAMES = ("name_th", "name_lo", "name_en")


class Villages(Kind):
    """One line a village; a code that is known gets the names of the file."""

    code = "villages"
    title = gettext_lazy("Villages")
    hint = gettext_lazy("Code and names of each village, below subdistricts that are known.")

    def declare(self) -> Sequence[Column]:
        return (
            Column(
                "code",
                gettext_lazy("Village code"),
                CodeCell(self.country, tuple(DIGITS.values())),
                example="42030101",
                hint=gettext_lazy("All digits of the official code, the subdistrict's first."),
                more=("code", "รหัส", "รหัสหมู่บ้าน", "ລະຫັດບ້ານ"),
            ),
            Column(
                "name_th",
                gettext_lazy("Name in Thai"),
                NameField(max_length=100, required=False),
                example="บ้านตัวอย่าง",
                more=("ชื่อ", "ชื่อหมู่บ้าน", "หมู่บ้าน"),
            ),
            Column(
                "name_lo",
                gettext_lazy("Name in Lao"),
                NameField(max_length=100, required=False),
                more=("ຊື່ບ້ານ", "ບ້ານ"),
            ),
            Column(
                "name_en",
                gettext_lazy("Name in Latin letters"),
                NameField(max_length=100, required=False),
                example="Ban Tua Yang",
                more=("name", "village name"),
            ),
            Column(
                "subdistrict",
                gettext_lazy("Subdistrict code"),
                CodeCell(self.country, (4, 6), required=False),
                example="420301",
                hint=gettext_lazy("Only to check that the village belongs there."),
                more=("รหัสตำบล", "tambon", "tambon code"),
            ),
        )

    def load(self, lines: Iterable[Line]) -> None:
        self.load_areas(line.get("code") for line in lines)

    def check(self, line: Line) -> None:
        if not any(line.get(name) for name in _NAMES) and not {*_NAMES} & set(line.faults):
            line.refuse("name_th", _("Give the village a name in one language at least."))
        code = line.get("code")
        if not code or not self.is_administered(line, "code", code):
            return
        self._check_length(line, code)
        self._check_above(line, code)
        known = self.areas.get(code)
        if known is not None and known.abolished_on:
            line.refuse("code", abolished(known))

    def _check_length(self, line: Line, code: str) -> None:
        digits = DIGITS[code[:2]]
        if len(code) - 2 != digits:
            what = {"digits": digits, "count": len(code) - 2}
            line.refuse("code", _("A village's code has %(digits)s digits, not %(count)s.") % what)
        elif code.endswith("00"):
            line.refuse("code", _("Villages are numbered from 01; this ends in 00."))

    def _check_above(self, line: Line, code: str) -> None:
        above = self.areas.get(code[:-2])
        if above is None:
            what = {"code": code[2:-2]}
            line.refuse("code", _("No subdistrict has the code %(code)s.") % what)
        elif above.abolished_on:
            line.refuse("code", abolished(above))
        given = line.get("subdistrict")
        if given and given != code[:-2]:
            what = {"code": code[2:], "subdistrict": given[2:]}
            message = _("The village code %(code)s does not belong to subdistrict %(subdistrict)s.")
            line.refuse("subdistrict", message % what)

    def keys(self, line: Line) -> Sequence[Hashable]:
        return (line.values["code"],)

    def outcome(self, line: Line) -> Outcome:
        known = self.areas.get(line.values["code"])
        if known is None:
            return Outcome.ADDED
        same = known.invented is False and _names(line, known) == _names(line, known, own=False)
        return Outcome.UNCHANGED if same else Outcome.CHANGED

    def write(self, lines: list[Line], run: Any) -> None:
        areas = []
        for line in lines:
            code = line.values["code"]
            names = _names(line, self.areas.get(code))
            key = sort_key(next(filter(None, names.values())))
            level, above = Area.level_of(code), code[:-2]
            areas.append(Area(code=code, level=level, parent_id=above, sort_key=key, **names))
        Area.objects.bulk_create(
            areas,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[*_NAMES, "sort_key", "invented"],
        )


def _names(line: Line, known: Area | None, *, own: bool = True) -> dict[str, str]:
    """The names as they would stand (`own`) or stand; an empty cell leaves a name as it is."""
    kept = {name: getattr(known, name) if known else "" for name in _NAMES}
    given = {name: line.get(name) for name in _NAMES if line.get(name)}
    return kept | given if own else kept
