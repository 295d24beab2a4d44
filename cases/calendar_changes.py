"""A change of the calendar as a value: what the tables are with it, and what they were without."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

from cases.calendar import Holidays, Tables
from cases.models import Change, Holiday

Kind = Change.Kind
NAMES = ("name_th", "name_lo", "name_en")
OF_HOLIDAYS = (Kind.HOLIDAY_ADDED, Kind.HOLIDAY_REMOVED)
CLOSES = (Kind.HOLIDAY_ADDED, Kind.OPEN_DAY_REMOVED)
KINDS = (*OF_HOLIDAYS, Kind.OPEN_DAY_ADDED, Kind.OPEN_DAY_REMOVED)
"""The changes that can move deadlines: a holiday of a country, an open day of an area."""


@dataclass(frozen=True)
class CalendarChange:
    """`kind` of KINDS was or would be done on `day` at `place`, a country or an area's code."""

    kind: str
    place: str
    day: date
    names: dict[str, str] = field(default_factory=dict, hash=False)
    pk: int | None = None

    @property
    def country(self) -> str:
        return self.place[:2]

    def done(self, tables: Tables) -> Tables:
        """`tables` with this change."""
        return self._with(tables, closed=self.kind in CLOSES)

    def undone(self, tables: Tables) -> Tables:
        """`tables` as they were before this change."""
        return self._with(tables, closed=self.kind not in CLOSES)

    def _with(self, tables: Tables, *, closed: bool) -> Tables:
        if self.kind in OF_HOLIDAYS:
            holidays = _without(tables.holidays.get(self.country, {}), self.day)
            if closed:
                holidays[self.day] = self.names
            return Tables({**tables.holidays, self.country: holidays}, tables.open_days)
        opened = tables.open_days.get(self.place, frozenset()) - {self.day}
        if not closed:
            opened |= {self.day}
        return Tables(tables.holidays, {**tables.open_days, self.place: opened})


def of(row: Change) -> CalendarChange:
    """What a row of the history did to the calendar; `names` are those of the holiday."""
    place, day = where_and_when(row)
    told = row.after if row.kind == Kind.HOLIDAY_ADDED else row.before
    if row.kind not in OF_HOLIDAYS:
        told = names_on(place[:2], day)
    return CalendarChange(row.kind, place, day, by_language(told), row.pk)


def where_and_when(row: Change) -> tuple[str, date]:
    """The country or area of such a row, and the day of the calendar."""
    _what, place, day = row.about.split(":")
    return place, date.fromisoformat(day)


def names_on(country: str, day: date) -> dict[str, str]:
    """The names of the holiday on `day`, under NAMES; nothing where there is none."""
    return Holiday.objects.filter(country=country, day=day).values(*NAMES).first() or {}


def by_language(names: Mapping[str, str]) -> dict[str, str]:
    """Names under NAMES as texts are kept: by the code of the language."""
    return {name[-2:]: names.get(name, "") for name in NAMES}


def before(tables: Tables, changes: Iterable[CalendarChange]) -> Tables:
    """`tables` without any of `changes`, which came in this order."""
    return reduce(lambda found, change: change.undone(found), reversed(list(changes)), tables)


def _without(holidays: Holidays, day: date) -> dict[date, dict[str, str]]:
    return {each: names for each, names in holidays.items() if each != day}
