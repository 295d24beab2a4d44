"""Working days of an office: Monday to Friday without its country's holidays (handbook 3.4).

A place is an area code, whose first two letters are the country, or a country alone. An area may
keep its offices open on a holiday (`OpenDay`); that counts for all areas below it as well.

Everything here is whole days in the office's time zone (UTC+7 in both countries); which day it
is "today" is asked once, in `cases.clock`. Beyond the years that the table of holidays covers,
only weekends are free.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from cases.models import Holiday, OpenDay
from cases.models.area import prefixes

_DAY = timedelta(days=1)
STALE_SECONDS = 60  # how long another process may still count with the holidays of before

Holidays = Mapping[date, dict[str, str]]
"""The days off with their names in every language."""


@dataclass(frozen=True, eq=False)
class Tables:
    """Holidays by country and open days by area, as they stand or as somebody supposes them."""

    holidays: Mapping[str, Holidays]
    open_days: Mapping[str, frozenset[date]]


Version = Tables | int
"""Supposed tables, or the minute in which those of the database were read."""

_supposed: ContextVar[Tables | None] = ContextVar("supposed calendars", default=None)


@contextmanager
def supposing(tables: Tables) -> Iterator[None]:
    """Let everything here count with `tables` until the block ends, in this thread alone."""
    token = _supposed.set(tables)
    try:
        yield
    finally:
        _supposed.reset(token)


def tables(country: str) -> Tables:
    """The calendars of `country` read anew: what another process has just changed counts."""
    return Tables({country: _holidays(country)}, _open_days(area__code__startswith=country))


def is_working_day(place: str, day: date) -> bool:
    """Whether the offices at `place` (TH, TH420301) are open on `day`."""
    return _is_open(day, holidays_of(place))


def add_working_days(place: str, day: date, n: int) -> date:
    """The n-th working day after `day`, or before it where `n` is negative; `day` for 0.

    Counted once a calendar: of many deadlines most share their days.
    """
    return _nth_working_day(calendar_of(place), day, n, _version())


def last_working_day(place: str, day: date) -> date:
    """`day` itself, or the last working day before it."""
    off = holidays_of(place)
    while not _is_open(day, off):
        day -= _DAY
    return day


def working_days_between(place: str, start: date, end: date) -> int:
    """How many working days come after `start` up to and with `end`; negative when reversed.

    So `end` is that many working days away: 0 on the same day, 1 from Monday to Tuesday.
    """
    if end < start:
        return -working_days_between(place, end, start)
    off = holidays_of(place)
    return sum(_is_open(day, off) for day in days_after(start, end))


def days_after(start: date, end: date) -> Iterator[date]:
    """Each day after `start` up to and with `end`."""
    for n in range(1, (end - start).days + 1):
        yield start + n * _DAY


def holidays_of(place: str) -> Holidays:
    """The days off of the offices at `place`, from memory.

    A change by this process counts at once, a change elsewhere within a minute.
    """
    return _read_calendar(calendar_of(place), _version())


def calendar_of(place: str) -> str:
    """Whose calendar counts at `place`: the nearest area above with open days, else the country.

    Places with the same one count alike, so that what is computed for one serves all.
    """
    own = _open_days_of(_version())
    return next((code for code in prefixes(place) if code in own), place[:2])


def forget() -> None:
    """Read the calendars anew, now and when the running transaction is through."""
    _clear()
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(_clear)


def _is_open(day: date, off: Holidays) -> bool:
    return day.weekday() < 5 and day not in off


def _version() -> Version:
    """Which calendars count here and now: what is kept in memory is kept of one of them."""
    return _supposed.get() or int(monotonic() // STALE_SECONDS)


def _clear() -> None:
    _nth_working_day.cache_clear()
    _read_calendar.cache_clear()
    _read_holidays.cache_clear()
    _read_open_days.cache_clear()


@lru_cache(maxsize=2**16)
def _nth_working_day(code: str, day: date, n: int, version: Version) -> date:
    off = _read_calendar(code, version)
    step = _DAY if n > 0 else -_DAY
    left = abs(n)
    while left:
        day += step
        left -= _is_open(day, off)
    return day


@lru_cache(maxsize=256)
def _read_calendar(code: str, version: Version) -> Holidays:
    """The holidays of the country of `code`, without those on which its offices are open."""
    holidays, own = _holidays_of(code[:2], version), _open_days_of(version)
    opened = set().union(*(own.get(above, frozenset()) for above in prefixes(code)))
    return {day: names for day, names in holidays.items() if day not in opened}


def _holidays_of(country: str, version: Version) -> Holidays:
    if isinstance(version, Tables):
        return version.holidays.get(country, {})
    return _read_holidays(country, version)


def _open_days_of(version: Version) -> Mapping[str, frozenset[date]]:
    return version.open_days if isinstance(version, Tables) else _read_open_days(version)


@lru_cache(maxsize=8)
def _read_holidays(country: str, _period: int) -> Holidays:
    return _holidays(country)


def _holidays(country: str) -> Holidays:
    return {
        holiday.day: {"th": holiday.name_th, "lo": holiday.name_lo, "en": holiday.name_en}
        for holiday in Holiday.objects.filter(country=country, removed=False)
    }


@lru_cache(maxsize=2)
def _read_open_days(_period: int) -> Mapping[str, frozenset[date]]:
    return _open_days()


def _open_days(**which: str) -> Mapping[str, frozenset[date]]:
    """The days on which an area's offices are open although it is a holiday, by its code."""
    days: dict[str, set[date]] = {}
    for area, day in OpenDay.objects.filter(**which).values_list("area", "day"):
        days.setdefault(area, set()).add(day)
    return {area: frozenset(opened) for area, opened in days.items()}


@receiver([post_save, post_delete], sender=Holiday)
@receiver([post_save, post_delete], sender=OpenDay)
def _changed(**_signal: Any) -> None:
    forget()
