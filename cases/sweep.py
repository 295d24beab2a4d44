"""The sweep over deadlines: whoever must be told by now is put into the outbox (DESIGN 4).

Any number of sweeps may run at once: each claims rows that no other has, and writes messages,
records and the next time in one transaction. It takes no lock of a case.
"""

import json
import logging
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from cases import calendar, ladders, subjects
from cases.climb import Climb, Record, climb
from cases.models import Event
from cases.reach import Line, Reach
from cases.subjects import Subject
from cases.tidings import Tidings
from cases.timetable import Standing, Timetable, Visit
from notifications import outbox

log = logging.getLogger(__name__)

BATCH = 500  # deadlines a transaction (DESIGN 4)
MOST_BATCHES = 200  # a run; what is left waits for the next beat
_BROKEN_WAITS = timedelta(hours=1)


class Move(NamedTuple):
    """How a deadline stands after the sweep: `rung` is the position of its next rung."""

    pk: int
    rung: int
    repeats: int
    next_at: datetime | None
    acknowledged: bool


def until_done(*, at: datetime) -> int:
    """Climb every rung that is due at `at`, batch by batch; returns how many deadlines moved."""
    moved = 0
    for _ in range(MOST_BATCHES):
        count = sweep_batch(at=at)
        moved += count
        if count < BATCH:
            break
    return moved


@transaction.atomic
def sweep_batch(*, at: datetime, most: int = BATCH) -> int:
    """Claim up to `most` due deadlines that no other sweep has, and climb; returns how many."""
    claimed = subjects.claim(at, most)
    if not claimed:
        return 0
    reach, plans = Reach(claimed, timezone.localdate(at)), Plans(at, worked(claimed))
    tidings = Tidings(claimed, reach, at)
    climbs: list[Climb] = []
    messages: list[list[outbox.Row]] = []
    moves: list[Move] = []
    for subject in claimed:
        try:
            table = plans.table(subject)
            visit = plans.visit(subject, table)
            if visit.calls:
                climbed = climb(subject, visit.calls, plans.line(subject), reach, at)
                messages.append(tidings.of(subject, climbed.told, table))
                climbs.append(climbed)
            moves.append(_after(subject, visit))
        except Exception:  # one broken deadline must not hold up the others
            log.exception("deadline %s cannot be climbed, tried again later", subject.pk)
            moves.append(_later(subject, at + _BROKEN_WAITS))
    outbox.queue_many(list(chain.from_iterable(messages)))
    _keep(list(chain.from_iterable(climbed.records for climbed in climbs)))
    _move_on(moves)
    return len(claimed)


class Plans:
    """What is due at `at`; deadlines of one calendar and day share a timetable.

    `worked` are those whose case went on since they were acknowledged.
    """

    def __init__(self, at: datetime, worked: set[int]) -> None:
        self._at, self._worked = at, worked
        self._tables: dict[tuple[int, str, date], Timetable] = {}
        self._visits: dict[tuple[Timetable, Standing, bool], Visit] = {}

    def visit(self, subject: Subject, table: Timetable) -> Visit:
        """What the sweep does with the deadline, whose times are `table`."""
        worked = subject.pk in self._worked
        seen = subject.acknowledged_at is not None
        standing = Standing(subject.rung, subject.repeats, subject.next_at, seen)
        same = (table, standing, worked)
        if same not in self._visits:
            self._visits[same] = table.visit(standing, self._at, worked=worked)
        return self._visits[same]

    def table(self, subject: Subject) -> Timetable:
        """The times of the deadline's rungs."""
        place = calendar.calendar_of(subject.area)
        same = (subject.ladder_id, place, subject.due_on)
        if same not in self._tables:
            ladder = ladders.get(subject.ladder_id)
            self._tables[same] = Timetable(ladder, list(ladder.rungs.all()), place, subject.due_on)
        return self._tables[same]

    def line(self, subject: Subject) -> Line:
        """The line in which matters of the deadline's country climb."""
        line: Line = ladders.get(subject.ladder_id).line.get(subject.area[:2], [])
        return line


def worked(claimed: list[Subject]) -> set[int]:
    """Of those that were acknowledged, the deadlines whose case went on since.

    One query where any was acknowledged, else none.
    """
    seen = {subject.pk: subject for subject in claimed if subject.acknowledged_at}
    if not seen:
        return set()
    since = min(subject.acknowledged_at for subject in seen.values() if subject.acknowledged_at)
    cases = {subject.case_id for subject in seen.values()}
    events = Event.objects.filter(case__in=cases, at__gt=since)
    last = dict(events.order_by("at").values_list("case", "at"))
    return {
        pk
        for pk, subject in seen.items()
        if subject.acknowledged_at and last.get(subject.case_id, since) > subject.acknowledged_at
    }


def _after(subject: Subject, visit: Visit) -> Move:
    return Move(subject.pk, visit.rung, visit.repeats, visit.next_at, visit.acknowledged)


def _later(subject: Subject, at: datetime) -> Move:
    acknowledged = subject.acknowledged_at is not None
    return Move(subject.pk, subject.rung, subject.repeats, at, acknowledged)


def _keep(records: list[Record]) -> None:
    """Write what became of each rung, in one INSERT."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_rungrecord (deadline_id, position, repeat, outcome, role, "
            "receiver_id, reason, message_key, planned_at, at) "
            "SELECT * FROM json_to_recordset(%s) AS row("
            "deadline_id bigint, position smallint, repeat smallint, outcome text, role text, "
            "receiver_id bigint, reason text, message_key text, planned_at timestamptz, "
            "at timestamptz)",
            [json.dumps(records)],
        )


def _move_on(moves: list[Move]) -> None:
    """Store how each deadline stands now, in one UPDATE."""
    rows = [
        (*move[:3], move.next_at.isoformat() if move.next_at else None, move.acknowledged)
        for move in moves
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_deadline AS deadline SET rung = move.rung, repeats = move.repeats, "
            "next_at = move.next_at, "
            "acknowledged_at = CASE WHEN move.acknowledged THEN deadline.acknowledged_at END, "
            "acknowledged_by_id = CASE WHEN move.acknowledged THEN deadline.acknowledged_by_id END "
            "FROM (SELECT (row->>0)::bigint AS id, (row->>1)::smallint AS rung, "
            "(row->>2)::smallint AS repeats, (row->>3)::timestamptz AS next_at, "
            "(row->>4)::boolean AS acknowledged FROM json_array_elements(%s) AS row) AS move "
            "WHERE deadline.id = move.id",
            [json.dumps(rows)],
        )
