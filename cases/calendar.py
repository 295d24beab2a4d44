"""Working days of an office: Monday to Friday without its country's holidays (handbook 3.4).

A place is an area code, whose first two letters are the country, or a country alone. An area may
keep its offices open on a holiday (`OpenDay`); that counts for all areas below it as well.

Everything here is whole days in the office's time zone (UTC+7 in both countries); which day it
is "today" is asked once, in `cases.clock`. Beyond the years that the table of holidays covers,
only weekends are free.
"""

from collections.abc import Iterator, Mapping
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
_STALE_SECONDS = 60  # how long another process may still count with the holidays of before

Holidays = Mapping[date, dict[str, str]]
"""The days off with their names in every language."""


def is_working_day(place: str, day: date) -> bool:
    """Whether the offices at `place` (TH, TH420301) are open on `day`."""
    return _is_open(day, holidays_of(place))


def add_working_days(place: str, day: date, n: int) -> date:
    """The n-th working day after `day`, or before it where `n` is negative; `day` for 0.

    Counted once a calendar: of many deadlines most share their days.
    """
    return _nth_working_day(calendar_of(place), day, n, _period())


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
    return _read_calendar(calendar_of(place), _period())


def calendar_of(place: str) -> str:
    """Whose calendar counts at `place`: the nearest area above with open days, else the country.

    Places with the same one count alike, so that what is computed for one serves all.
    """
    own = _read_open_days(_period())
    return next((code for code in prefixes(place) if code in own), place[:2])


def forget() -> None:
    """Read the calendars anew, now and when the running transaction is through."""
    _clear()
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(_clear)


def _is_open(day: date, off: Holidays) -> bool:
    return day.weekday() < 5 and day not in off


def _period() -> int:
    return int(monotonic() // _STALE_SECONDS)


def _clear() -> None:
    _nth_working_day.cache_clear()
    _read_calendar.cache_clear()
    _read_holidays.cache_clear()
    _read_open_days.cache_clear()


@lru_cache(maxsize=2**16)
def _nth_working_day(code: str, day: date, n: int, period: int) -> date:
    off = _read_calendar(code, period)
    step = _DAY if n > 0 else -_DAY
    left = abs(n)
    while left:
        day += step
        left -= _is_open(day, off)
    return day


@lru_cache(maxsize=256)
def _read_calendar(code: str, period: int) -> Holidays:
    """The holidays of the country of `code`, without those on which its offices are open."""
    holidays, own = _read_holidays(code[:2], period), _read_open_days(period)
    opened = set().union(*(own.get(above, frozenset()) for above in prefixes(code)))
    return {day: names for day, names in holidays.items() if day not in opened}


@lru_cache(maxsize=8)
def _read_holidays(country: str, _period: int) -> Holidays:
    return {
        holiday.day: {"th": holiday.name_th, "lo": holiday.name_lo, "en": holiday.name_en}
        for holiday in Holiday.objects.filter(country=country, removed=False)
    }


@lru_cache(maxsize=2)
def _read_open_days(_period: int) -> Mapping[str, frozenset[date]]:
    """The days on which an area's offices are open although it is a holiday, by its code."""
    days: dict[str, set[date]] = {}
    for area, day in OpenDay.objects.values_list("area", "day"):
        days.setdefault(area, set()).add(day)
    return {area: frozenset(opened) for area, opened in days.items()}


@receiver([post_save, post_delete], sender=Holiday)
@receiver([post_save, post_delete], sender=OpenDay)
def _changed(**_signal: Any) -> None:
    forget()
