"""Setting ladders going again that the auditor found broken (docs/operations/README.md)."""

from datetime import datetime

from django.db import transaction

from cases import auditor, calendar, ladders
from cases.models import Deadline, RungRecord
from cases.reasons import Reason


def mend(*, at: datetime) -> int:
    """Let the next sweep climb what is broken at business time `at`; returns how many deadlines.

    Doing it twice does no harm: what stands right is not touched.
    """
    return sum(_mend(pk, at) for pk in sorted(auditor.broken(at=at)))


@transaction.atomic
def _mend(pk: int, at: datetime) -> bool:
    """Go back to the first rung that was left behind, and look at the deadline at once.

    Where a later rung has told somebody already, the one left behind is recorded as overtaken.
    """
    running = Deadline.objects.filter(auditor.RUNNING, pk=pk).select_related("case")
    deadline = running.select_for_update(of=("self",), no_key=True).first()
    if deadline is None:
        return False  # it ended meanwhile
    changed = datetime.fromisoformat(deadline.ledger[-1]["at"])
    place = calendar.calendar_of(deadline.case.area_id)
    kept = RungRecord.objects.filter(deadline=deadline, repeat=0, at__gte=changed)
    recorded = set(kept.values_list("position", flat=True))
    last = max(recorded, default=-1)
    for rung in ladders.get(deadline.ladder_id).rungs.all():
        planned = auditor.planned_at(place, deadline.due_on, rung)
        if rung.position in recorded or not changed < planned <= at:
            continue
        if rung.position > last:
            deadline.rung = min(deadline.rung, rung.position)
            continue
        RungRecord.objects.create(
            deadline=deadline,
            position=rung.position,
            outcome=RungRecord.Outcome.SKIPPED,
            reason=Reason.OVERTAKEN,
            planned_at=planned,
            at=at,
        )
    deadline.next_at = at
    deadline.save(update_fields=["rung", "next_at"])
    return True
