"""The sweep over deadlines: whoever must be told by now is put into the outbox (DESIGN 4).

Any number of sweeps may run at once: each claims rows that no other has, and writes messages,
records and the next time in one transaction. It takes no lock of a case.
"""

import json
import logging
from datetime import date, datetime, timedelta
from itertools import chain

from django.db import connection, transaction
from django.utils import timezone

from cases import calendar, deadlines, ladders
from cases.climb import Climb, Due, Record
from cases.models import Area, Deadline
from cases.models.area import prefixes
from cases.reach import Posts
from notifications import outbox

log = logging.getLogger(__name__)

BATCH = 500  # deadlines a transaction (DESIGN 4)
MOST_BATCHES = 200  # a run; what is left waits for the next beat
_BROKEN_WAITS = timedelta(hours=1)

Move = tuple[int, int, datetime | None]
"""Key of a deadline, position of its next rung, when that is to be climbed."""


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
    posts, plans = _posts(claimed, at), _Plans()
    climbs: list[Climb] = []
    moves: list[Move] = []
    for deadline in claimed:
        try:
            due, move = plans.plan(deadline, at)
            if due:
                climbs.append(Climb(deadline, _line(deadline), posts, at).fire(due))
            moves.append(move)
        except Exception:  # one broken deadline must not hold up the others
            log.exception("deadline %s cannot be climbed, tried again later", deadline.pk)
            moves.append((deadline.pk, deadline.rung, at + _BROKEN_WAITS))
    outbox.queue_many(list(chain.from_iterable(climb.messages for climb in climbs)))
    _keep(list(chain.from_iterable(climb.records for climb in climbs)))
    _move_on(moves)
    return len(claimed)


def _claim(at: datetime, most: int) -> list[Deadline]:
    """Lock due deadlines and read with them only what telling needs."""
    due = Deadline.objects.filter(next_at__lte=at).order_by("next_at")[:most]
    return list(
        due.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("case__party", "work_item__owner")
        .only(
            *("due_on", "rung", "ladder"),
            *("case__number", "case__state", "case__area", "case__content", "case__period"),
            "case__party__name",
            *("work_item__flow_task", "work_item__role", "work_item__area"),
            *(f"work_item__owner__{name}" for name in ("username", "name", "email", "is_active")),
        )
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


class _Plans:
    """When the rungs of deadlines are to be climbed; those of one calendar and day share a plan."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str, date], Due] = {}

    def plan(self, deadline: Deadline, at: datetime) -> tuple[Due, Move]:
        """The rungs of `deadline` that are due at `at`, and how it moves on."""
        rungs = self._rungs(deadline)[deadline.rung :]
        due = [(rung, time) for rung, time in rungs if time <= at]
        if len(due) == len(rungs):
            return due, (deadline.pk, deadline.rung + len(due), None)
        rung, time = rungs[len(due)]
        return due, (deadline.pk, rung.position, time)

    def _rungs(self, deadline: Deadline) -> Due:
        place = calendar.calendar_of(deadline.case.area_id)
        same = (deadline.ladder_id, place, deadline.due_on)
        if same not in self._kept:
            self._kept[same] = [
                (rung, deadlines.planned_at(place, deadline.due_on, rung))
                for rung in ladders.get(deadline.ladder_id).rungs.all()
            ]
        return self._kept[same]


def _keep(records: list[Record]) -> None:
    """Write what became of each rung, in one INSERT."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_rungrecord (deadline_id, position, outcome, role, receiver_id, "
            "reason, message_key, planned_at, at, repeat) "
            "SELECT row.*, 0 FROM json_to_recordset(%s) AS row("
            "deadline_id bigint, position smallint, outcome text, role text, receiver_id bigint, "
            "reason text, message_key text, planned_at timestamptz, at timestamptz)",
            [json.dumps(records)],
        )


def _move_on(moves: list[Move]) -> None:
    """Store the next rung of each deadline and when it is due, in one UPDATE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_deadline AS deadline SET rung = move.rung, next_at = move.next_at "
            "FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[]) "
            "AS move(id, rung, next_at) WHERE deadline.id = move.id",
            [list(column) for column in zip(*moves, strict=True)],
        )
