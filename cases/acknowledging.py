"""Acknowledging a deadline: "I have seen this" (DESIGN 4).

It stops that the rung which told last is told again, and nothing else: the day on which it is due
stays, and the rungs to come are climbed. It writes no event of the case, since nothing of the case
changes; its record stands with the rungs.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import calendar, ladders, people
from cases.models import Deadline, RungRecord, User, WorkItem
from cases.models.work_item import OPEN
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
    """Nobody has been told yet, or the deadline rests or has ended."""


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
    fired = RungRecord.objects.filter(deadline=locked, outcome=RungRecord.Outcome.FIRED)
    told = fired.order_by("-pk").first()
    if told is None or locked.closed_at is not None or locked.paused_at is not None:
        raise NothingToAcknowledge(_("There is nothing to acknowledge here now."))
    if locked.acknowledged_at is not None:
        raise AlreadyAcknowledged(_already(locked), locked.acknowledged_by_id)
    role = acknowledgeable([locked], by, at).get(locked.pk)
    if role is None:
        raise NotTold(_("Only who was told of this, or has the work, can acknowledge it."))
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


def acknowledgeable(deadlines: Iterable[Deadline], user: User, at: datetime) -> dict[int, str]:
    """Which of `deadlines` the user may acknowledge at `at`, and as what: by key, the role.

    Those of which somebody was told: if it was the user, or if the user has the work. Selects
    `case` and `work_item` where they were not; two queries, one more where there are spans.
    """
    open_ = {
        each.pk: each
        for each in deadlines
        if user.is_active and not (each.closed_at or each.paused_at or each.acknowledged_at)
    }
    fired = RungRecord.objects.filter(deadline__in=open_, outcome=RungRecord.Outcome.FIRED)
    roles: dict[int, str] = {}
    others: set[int] = set()
    for pk, receiver, role in fired.order_by("pk").values_list("deadline", "receiver", "role"):
        if receiver == user.pk:
            roles[pk] = role
        others.add(pk)
    spans = _spans_of(user, [open_[pk] for pk in others])
    for pk in others - set(roles):
        as_doer = _as_doer(open_[pk], user, at, spans)
        if as_doer is not None:
            roles[pk] = as_doer
    return roles


def _as_doer(deadline: Deadline, user: User, at: datetime, spans: set[int]) -> str | None:
    """The role in which the user has the work, or may take it; None for neither."""
    item = deadline.work_item
    if item is None:
        own, free, role, area = deadline.pk in spans, True, deadline.role, deadline.case.area_id
    else:
        own, free = item.owner_id == user.pk, item.owner_id is None
        role, area = item.role, item.area_id
    if own or (free and people.post_for(user, role, area, timezone.localdate(at))):
        return role
    return None


def _spans_of(user: User, deadlines: Iterable[Deadline]) -> set[int]:
    """Those without a work item in whose case the user has an open step of the role."""
    spans = {(each.case_id, each.role): each.pk for each in deadlines if not each.work_item_id}
    if not spans:
        return set()
    own = WorkItem.objects.filter(OPEN, owner=user, process__in={case for case, _role in spans})
    held = own.values_list("process", "role")
    return {spans[case, role] for case, role in held if (case, role) in spans}


def _next_at(deadline: Deadline, at: datetime) -> datetime | None:
    ladder, place = ladders.get(deadline.ladder_id), calendar.calendar_of(deadline.case.area_id)
    table = Timetable(ladder, list(ladder.rungs.all()), place, deadline.due_on)
    standing = Standing(deadline.rung, deadline.repeats, deadline.next_at)
    return table.after_acknowledging(standing, at)


def _already(deadline: Deadline) -> str:
    return _("%(name)s has acknowledged this already.") % {"name": deadline.acknowledged_by}
