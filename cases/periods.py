"""Months as periods of recurring cases: a period is the first day of its month (handbook 5.2)."""

import calendar
from collections.abc import Iterator
from datetime import date


def month_of(day: date) -> date:
    """The period in which `day` lies."""
    return day.replace(day=1)


def months_later(period: date, months: int) -> date:
    """The period so many months after `period`, or before it where `months` is negative."""
    count = period.year * 12 + period.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def months_through(first: date, last: date) -> Iterator[date]:
    """Every period from `first` up to and with `last`; none where `last` is earlier."""
    period = month_of(first)
    while period <= last:
        yield period
        period = months_later(period, 1)


def day_in(period: date, day: int) -> date:
    """The day with the number `day` in the month; its last day where it has fewer (31 → 28)."""
    return period.replace(day=min(day, calendar.monthrange(period.year, period.month)[1]))


def last_day(period: date) -> date:
    """The last day of the month."""
    return day_in(period, 31)


def first_month(founded_on: date, deposit_day: int) -> date:
    """The first month of which a new group reports (`Party.followed_from`, handbook 5.2).

    That of its founding where the deposit day was still to come, else the month after it.
    """
    period = month_of(founded_on)
    return period if founded_on <= day_in(period, deposit_day) else months_later(period, 1)
