"""The auditor: looks whether everybody was told who should have been (DESIGN 4).

It counts anew, from the ladder and the due day of each running deadline, which rungs had to be
climbed, and looks for their records; nothing of the sweep's own reckoning is used, so that a
sweep that is wrong, dead or blind is found out. What stands still in the machine room (sweep,
delivery) is looked at by `project.watch`.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from cases import calendar
from cases.alarms import Finding, Kind
from cases.models import Deadline, OpenDay, Rung, RungRecord
from notifications.models import Message

GRACE = timedelta(minutes=10)
"""How long after its time a rung may still wait for a sweep, in business time."""

OPEN_FOR = timedelta(hours=2)
"""How long a message may be on its way, in business time: five attempts (notifications)."""

RECENT = timedelta(days=7)
"""How far back records are held against the outbox, in business time."""

DISTRICT = len("TH4203")
_DAYS_OFF = 10  # more than ever lie together, on top of two days for each working day
EXAMPLES = 20  # keys of deadlines that an alarm names
_OPENS = time(8, 30)  # handbook 3.4

RUNNING = Q(closed_at__isnull=True, paused_at__isnull=True)


def findings(*, at: datetime, since: datetime | None) -> list[Finding]:
    """Everything that is wrong with the telling at business time `at`.

    Args:
        since: business time of the audit before. What has become due after it is given a second
            look first: after a night without power, or a jump of the demonstration's clock, the
            sweep may catch up before anybody is alarmed. None in the very first audit.
    """
    by = looked_at(at, since)
    return [
        *_unclimbed(by),
        *_stopped(),
        *_told_without_message(by),
        *_not_delivered(min(at - OPEN_FOR, by)),
    ]


def broken(*, at: datetime) -> set[int]:
    """Keys of the deadlines whose ladders do not go as they should at business time `at`."""
    by = looked_at(at, None)
    found = {pk for _district, _behind, pks in _without_record(by) for pk in pks}
    found |= set(Deadline.objects.filter(RUNNING, next_at__lte=by).values_list("pk", flat=True))
    return found | set(_at_a_stop().values_list("pk", flat=True))


def looked_at(at: datetime, since: datetime | None) -> datetime:
    """The business time up to which everything must have happened; see `findings`."""
    return min(at - GRACE, since or at - GRACE)


def on_their_way(by: datetime) -> QuerySet[Message]:
    """Messages that were queued, and not held back, at business time `by` and still wait."""
    free = Q(hold_until__isnull=True) | Q(hold_until__lte=by)
    return Message.objects.filter(
        free, sent_at__isnull=True, given_up_at__isnull=True, queued_at__lte=by
    )


def _unclimbed(by: datetime) -> Iterator[Finding]:
    """Rungs whose time was over at `by` and that left no record; deadlines nobody has claimed."""
    missed, late = Counter(), Counter()
    for district, left_behind, deadlines in _without_record(by):
        (missed if left_behind else late).add(district, *deadlines)
    overdue = Deadline.objects.filter(RUNNING, next_at__lte=by).order_by("next_at")
    for deadline, area in overdue.values_list("pk", "case__area"):
        late.add(area, deadline)
    yield from missed.findings(Kind.RUNG_MISSED)
    yield from late.findings(Kind.RUNG_LATE)


def _without_record(by: datetime) -> list[tuple[str, bool, list[int]]]:
    """District, whether the ladder has gone on behind the rung, and the deadlines.

    Rungs that lay before the deadline began, or before it was last moved, were dropped then.
    """
    expected = [list(column) for column in zip(*_expected(by), strict=True)]
    if not expected:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH {_PLACES}, counted AS MATERIALIZED (
                SELECT deadline.id, deadline.ladder_id, deadline.due_on, deadline.rung, calendar,
                    matter.area_id, (deadline.ledger -> -1 ->> 'at')::timestamptz AS changed_at
                {_RUNNING}
            ), expected AS MATERIALIZED (
                SELECT * FROM unnest(
                    %s::bigint[], %s::date[], %s::text[], %s::smallint[], %s::timestamptz[]
                ) AS rung(ladder_id, due_on, calendar, position, planned_at)
            )
            SELECT left(counted.area_id, {DISTRICT}), expected.position < counted.rung,
                array_agg(DISTINCT counted.id)
            FROM counted JOIN expected USING (ladder_id, due_on, calendar)
            WHERE expected.planned_at > counted.changed_at AND NOT EXISTS (
                SELECT FROM cases_rungrecord AS record
                WHERE record.deadline_id = counted.id AND record.position = expected.position
                AND record.repeat = 0 AND record.at >= counted.changed_at
            )
            GROUP BY 1, 2""",  # noqa: S608  no part of it comes from outside
            [_own_calendars(), *expected],
        )
        return list(cursor.fetchall())


def _expected(by: datetime) -> Iterator[tuple[int, date, str, int, datetime]]:
    """For each ladder, due day and calendar in use: the rungs whose time was over at `by`."""
    rungs: dict[int, list[Rung]] = defaultdict(list)
    for rung in Rung.objects.order_by("ladder", "position"):
        rungs[rung.ladder_id].append(rung)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {_PLACES} SELECT DISTINCT ladder_id, due_on, calendar {_RUNNING}",
            [_own_calendars()],
        )
        used = cursor.fetchall()
    for ladder, due, place in used:
        for rung in rungs[ladder]:
            if (planned := planned_at(place, due, rung)) <= by:
                yield ladder, due, place, rung.position, planned


