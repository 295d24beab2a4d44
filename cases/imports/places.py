"""A place in a cell: the area's code, or its full path of names (handbook 3.1: names repeat)."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from cases import text
from cases.imports.columns import CodeCell
from cases.models import Area
from cases.models.area import prefixes

Path = tuple[str, ...]

_BETWEEN = re.compile(r"\s*[·>/,»|]\s*")
_LEVEL = re.compile(
    r"^(?:จังหวัด|จ\.|อำเภอ|อ\.|ตำบล|ต\.|หมู่บ้าน|ແຂວງ|ເມືອງ|province |district |subdistrict )\s*",
    re.IGNORECASE,
)


class PlaceCell(CodeCell):
    """Cleaned to a code, or to a path of names from the province down, made comparable."""

    def to_python(self, value: Any) -> Any:
        typed = text.normalise(value or "")
        if not typed or re.search(r"[0-9๐-๙໐-໙]", typed) or typed.upper() in ("TH", "LA"):
            return super().to_python(value)
        path = tuple(_comparable(name) for name in _BETWEEN.split(typed) if name)
        if not path:
            message = _("Write the code of the area, or its names from the province down.")
            raise ValidationError(message, code="place")
        return path


def found(paths: Iterable[Any]) -> dict[Path, list[str]]:
    """The codes of the areas that each path names; two statements for all."""
    wanted = {path for path in paths if isinstance(path, tuple)}
    if not wanted:
        return {}
    last = {path[-1] for path in wanted}
    named = Q(pk__in=[])
    for field in ("name_th", "name_lo", "name_en"):
        named |= Q(**{f"{field}__in": last})
    candidates = list(Area.objects.in_force().filter(named))
    above = {code for area in candidates for code in prefixes(area.code)}
    units = Area.objects.in_bulk(above)
    codes: dict[Path, list[str]] = {path: [] for path in wanted}
    for area in candidates:
        chain = [units[code] for code in reversed(prefixes(area.code)) if code in units]
        for path in wanted:
            if _fits(path, chain):
                codes[path].append(area.code)
    return codes


def _fits(path: Path, chain: list[Area]) -> bool:
    """Whether the names are those of the units from the province (or the country) down."""
    below = chain if len(path) == len(chain) else chain[1:]
    return len(path) == len(below) and all(
        name in {unit.name_th, unit.name_lo, unit.name_en}
        for name, unit in zip(path, below, strict=True)
    )


def _comparable(name: str) -> str:
    return _LEVEL.sub("", name).strip()
