"""The sweep over deadlines: whoever must be told by now is put into the outbox (DESIGN 4).

Any number of sweeps may run at once: each claims rows that no other has, and writes messages,
records and the next time in one transaction. It takes no lock of a case.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from cases import deadlines, ladders
from cases.climb import Climb, Due
from cases.models import Area, Deadline, RungRecord
from cases.models.area import prefixes
from cases.reach import Posts
from notifications import outbox

log = logging.getLogger(__name__)

BATCH = 500  # deadlines a transaction (DESIGN 4)
MOST_BATCHES = 200  # a run; what is left waits for the next beat
_BROKEN_WAITS = timedelta(hours=1)


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
    claimed = _claim(at, most)
    if not claimed:
        return 0
    _attach_areas(claimed)
    posts = _posts(claimed, at)
    climbs, moves = [], []
    for deadline in claimed:
        try:
            due, move = _plan(deadline, at)
            if due:
                climbs.append(Climb(deadline, _line(deadline), posts, at).fire(due))
            moves.append(move)
        except Exception:  # one broken deadline must not hold up the others
            log.exception("deadline %s cannot be climbed, tried again later", deadline.pk)
            moves.append((deadline.pk, deadline.rung, at + _BROKEN_WAITS))
    outbox.queue_many(message for climb in climbs for message in climb.messages)
    RungRecord.objects.bulk_create(record for climb in climbs for record in climb.records)
    _move_on(moves)
    return len(claimed)


def _claim(at: datetime, most: int) -> list[Deadline]:
    due = Deadline.objects.filter(next_at__lte=at).order_by("next_at")[:most]
    return list(
        due.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("case__party", "work_item__owner")
        .defer("ledger", "rule", "work_item__draft")
    )


def _attach_areas(claimed: list[Deadline]) -> None:
    """Give the cases their areas with all areas above, each read once."""
    codes = {code for deadline in claimed for code in prefixes(deadline.case.area_id)}
    areas = Area.objects.in_bulk(codes)
    for area in areas.values():
        area.parent = areas.get(area.parent_id)
    for deadline in claimed:
        deadline.case.area = areas[deadline.case.area_id]


def _posts(claimed: list[Deadline], at: datetime) -> Posts:
    roles = {deadline.work_item.role for deadline in claimed if deadline.work_item}
    for deadline in claimed:
        roles.update(role for level in _line(deadline) for role in level)
    areas = {deadline.case.area_id for deadline in claimed}
    return Posts(roles, areas, timezone.localdate(at))


def _line(deadline: Deadline) -> list[list[str]]:
    """The line in which matters of the deadline's country climb."""
    line = ladders.get(deadline.ladder_id).line
    return list(line.get(deadlines.country_of(deadline.case), []))


def _plan(deadline: Deadline, at: datetime) -> tuple[Due, tuple[int, int, datetime | None]]:
    """The rungs that are due at `at`, and the deadline's key, next rung and its time."""
    country = deadlines.country_of(deadline.case)
    rungs = ladders.get(deadline.ladder_id).rungs.all()
    planned = [
        (rung, deadlines.planned_at(country, deadline.due_on, rung))
        for rung in rungs
        if rung.position >= deadline.rung
    ]
    due = [(rung, time) for rung, time in planned if time <= at]
    if len(due) == len(planned):
        return due, (deadline.pk, len(rungs), None)
    rung, time = planned[len(due)]
    return due, (deadline.pk, rung.position, time)


def _move_on(moves: Iterable[tuple[int, int, datetime | None]]) -> None:
    """Store the next rung of each deadline and when it is due, in one UPDATE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_deadline AS deadline SET rung = move.rung, next_at = move.next_at "
            "FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[]) "
            "AS move(id, rung, next_at) WHERE deadline.id = move.id",
            [list(column) for column in zip(*moves, strict=True)],
        )
