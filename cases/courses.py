"""What comes of deadlines on a ladder if nobody does anything: each moment at which a rung calls.

The rules are those of `cases.timetable`; the sweep asks them at each moment as it comes, here all
moments are gone through at once. Nothing is written.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from cases import calendar
from cases.models import Ladder
from cases.subjects import Subject
from cases.timetable import Call, Standing, Timetable


class Moment(NamedTuple):
    """When the sweep finds a deadline due, and what has come by then."""

    at: datetime
    calls: list[Call]


class Course(NamedTuple):
    """A deadline on a ladder, and the moments that come."""

    subject: Subject
    ladder: Ladder
    table: Timetable
    moments: Sequence[Moment]


class Courses:
    """What comes of deadlines from `at` until `until`; for all that stand alike it is found once.

    `worked` are the keys of those whose case went on since they were acknowledged.
    """

    def __init__(self, at: datetime, until: datetime, worked: set[int]) -> None:
        self._at, self._until, self._worked = at, until, worked
        self._tables: dict[tuple[int, str, date], Timetable] = {}
        self._reached: dict[tuple[Timetable, int, datetime | None], Standing] = {}
        self._kept: dict[tuple[Timetable, Standing, bool], list[Moment]] = {}

    def goes_on(self, subject: Subject, ladder: Ladder) -> Course:
        """On its own `ladder`, from where the deadline stands."""
        acknowledged = subject.acknowledged_at is not None
        standing = Standing(subject.rung, subject.repeats, subject.next_at, acknowledged)
        return self._course(subject, ladder, standing)

    def as_if(self, subject: Subject, ladder: Ladder, began: datetime) -> Course:
        """On another `ladder`, as if it had been the deadline's since it `began`."""
        table = self._table(ladder, subject)
        first = sum(planned <= began for _rung, planned in table.times)
        same = (table, first, subject.acknowledged_at)
        if same not in self._reached:
            self._reached[same] = _reached(table, first, subject.acknowledged_at, self._at)
        return self._course(subject, ladder, self._reached[same])

    def _course(self, subject: Subject, ladder: Ladder, standing: Standing) -> Course:
        table, worked = self._table(ladder, subject), subject.pk in self._worked
        same = (table, standing, worked)
        if same not in self._kept:
            self._kept[same] = list(_moments(table, standing, self._at, self._until, worked))
        return Course(subject, ladder, table, self._kept[same])

    def _table(self, ladder: Ladder, subject: Subject) -> Timetable:
        place = calendar.calendar_of(subject.area)
        same = (ladder.pk, place, subject.due_on)
        if same not in self._tables:
            rungs = list(ladder.rungs.all())
            self._tables[same] = Timetable(ladder, rungs, place, subject.due_on)
        return self._tables[same]


def _moments(
    table: Timetable, standing: Standing, at: datetime, until: datetime, worked: bool
) -> Iterator[Moment]:
    """What has come at `at`, and then each time that the deadline waits for."""
    while standing.next_at is not None and (now := max(standing.next_at, at)) <= until:
        visit = table.visit(standing, now, worked=worked)
        if visit.calls:
            yield Moment(now, visit.calls)
        standing = Standing(visit.rung, visit.repeats, visit.next_at, visit.acknowledged)


def _reached(
    table: Timetable, first: int, acknowledged_at: datetime | None, at: datetime
) -> Standing:
    """Where a deadline stands at `at` that began before the rung `first` and was always swept."""
    planned = table.times[first][1] if first < len(table.times) else None
    standing = Standing(first, 0, planned)
    while standing.next_at is not None and standing.next_at <= at:
        visit = table.visit(standing, standing.next_at)
        standing = Standing(visit.rung, visit.repeats, visit.next_at)
    if acknowledged_at is None or standing.next_at is None:
        return standing
    waits = table.after_acknowledging(standing, acknowledged_at)
    return standing._replace(next_at=waits, acknowledged=True)