# Whose days off count at each place: of the nearest area with days of its own, else the country's.
_PLACES = """
place AS MATERIALIZED (
    SELECT code, coalesce(
        (SELECT own FROM unnest(%s::text[]) AS own
         WHERE starts_with(code, own) ORDER BY length(own) DESC LIMIT 1),
        left(code, 2)
    ) AS calendar
    FROM cases_area
)"""

_RUNNING = """
FROM cases_deadline AS deadline
JOIN cases_case AS matter ON matter.id = deadline.case_id
JOIN place ON place.code = matter.area_id
WHERE deadline.closed_at IS NULL AND deadline.paused_at IS NULL
"""


def _own_calendars() -> list[str]:
    """Codes of the areas whose offices open on holidays of their own choice."""
    return list(OpenDay.objects.order_by("area").values_list("area", flat=True).distinct())


def planned_at(place: str, due: date, rung: Rung) -> datetime:
    """When a rung is to be climbed: 08:30 on a working day, counted as handbook 3.4 says.

    Before the due day no later than its own day, on a day off the working day before it; after
    the due day late counts from the next working day on. Written here once more on purpose.
    """
    if (days := rung.offset_working_days) != 0:
        day = calendar.add_working_days(place, due, days)
    else:
        day = due + timedelta(days=rung.offset_days)
        late = rung.offset_days > 0
        while not calendar.is_working_day(place, day):
            day += timedelta(days=1 if late else -1)
    return timezone.make_aware(datetime.combine(day, _OPENS))


def _stopped() -> Iterator[Finding]:
    counter = Counter()
    for deadline, area in _at_a_stop().order_by("pk").values_list("pk", "case__area"):
        counter.add(area, deadline)
    yield from counter.findings(Kind.LADDER_STOPPED)


def _at_a_stop() -> QuerySet[Deadline]:
    """Deadlines with rungs left and no time for the next one; or with repeats left, of a rung
    that has told, and no time for the next of them that could be right.
    """
    rungs = Rung.objects.filter(ladder=OuterRef("ladder"))
    last = rungs.filter(position=OuterRef("rung") - 1, repeat_limit__gt=OuterRef("repeats"))
    own = RungRecord.objects.filter(deadline=OuterRef("pk"), position=OuterRef("rung") - 1)
    told = own.filter(at__gte=OuterRef("changed_at")).order_by("-at")
    running = Deadline.objects.filter(RUNNING).alias(
        changed_at=_CHANGED_AT,
        told_at=Subquery(told.values("at")[:1]),
        again_days=Subquery(last.values("repeat_working_days")[:1]),
    )
    stopped = Q(next_at__isnull=True)
    far_off = Q(next_at__gt=F("told_at") + (F("again_days") * 2 + _DAYS_OFF) * timedelta(days=1))
    forgotten = Q(told_at__isnull=False, acknowledged_at__isnull=True) & (stopped | far_off)
    left = Exists(rungs.filter(position__gte=OuterRef("rung")))
    return running.filter(stopped & left | Q(Exists(last)) & forgotten & ~left)


_CHANGED_AT = Func(
    F("ledger"),
    template="(%(expressions)s -> -1 ->> 'at')::timestamptz",
    output_field=DateTimeField(),
)
"""Since when nothing about a deadline has changed: the last entry of its ledger."""


def _told_without_message(by: datetime) -> Iterator[Finding]:
    """Records of somebody told for whom nothing stands in the outbox."""
    message = Message.objects.filter(key=OuterRef("message_key"))
    told = RungRecord.objects.filter(outcome=RungRecord.Outcome.FIRED, at__gt=by - RECENT)
    yield from _of_records(told.exclude(Exists(message)), Kind.MESSAGE_MISSING)


def _not_delivered(by: datetime) -> Iterator[Finding]:
    """Rungs whose message was due to go out before `by` and is still on its way."""
    told = RungRecord.objects.filter(message_key__in=on_their_way(by).values("key"))
    yield from _of_records(told.exclude(message_key=""), Kind.MESSAGE_OPEN)


def _of_records(records: QuerySet[RungRecord], kind: str) -> Iterator[Finding]:
    counter = Counter()
    for deadline, area in records.order_by("pk").values_list("deadline", "deadline__case__area"):
        counter.add(area, deadline)
    yield from counter.findings(kind)


class Counter:
    """Deadlines by district: one alarm for each, however many they are."""

    def __init__(self) -> None:
        self._found: dict[str, dict[int, None]] = defaultdict(dict)

    def add(self, area: str, *deadlines: int) -> None:
        """Count deadlines of cases in `area`, each once."""
        self._found[area[:DISTRICT]].update(dict.fromkeys(deadlines))

    def findings(self, kind: str) -> Iterator[Finding]:
        """One finding for each district, with how many and the first of them."""
        for area, deadlines in self._found.items():
            facts = {"count": len(deadlines), "deadlines": list(deadlines)[:EXAMPLES]}
            yield Finding(kind, area, area, facts)
