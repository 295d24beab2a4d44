"""Acknowledging a deadline: "I have seen this" (DESIGN 4).

It stops that the rung which told last is told again, and nothing else: the day on which it is due
stays, and the rungs to come are climbed. It writes no event of the case, since nothing of the case
changes; its record stands with the rungs.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import calendar, ladders, subjects
from cases.models import Deadline, RungRecord, User
from cases.reach import Reach
from cases.timetable import Standing, Timetable


class NotAcknowledged(Exception):
    """It was not acknowledged; nothing was changed. `text` says why in the reader's language."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class AlreadyAcknowledged(NotAcknowledged):
    """It was acknowledged already, by whoever has the key `by`."""

    def __init__(self, text: str, by: int | None) -> None:
        super().__init__(text)
        self.by = by


class NothingToAcknowledge(NotAcknowledged):
    """Nobody has been told yet, or the deadline has ended."""


class NotTold(NotAcknowledged):
    """The person was neither told of the deadline nor has the work."""


@transaction.atomic
def acknowledge(deadline: Deadline, by: User, at: datetime) -> RungRecord:
    """Keep that `by` has seen what was told last of `deadline`, at business time `at`.

    Of two at once the first one stands. Where no work follows, the rung is told again
    (`timetable.COMES_BACK_AFTER`).

    Raises NotAcknowledged: one of the kinds above.
    """
    locked = Deadline.objects.select_for_update(no_key=True).get(pk=deadline.pk)
    told = told_last(locked)
    if locked.closed_at is not None or told is None:
        raise NothingToAcknowledge(_("There is nothing to acknowledge here now."))
    if locked.acknowledged_at is not None:
        raise AlreadyAcknowledged(_already(locked), locked.acknowledged_by_id)
    role = _role_of(locked, by, at)
    if role is None:
        raise NotTold(_("Only who was told of this, or has the work, can acknowledge it."))
    if locked.next_at is not None:
        locked.next_at = _next_at(locked, at)
    locked.acknowledged_at, locked.acknowledged_by = at, by
    locked.save(update_fields=["next_at", "acknowledged_at", "acknowledged_by"])
    return RungRecord.objects.create(
        deadline=locked,
        position=told.position,
        repeat=told.repeat,
        role=role,
        receiver=by,
        outcome=RungRecord.Outcome.ACKNOWLEDGED,
        planned_at=told.planned_at,
        at=at,
    )


def may_acknowledge(deadline: Deadline, user: User, at: datetime) -> bool:
    """Whether `acknowledge` would take it from `user` now; at most five queries."""
    if deadline.closed_at is not None or deadline.acknowledged_at is not None:
        return False
    return told_last(deadline) is not None and _role_of(deadline, user, at) is not None


def told_last(deadline: Deadline) -> RungRecord | None:
    """The record of who was told last of `deadline`; None while nobody was."""
    fired = RungRecord.objects.filter(deadline=deadline, outcome=RungRecord.Outcome.FIRED)
    return fired.order_by("-pk").first()


def _role_of(deadline: Deadline, user: User, at: datetime) -> str | None:
    """As what `user` may acknowledge: told for which role, or as the doer; None for neither."""
    if not user.is_active:
        return None
    told = RungRecord.objects.filter(
        deadline=deadline, receiver=user, outcome=RungRecord.Outcome.FIRED
    )
    newest = told.order_by("-pk").first()
    if newest is not None:
        return newest.role
    subject = subjects.read([deadline])[deadline.pk]
    doers = Reach([subject], timezone.localdate(at)).doers(subject)
    return subject.role if user.pk in {doer.pk for doer in doers} else None


def _next_at(deadline: Deadline, at: datetime) -> datetime | None:
    ladder, place = ladders.get(deadline.ladder_id), calendar.calendar_of(deadline.case.area_id)
    table = Timetable(ladder, list(ladder.rungs.all()), place, deadline.due_on)
    standing = Standing(deadline.rung, deadline.repeats, deadline.next_at)
    return table.after_acknowledging(standing, at)


def _already(deadline: Deadline) -> str:
    return _("%(name)s has acknowledged this already.") % {"name": deadline.acknowledged_by}
