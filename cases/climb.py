"""What becomes of the rungs of one deadline that are due: who is told, who is not and why."""

from datetime import datetime
from typing import Any, TypedDict

from django.utils import timezone

from cases import calendar
from cases.matters import matter
from cases.models import Deadline, Rung, User
from cases.reach import Posts, doers, levels
from notifications import outbox

Due = list[tuple[Rung, datetime]]
"""Rungs with the time for which each was planned, in the ladder's order."""


class Reason:
    """Why somebody was passed over (`RungRecord.reason`)."""

    NOBODY_HOLDS_POST = "nobody_holds_post"
    NOT_ACTIVE = "not_active"
    NO_ADDRESS = "no_address"
    IS_THE_DOER = "is_the_doer"  # nobody hears about themselves as somebody's supervisor
    TOLD_ALREADY = "told_already"  # just now, by another rung of the same deadline
    OVERTAKEN = "overtaken"  # a later rung for the same receiver is due as well
    END_OF_LINE = "end_of_line"  # nobody was left to tell


class Record(TypedDict):
    """A `RungRecord` that is not yet written."""

    deadline_id: int
    position: int
    outcome: str
    role: str
    receiver_id: int | None
    reason: str
    message_key: str
    planned_at: str
    at: str


class Climb:
    """One deadline on its ladder at `at`: fills `records` and `messages`, writes nothing."""

    def __init__(self, deadline: Deadline, line: list[list[str]], posts: Posts, at: datetime):
        self.records: list[Record] = []
        self.messages: list[outbox.Row] = []
        self._deadline, self._line, self._posts, self._at = deadline, line, posts, at
        self._doers = [user for users in doers(deadline, posts).values() for user in users]
        self._told: set[int] = set()
        self._context = self._describe()

    def fire(self, due: Due) -> "Climb":
        """Tell whom the rungs in `due` reach; of several for the same receiver only the last."""
        for number, (rung, planned) in enumerate(due):
            if any(_same_receiver(rung, later) for later, _planned in due[number + 1 :]):
                self._skip(rung, planned, Reason.OVERTAKEN)
            else:
                self._fire(rung, planned)
        return self

    def _fire(self, rung: Rung, planned: datetime) -> None:
        """Tell the rung's own level; while nobody there can be told, at once the next above."""
        for height, level in enumerate(levels(self._deadline, rung, self._line, self._posts)):
            reached = False
            for role, users in level.items():
                if not users:
                    self._skip(rung, planned, Reason.NOBODY_HOLDS_POST, role)
                for user in users:
                    reached |= self._tell(rung, planned, role, user, height)
            if reached:
                return
        self._skip(rung, planned, Reason.END_OF_LINE)

    def _tell(self, rung: Rung, planned: datetime, role: str, user: User, height: int) -> bool:
        """Whether `user` knows: by a message now, or by the one of another rung just before."""
        as_doer = rung.receiver == Rung.Receiver.ASSIGNEE and height == 0
        if reason := self._obstacle(user, as_doer):
            self._skip(rung, planned, reason, role, user)
            return reason == Reason.TOLD_ALREADY
        key = f"rung:{self._deadline.pk}:{rung.position}:{user.pk}"
        self._told.add(user.pk)
        self.messages.append(
            outbox.message(
                to=user,
                template=rung.template,
                context={**self._context, "passed_up": height > 0},
                key=key,
                at=self._at,
            )
        )
        self._record(rung, planned, "FIRED", role=role, receiver_id=user.pk, message_key=key)
        return True

    def _obstacle(self, user: User, as_doer: bool) -> str:
        if not user.is_active:
            return Reason.NOT_ACTIVE
        if not user.email:
            return Reason.NO_ADDRESS
        if user in self._doers and not as_doer:
            return Reason.IS_THE_DOER
        return Reason.TOLD_ALREADY if user.pk in self._told else ""

    def _skip(
        self, rung: Rung, planned: datetime, reason: str, role: str = "", user: User | None = None
    ) -> None:
        receiver = user.pk if user else None
        self._record(rung, planned, "SKIPPED", reason=reason, role=role, receiver_id=receiver)

    def _record(
        self,
        rung: Rung,
        planned: datetime,
        outcome: str,
        *,
        role: str,
        receiver_id: int | None,
        reason: str = "",
        message_key: str = "",
    ) -> None:
        self.records.append(
            Record(
                deadline_id=self._deadline.pk,
                position=rung.position,
                outcome=outcome,
                role=role,
                receiver_id=receiver_id,
                reason=reason,
                message_key=message_key,
                planned_at=planned.isoformat(),
                at=self._at.isoformat(),
            )
        )

    def _describe(self) -> dict[str, Any]:
        """The matter, how late it is in working days (before the due day: 0), in whose hands."""
        deadline, item = self._deadline, self._deadline.work_item
        today = timezone.localdate(self._at)
        late = calendar.working_days_between(deadline.case.area_id, deadline.due_on, today)
        return {
            **matter(deadline.case, item.step if item and item.flow_task else ""),
            "due_on": deadline.due_on.isoformat(),
            "days_left": (deadline.due_on - today).days,
            "late_days": max(late, 0),
            "who": item.owner.get_full_name() if item and item.owner else "",
        }


def _same_receiver(one: Rung, other: Rung) -> bool:
    return (one.receiver, one.above) == (other.receiver, other.above)
