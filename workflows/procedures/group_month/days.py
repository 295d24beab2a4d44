"""The days of a group's month: when deposits are taken, when its report is due, when missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cases import calendar
from cases.periods import day_in, last_day, months_later

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class MonthDays:
    """The days of one month of one group; `deposit_on` is None where its rules are not known."""

    deposit_on: date | None
    report_due_on: date
    missing_on: date


def days_of(
    period: date, deposit_day: int | None, numbers: Mapping[str, int], place: str
) -> MonthDays:
    """The days of the month `period` for a group at `place` (docs/decisions/month-of-a-group.md).

    Args:
        deposit_day: day of the month in the group's rules; None where they are not known.
        numbers: of content.yaml.
    """
    reported_in = period
    if deposit_day is not None and deposit_day > numbers["same_month_until"]:
        reported_in = months_later(period, 1)
    return MonthDays(
        deposit_on=_open_day(place, day_in(period, deposit_day)) if deposit_day else None,
        report_due_on=day_in(reported_in, numbers["report_day"]),
        missing_on=last_day(reported_in) + timedelta(days=numbers["missing_after_days"]),
    )


def _open_day(place: str, day: date) -> date:
    """A deposit day on a holiday moves to the next working day (handbook 5.2, exceptions).

    Groups take deposits on weekends too: only a holiday moves the day, and then to a working one.
    """
    if day not in calendar.holidays_of(place):
        return day
    return calendar.add_working_days(place, day, 1)
