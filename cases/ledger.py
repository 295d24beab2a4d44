"""The account of why a deadline is due on its day: entries {at, what, …}, oldest first (DESIGN 4).

Days, ids and codes only; in which words they are told is the pages' to say. `Deadline.ledger`
keeps them, and what a due day rests on beside its rule, pauses and extensions, is read from here.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases import calendar
from cases.due import Pause, unit_of
from cases.office_settings import Setting

Entry = dict[str, Any]
Ledger = Iterable[Mapping[str, Any]]


def begun(
    place: str,
    rule: Mapping[str, Any],
    at: datetime,
    due: date,
    chosen: Setting | None,
    declared: Mapping[str, Any],
) -> list[Entry]:
    """The start at `at`, the office's choice, the days that do not count, and the due day."""
    started = timezone.localdate(at)
    first = Entry(at=at.isoformat(), what="started", on=started.isoformat(), rule=dict(rule))
    choice = [_chosen(chosen, declared, at)] if chosen else []
    return [first, *choice, *until(place, rule, started, due, at)]


def until(place: str, rule: Mapping[str, Any], start: date, due: date, at: datetime) -> list[Entry]:
    """What does not count after `start`, up to the day that is now the due one, and that day."""
    skipped = _skipped(place, start, due, at) if unit_of(rule) == "working_days" else []
    return [*skipped, Entry(at=at.isoformat(), what="due", on=due.isoformat())]


def pauses(ledger: Ledger) -> list[Pause]:
    """When the deadline rested, as `cases.due` takes it."""
    found: list[Pause] = []
    for entry in ledger:
        if entry["what"] == "paused":
            found.append((date.fromisoformat(entry["on"]), None))
        elif entry["what"] == "resumed":
            found[-1] = (found[-1][0], date.fromisoformat(entry["on"]))
    return found


def extended(ledger: Ledger) -> int:
    """How much more time was granted so far, in the unit of the rule."""
    return sum(entry["days"] for entry in ledger if entry["what"] == "extended")


def _chosen(setting: Setting, declared: Mapping[str, Any], at: datetime) -> Entry:
    """By whose choice it is that many days, since when, and how many the procedure declares."""
    return {
        "at": at.isoformat(),
        "what": "setting",
        "on": timezone.localdate(setting.set_at).isoformat(),
        "area": setting.area,
        "name": dict(setting.area_names),
        "days": setting.value,
        "declared": next(iter(declared.values())),
    }


def _skipped(place: str, start: date, due: date, at: datetime) -> list[Entry]:
    """The holidays of the span by name, also those on which the office is open; weekends."""
    days = list(calendar.days_after(start, due))
    off, named = calendar.holidays_of(place), calendar.holidays_of(place[:2])
    entries: list[Entry] = [
        {
            "at": at.isoformat(),
            "what": "skipped" if day in off else "open",
            "on": day.isoformat(),
            "name": named[day],
        }
        for day in days
        if day.weekday() < 5 and day in named
    ]
    weekend_days = sum(day.weekday() >= 5 for day in days)
    if weekend_days:
        entries.append({"at": at.isoformat(), "what": "weekends", "days": weekend_days})
    return entries
