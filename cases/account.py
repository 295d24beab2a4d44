"""What became of each day of a deadline's span, as its ledger tells it (DESIGN 4).

The ledger is what counted when it was written: the calendar of today may know better, and a
deadline that is through keeps the account with which it ended.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from cases import due, ledger
from cases.calendar import days_after
from cases.calendar_changes import CLOSES
from cases.due import Pause
from cases.models import Deadline

Entry = Mapping[str, Any]
Names = Mapping[str, str]


class What(StrEnum):
    """What a day is to a deadline."""

    START = "start"
    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    PASSED = "passed"  # neither counted nor skipped: the rule names the due day itself


@dataclass(frozen=True)
class Day:
    """One day from the start to the due day; `number`: the how many-th that counts."""

    on: date
    what: What
    due: bool = False
    number: int = 0
    names: Names = field(default_factory=dict)


def days(deadline: Deadline) -> Iterator[Day]:
    """Each day from the start to the due day, in order."""
    last = deadline.due_on
    yield Day(deadline.started_on, What.START, due=deadline.started_on == last)
    off, pauses, number = days_off(deadline.ledger), ledger.pauses(deadline.ledger), 0
    for day in days_after(deadline.started_on, last):
        what = _what(day, deadline.rule, off, pauses)
        number += what == What.COUNTED
        counted = number if what == What.COUNTED else 0
        yield Day(day, what, due=day == last, number=counted, names=off.get(day, {}))


def days_off(entries: Iterable[Entry]) -> dict[date, Names]:
    """The holidays that did not count, by name: those of the start, and those found later."""
    off: dict[date, Names] = {}
    for entry in entries:
        if entry["what"] == "skipped":
            off[date.fromisoformat(entry["on"])] = entry["name"]
        elif entry["what"] == "moved" and "day" in entry:
            day = date.fromisoformat(entry["day"])
            if entry["kind"] in CLOSES:
                off[day] = entry["name"]
            else:
                off.pop(day, None)
    return off


def _what(
    day: date, rule: Mapping[str, Any], off: Mapping[date, Names], pauses: Iterable[Pause]
) -> What:
    if not due.is_counted(rule):
        return What.PASSED
    if any(first <= day and (again is None or day < again) for first, again in pauses):
        return What.PAUSED
    if due.unit_of(rule) == "working_days" and day.weekday() > 4:
        return What.WEEKEND
    if due.unit_of(rule) == "working_days" and day in off:
        return What.HOLIDAY
    return What.COUNTED
