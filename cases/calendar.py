"""Working days of a country's offices: Monday to Friday without its holidays (handbook 3.4).

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

from cases.models import Holiday

_DAY = timedelta(days=1)
_STALE_SECONDS = 60  # how long another process may still count with the holidays of before


def is_working_day(country: str, day: date) -> bool:
    """Whether the offices of `country` (TH, LA) are open on `day`."""
    return day.weekday() < 5 and day not in holidays_of(country)


def add_working_days(country: str, day: date, n: int) -> date:
    """The n-th working day after `day`, or before it where `n` is negative; `day` for 0."""
    step = _DAY if n > 0 else -_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(country, day)
    return day


def last_working_day(country: str, day: date) -> date:
    """`day` itself, or the last working day before it."""
    while not is_working_day(country, day):
        day -= _DAY
    return day


def working_days_between(country: str, start: date, end: date) -> int:
    """How many working days come after `start` up to and with `end`; negative when reversed.

    So `end` is that many working days away: 0 on the same day, 1 from Monday to Tuesday.
    """
    if end < start:
        return -working_days_between(country, end, start)
    return sum(is_working_day(country, day) for day in days_after(start, end))


def days_after(start: date, end: date) -> Iterator[date]:
    """Each day after `start` up to and with `end`."""
    for n in range(1, (end - start).days + 1):
        yield start + n * _DAY


def holidays_of(country: str) -> Mapping[date, dict[str, str]]:
    """The holidays of `country` with their names in every language, from memory.

    A change by this process counts at once, a change elsewhere within a minute.
    """
    return _read_holidays(country, int(monotonic() // _STALE_SECONDS))


def forget() -> None:
    """Read the holidays anew, now and when the running transaction is through."""
    _read_holidays.cache_clear()
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(_read_holidays.cache_clear)


@lru_cache(maxsize=8)
def _read_holidays(country: str, _period: int) -> Mapping[date, dict[str, str]]:
    return {
        holiday.day: {"th": holiday.name_th, "lo": holiday.name_lo, "en": holiday.name_en}
        for holiday in Holiday.objects.filter(country=country)
    }


@receiver([post_save, post_delete], sender=Holiday)
def _changed(**_signal: Any) -> None:
    forget()
