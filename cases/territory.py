"""Loads territory from its sources: Thailand from `geothai`, Laos from fixtures (handbook 3.1-3.3).

Loading again is safe: only rows that differ from their source are written, and codes are never
removed. What the source leaves empty (a Lao name of a Thai village) stays as people entered it.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geothai
from django.db import connection, transaction
from geothai.abolished import abolished_areas

from cases.collation import sort_key
from cases.models import Area

LAO_AREAS = Path(__file__).resolve().parent.parent / "fixtures" / "lao_areas.csv"


@dataclass(frozen=True)
class Unit:
    """One area as its source gives it; `successor` is the one code that took its place."""

    code: str
    name_th: str = ""
    name_lo: str = ""
    name_en: str = ""
    invented: bool = False
    abolished_on: date | None = None
    successor: str | None = None


@dataclass(frozen=True)
class Loaded:
    """What a load did, in rows."""

    added: int
    changed: int
    unchanged: int


def thai_units() -> Iterator[Unit]:
    """Thailand with its provinces, districts and subdistricts, those abolished included."""
    yield Unit("TH", "ประเทศไทย", "ປະເທດໄທ", "Thailand")
    for province in geothai.provinces():
        yield Unit(f"TH{province.code}", province.name_th, name_en=province.name_en)
        for district in geothai.districts(province.code):
            yield Unit(f"TH{district.code}", district.name_th, name_en=district.name_en)
            for tambon in geothai.subdistricts(district.code):
                yield Unit(f"TH{tambon.code}", tambon.name_th, name_en=tambon.name_en)
    for old in abolished_areas():
        yield Unit(
            f"TH{old.code}",
            old.name_th,
            name_en=old.name_en or "",
            abolished_on=date.fromisoformat(old.abolished_on),
            # Where a unit was divided, no single one took its place.
            successor=f"TH{old.successors[0]}" if len(old.successors) == 1 else None,
        )


def lao_units() -> Iterator[Unit]:
    """Laos with its provinces and districts, under the ids of fixtures/README.md."""
    yield Unit("LA", "สปป. ลาว", "ສປປ ລາວ", "Lao PDR")
    with LAO_AREAS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Unit(row["code"], row["name_th"], row["name_lo"], row["name_en"])


@transaction.atomic
def load(units: Iterable[Unit]) -> Loaded:
    """Insert or update the areas of `units` in few statements.

    Raises `IntegrityError` when a unit's parent or successor is neither known nor among them.
    """
    standing = {row["code"]: row for row in Area.objects.values("code", *_FIELDS)}
    added: list[Area] = []
    changed: list[Area] = []
    unchanged = 0
    for unit in units:
        old = standing.get(unit.code)
        row = _row(unit, old or {})
        if row == old:
            unchanged += 1
        else:
            (changed if old else added).append(Area(**row))
    Area.objects.bulk_create(
        added + changed,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=_FIELDS,
    )
    if added or changed:
        with connection.cursor() as cursor:  # the next queries are planned on what stands now
            cursor.execute("ANALYZE cases_area")
    return Loaded(len(added), len(changed), unchanged)


_NAMES = ("name_th", "name_lo", "name_en")
_FIELDS = (
    *_NAMES,
    "level",
    "parent_id",
    "sort_key",
    "invented",
    "abolished_on",
    "successor_id",
)


def _row(unit: Unit, old: dict[str, Any]) -> dict[str, Any]:
    """The columns of `unit`; names that its source does not give stay as in `old`."""
    names = {name: getattr(unit, name) or old.get(name, "") for name in _NAMES}
    return {
        "code": unit.code,
        **names,
        "level": Area.level_of(unit.code),
        "parent_id": unit.code[:-2] or None,
        "sort_key": sort_key(names["name_th"] or names["name_lo"] or names["name_en"]),
        "invented": unit.invented,
        "abolished_on": unit.abolished_on,
        "successor_id": unit.successor,
    }
