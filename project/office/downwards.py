"""Choosing a place downwards: province, district, tambon, village, as far as one goes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cases.models import Area

ROOT = "country"  # the name of the box in which somebody with several areas begins
NAMES = (ROOT, "province", "district", "subdistrict", "village")
_CODE = re.compile(r"[A-Z]{2}(\d\d){0,4}", re.ASCII)


@dataclass(frozen=True)
class Place:
    """The area that was chosen, None before the first choice, and the boxes to go on with."""

    area: Area | None
    boxes: list[dict[str, Any]]


def choose(roots: list[str], asked: Mapping[str, Any]) -> Place:
    """The place that `asked` (a form's values) names below one of the areas `roots`.

    Each level has a value under its name of NAMES; one that does not lie below the level before
    counts as not chosen.
    """
    codes = [str(asked.get(name) or "") for name in NAMES]
    known = [code for code in codes if _CODE.fullmatch(code)]
    below = _below(roots, known)
    area = below[""][0] if len(roots) == 1 else None
    boxes = []
    while options := below.get(area.code if area else ""):
        chosen = next((unit for unit in options if unit.code in known), None)
        boxes.append(_box(options, chosen, area))
        if chosen is None:
            break
        area = chosen
    return Place(area, boxes)


def _below(roots: list[str], codes: list[str]) -> dict[str, list[Area]]:
    """The units below each of the areas, the roots themselves below ""."""
    units = Area.objects.in_force().filter(parent__in={*roots, *codes})
    below: dict[str, list[Area]] = {}
    for unit in units | Area.objects.filter(code__in=roots):
        above = "" if unit.code in roots else str(unit.parent_id)
        below.setdefault(above, []).append(unit)
    return below


def _box(options: list[Area], chosen: Area | None, above: Area | None) -> dict[str, Any]:
    level = Area.Level(options[0].level)
    every = _("%(area)s itself") % {"area": above.name} if above else _("Choose")
    name, label = (NAMES[level], level.label) if above else (ROOT, _("Area"))
    listed = [{"value": "", "label": every, "selected": chosen is None}]
    listed += [{"value": u.code, "label": u.name, "selected": u is chosen} for u in options]
    return {"name": name, "label": label, "options": listed}
