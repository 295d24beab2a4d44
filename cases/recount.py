"""How changes of the calendar move running deadlines (handbook 3.4, DESIGN 4).

Nothing is written here. Each day is counted once for all deadlines that share it, so that half a
million take seconds; `cases.recounts` writes what is found, `cases.calendar_preview` foretells it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from cases import calendar, deadlines, due, ladders, ledger
from cases.calendar import Tables
from cases.calendar_changes import CalendarChange
from cases.running import Running


class Move(NamedTuple):
    """How a deadline moves: `entries` (JSON) go to its ledger, for the changes `by` (keys)."""

    row: Running
    due_on: date
    next_at: datetime | None
    entries: str
    by: tuple[int | None, ...]


class Reckoning:
    """Days as they are under some tables of the calendar; each is counted once."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._calendars: dict[str, str] = {}
        self._due: dict[tuple[Any, ...], date] = {}
        self._planned: dict[tuple[Any, ...], datetime | None] = {}

    def calendar_of(self, place: str) -> str:
        """Whose calendar counts at `place`."""
        if place not in self._calendars:
            with calendar.supposing(self._tables):
                self._calendars[place] = calendar.calendar_of(place)
        return self._calendars[place]

    def due_on(self, row: Running, held: date | None) -> date:
        """When `row` is due; `held` is its day of `days_held`."""
        place = self.calendar_of(row.place)
        key = (place, row.rule, row.started_on, row.marks, held, None if held else row.due_on)
        if key not in self._due:
            with calendar.supposing(self._tables):
                self._due[key] = _due_on(place, row, held)
        return self._due[key]

    def planned_at(self, row: Running, due_on: date) -> datetime | None:
        """When the next rung of `row` is to be climbed, were it due on `due_on`."""
        place = self.calendar_of(row.place)
        key = (place, row.ladder, row.rung, due_on)
        if key not in self._planned:
            rungs = [r for r in ladders.get(row.ladder).rungs.all() if r.position == row.rung]
            with calendar.supposing(self._tables):
                found = [deadlines.planned_at(place, due_on, rung) for rung in rungs]
            self._planned[key] = found[0] if found else None
        return self._planned[key]

    def skipped(self, row: Running, since: date, due_on: date, at: datetime) -> list[Any]:
        """Entries for the days up to `due_on` that do not count either, now that it is later."""
        with calendar.supposing(self._tables):
            *entries, _due = ledger.until(row.place, json.loads(row.rule), since, due_on, at)
        return entries

    def late_on(self, place: str, due_on: date, today: date) -> bool:
        """Whether what was due on `due_on` is late `today` (handbook 3.4)."""
        key = ("today", self.calendar_of(place), today)
        if key not in self._due:
            with calendar.supposing(self._tables):
                self._due[key] = calendar.last_working_day(place, today)
        return due_on < self._due[key]


class Chain:
    """The calendar before some changes and after each of them, the last one as it is now."""

    def __init__(self, tables: Tables, changes: Sequence[CalendarChange], at: datetime) -> None:
        """`tables` are those before the changes; `at` is when the moves are written."""
        self.links = [Reckoning(tables)]
        for change in changes:
            tables = change.done(tables)
            self.links.append(Reckoning(tables))
        self._changes, self._at = list(changes), at
        self._calendars: dict[str, tuple[str, ...]] = {}
        self._known: dict[tuple[Any, ...], tuple[Any, ...] | None] = {}

    def move(self, row: Running, held: date | None) -> Move | None:
        """How the changes move `row`; None where it stays and nobody is told on another day.

        `held` is its day of `running.days_held`.
        """
        if row.place not in self._calendars:
            self._calendars[row.place] = tuple(link.calendar_of(row.place) for link in self.links)
        rule = (row.rule, row.started_on, row.marks, held)
        stands = (row.due_on, row.ladder, row.rung, row.next_at)
        key = (self._calendars[row.place], *rule, *stands)
        if key not in self._known:
            self._known[key] = self._judged(row, held)
        found = self._known[key]
        return Move(row, *found) if found else None

    def _judged(self, row: Running, held: date | None) -> tuple[Any, ...] | None:
        days = [link.due_on(row, held) for link in self.links]
        next_at = self._next_at(row, days) if row.next_at else None
        if (days[-1], next_at) == (row.due_on, row.next_at):
            return None
        return days[-1], next_at, *self._entries(row, days)

    def _next_at(self, row: Running, days: list[date]) -> datetime | None:
        """When the next rung is climbed; one that was told is not told again.

        Another time than the planned one is a repeat of the rung before, which stays unless the
        next rung now comes first.
        """
        planned = self.links[-1].planned_at(row, days[-1])
        known = {link.planned_at(row, day) for link in self.links for day in {*days, row.due_on}}
        if row.next_at in known or row.next_at is None:
            return planned
        return min(row.next_at, planned) if planned and days[-1] != row.due_on else row.next_at

    def _entries(self, row: Running, days: list[date]) -> tuple[str, tuple[int | None, ...]]:
        """One entry for each change that moves the day, or one for all where none explains it."""
        if row.due_on == days[-1]:
            return "[]", ()
        steps = range(_last(days, row.due_on), len(days) - 1) if row.due_on in days else ()
        entries: list[dict[str, Any]] = []
        by = []
        for number in steps:
            if days[number] != days[number + 1]:
                change, link = self._changes[number], self.links[number + 1]
                told = {"kind": change.kind, "day": change.day.isoformat(), "name": change.names}
                by.append(change.pk)
                entries += self._moved(row, link, days[number], days[number + 1], change.pk, told)
        if not entries:
            by = [self._changes[-1].pk]
            entries = self._moved(row, self.links[-1], row.due_on, days[-1], by[0], {})
        return json.dumps(entries), tuple(by)

    def _moved(
        self,
        row: Running,
        link: Reckoning,
        old: date,
        new: date,
        change: int | None,
        told: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        days = {"on": new.isoformat(), "from": old.isoformat()}
        moved = {"at": self._at.isoformat(), "what": "moved", **days, **told, "change": change}
        return [moved, *(link.skipped(row, old, new, self._at) if new > old else [])]


def _last(days: list[date], day: date) -> int:
    return max(number for number, each in enumerate(days) if each == day)


def _due_on(place: str, row: Running, held: date | None) -> date:
    """By its rule; a legal day, or one that the rule of another version named, stays."""
    rule = json.loads(row.rule)
    if "on" in rule and held is None:
        return row.due_on
    marks = json.loads(row.marks)
    return due.due_on(
        place,
        rule,
        row.started_on,
        pauses=ledger.pauses(marks),
        extended=ledger.extended(marks),
        fixed=held,
    )
