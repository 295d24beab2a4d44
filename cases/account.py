"""What became of each day of a deadline's span, as its ledger tells it (DESIGN 4).

The ledger is what counted when it was written: the calendar of today may know better, and a
deadline that is through keeps the account with which it ended.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from cases.calendar import days_after
from cases.models import Change, Deadline

Entry = Mapping[str, Any]
Names = Mapping[str, str]
Pauses = list[tuple[date, date | None]]
"""The first day that did not count and the first that did again, as `cases.due` takes them."""

_CLOSES = (Change.Kind.HOLIDAY_ADDED, Change.Kind.OPEN_DAY_REMOVED)
_COUNTED = ("working_days", "days")


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
    due = deadline.due_on
    yield Day(deadline.started_on, What.START, due=deadline.started_on == due)
    off, pauses, number = days_off(deadline.ledger), paused(deadline.ledger), 0
    for day in days_after(deadline.started_on, due):
        what = _what(day, deadline.rule, off, pauses)
        number += what == What.COUNTED
        counted = number if what == What.COUNTED else 0
        yield Day(day, what, due=day == due, number=counted, names=off.get(day, {}))


def days_off(ledger: Sequence[Entry]) -> dict[date, Names]:
    """The holidays that did not count, by name: those of the start, and those found later."""
    off: dict[date, Names] = {}
    for entry in ledger:
        if entry["what"] == "skipped":
            off[date.fromisoformat(entry["on"])] = entry["name"]
        elif entry["what"] == "moved":
            day = date.fromisoformat(entry["day"])
            if entry["kind"] in _CLOSES:
                off[day] = entry["name"]
            else:
                off.pop(day, None)
    return off


def paused(ledger: Sequence[Entry]) -> Pauses:
    """When the deadline rested, in order."""
    pauses: Pauses = []
    for entry in ledger:
        if entry["what"] == "paused":
            pauses.append((date.fromisoformat(entry["on"]), None))
        elif entry["what"] == "resumed":
            pauses[-1] = (pauses[-1][0], date.fromisoformat(entry["on"]))
    return pauses


def _what(day: date, rule: Mapping[str, Any], off: Mapping[date, Names], pauses: Pauses) -> What:
    if any(_rests(day, *pause) for pause in pauses):
        return What.PAUSED
    if "working_days" in rule and day.weekday() > 4:
        return What.WEEKEND
    if "working_days" in rule and day in off:
        return What.HOLIDAY
    return What.COUNTED if any(unit in rule for unit in _COUNTED) else What.PASSED


def _rests(day: date, since: date, until: date | None) -> bool:
    return since <= day and (until is None or day < until)
