"""Quiet hours: at night and on days off of their office nobody is told (handbook 8.9)."""

from datetime import datetime, time, timedelta
from itertools import count

from django.utils import timezone

from cases import calendar
from cases.deadlines import OFFICE_OPENS

Hours = tuple[time, time]
"""From when to when, in the office's time zone; the same time twice is never."""

NIGHT: Hours = (time(18, 0), time(7, 30))


def hold_until(place: str, at: datetime, quiet: Hours | None = None) -> datetime | None:
    """When a person whose office is at `place` may be told of what comes up at `at`.

    None is at once. What comes up in the quiet hours, by default NIGHT, or on a day off waits
    until the office opens on a working day, or the quiet hours end, if that is later.
    """
    hours, here = quiet or NIGHT, timezone.localtime(at)
    if calendar.is_working_day(place, here.date()) and not _silent(here.time(), hours):
        return None
    mornings = [OFFICE_OPENS, max(OFFICE_OPENS, hours[1])]
    fitting = [morning for morning in mornings if not _silent(morning, hours)] or [hours[1]]
    days = (here.date() + timedelta(days=n) for n in count())
    return next(
        moment
        for day in days
        if calendar.is_working_day(place, day)
        for morning in fitting
        if (moment := datetime.combine(day, morning, here.tzinfo)) > here
    )


def _silent(moment: time, hours: Hours) -> bool:
    begin, end = hours
    return begin <= moment < end if begin <= end else not end <= moment < begin
