"""The next 30 days of a ladder before it counts: who would be told what, and when (handbook 4.3).

The running deadlines of an area, each on its own ladder, and beside it as if all had run on
another one since they began. It climbs with the sweep's own rules, and as if nobody did any work
meanwhile; nothing is written. By which channel a message then travels, and together with which
others, is its receiver's choice and not looked at.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, cast

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from cases import ladders, subjects
from cases.climb import Record, climb
from cases.courses import Course, Courses, Moment
from cases.models import Area, Deadline, Ladder, Rung
from cases.reach import Reach
from cases.subjects import Subject
from cases.sweep import worked

DAYS = 30
MOST = 20_000  # deadlines that are looked at, those due first
FIRST = 50  # lines of detail

_TRIED = 0  # the key of a ladder that is not written: no row has it


class Line(NamedTuple):
    """What becomes of a rung for one receiver; `at` is when the message may go out.

    `passed_up`: told for posts below, where nobody could be told.
    """

    at: datetime
    subject: Subject
    rung: Rung
    record: Record
    passed_up: bool = False

    @property
    def is_told(self) -> bool:
        """Whether it is a message; else somebody is passed over."""
        return self.record["outcome"] == "FIRED"


@dataclass
class Forecast:
    """What many deadlines tell: counted, and the first lines of it."""

    told: Counter[tuple[int, date]] = field(default_factory=Counter)
    """Messages by the key of the person and the day on which they go out."""
    passed: Counter[tuple[str, str, int | None]] = field(default_factory=Counter)
    """Who is passed over how often, by reason, role and the key of the person."""
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """What the running deadlines tell from `since` to `until`: `now` on the ladder that each is
    on, `then` on the new one. Of `running` deadlines `looked_at` were looked at.
    """

    since: date
    until: date
    running: int
    looked_at: int
    now: Forecast
    then: Forecast

    @property
    def is_capped(self) -> bool:
        """Whether there are more running deadlines than were looked at."""
        return self.looked_at < self.running


def with_rungs(ladder: Ladder, rungs: Iterable[Rung]) -> Ladder:
    """A ladder that is not written, with rungs to be asked for as those of a written one."""
    ladder.pk = _TRIED
    unwritten: Any = Rung.objects.none()
    unwritten._result_cache = list(rungs)
    cast("Any", ladder)._prefetched_objects_cache = {"rungs": unwritten}
    return ladder


def compare(area: Area, new: Ladder, *, at: datetime, first: int = FIRST) -> Comparison:
    """The running deadlines that `new` would reach if it were the ladder of `area`.

    Args:
        new: a written ladder, or one `with_rungs`.
        at: business time, from which on DAYS days are looked at.
        first: how many lines are kept of each side; all are counted.
    """
    reached = running(area, new.code)
    began = reached.annotate(began=KT("ledger__0__at")).only("paused_at")
    rows = list(began.order_by("due_on", "pk")[:MOST])
    found = subjects.read(rows)
    until = at + timedelta(days=DAYS)
    courses = Courses(at, until, worked(list(found.values())))
    now = [courses.goes_on(each, ladders.get(each.ladder_id)) for each in found.values()]
    then = [
        courses.as_if(
            found[row.pk]._replace(ladder_id=new.pk), new, datetime.fromisoformat(row.began)
        )
        for row in rows
        if row.paused_at is None
    ]
    return Comparison(
        since=timezone.localdate(at),
        until=timezone.localdate(until),
        running=reached.count() if len(rows) == MOST else len(rows),
        looked_at=len(rows),
        now=_foreseen(now, first),
        then=_foreseen(then, first),
    )


def running(area: Area, code: str) -> QuerySet[Deadline]:
    """The running deadlines on ladders `code` at `area` and below it.

    Without those below which another area has a ladder of its own: one of `area` never reaches
    them.
    """
    below = Ladder.objects.filter(code=code, area__code__startswith=area.pk).exclude(area=area)
    newest = below.order_by("area", "-version").distinct("area").values_list("area", "withdrawn")
    own = Q()
    for place in [place for place, withdrawn in newest if not withdrawn]:
        own |= Q(case__area__code__startswith=place)
    found = Deadline.objects.filter(
        closed_at__isnull=True, ladder__code=code, case__area__code__startswith=area.pk
    )
    return found.exclude(own) if own else found


def _foreseen(courses: Iterable[Course], first: int) -> Forecast:
    """What becomes of all calls, in the order of time; a few queries for each moment."""
    together: dict[datetime, list[tuple[Course, Moment]]] = defaultdict(list)
    for course in courses:
        for moment in course.moments:
            together[moment.at].append((course, moment))
    forecast = Forecast()
    for at in sorted(together):
        _climb(together[at], at, forecast, first)
    return forecast


def _climb(due: list[tuple[Course, Moment]], at: datetime, forecast: Forecast, first: int) -> None:
    """Add what becomes of the calls of one moment."""
    policies = {course.ladder.pk: course.ladder for course, _moment in due}
    reach = Reach([course.subject for course, _ in due], timezone.localdate(at), policies.values())
    goes_out = cache(lambda table, n: table.hold_until(table.times[n][0], at) or at)
    day_of = cache(timezone.localdate)
    for course, moment in due:
        subject, table = course.subject, course.table
        line = course.ladder.line.get(subject.area[:2], [])
        climbed = climb(subject, moment.calls, line, reach, at)
        passed_up = {told["key"] for told in climbed.told if told["passed_up"]}
        for record in climbed.records:
            rung, key = table.times[record["position"]][0], record["message_key"]
            receiver = record["receiver_id"]
            moved = goes_out(table, rung.position) if key else at
            if key and receiver is not None:
                forecast.told[receiver, day_of(moved)] += 1
            else:
                forecast.passed[record["reason"], record["role"], receiver] += 1
            if len(forecast.lines) < first:
                forecast.lines.append(Line(moved, subject, rung, record, key in passed_up))
