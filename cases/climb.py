"""What becomes of the rungs of one deadline that are due: who is told, who is not and why."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from cases.models import Rung
from cases.reach import Line, Person, Reach
from cases.reasons import Reason
from cases.subjects import Subject
from cases.timetable import Call


class Record(TypedDict):
    """A `RungRecord` that is not yet written."""

    deadline_id: int
    position: int
    repeat: int
    outcome: str
    role: str
    receiver_id: int | None
    reason: str
    message_key: str
    planned_at: str
    at: str


class Told(TypedDict):
    """Somebody who is to be told of a deadline by a rung; `passed_up`: for an empty post below."""

    key: str
    person: Person
    call: Call
    passed_up: bool


def climb(
    subject: Subject, calls: Iterable[Call], line: Line, reach: Reach, at: datetime
) -> "Climb":
    """Whom `calls` tell of the deadline `subject` at `at`; `line` is its country's."""
    climbed = Climb(subject, line, reach, at)
    for call in calls:
        climbed.answer(call)
    return climbed


class Climb:
    """One deadline on its ladder at `at`: fills `records` and `told`, writes nothing."""

    def __init__(self, subject: Subject, line: Line, reach: Reach, at: datetime) -> None:
        self.records: list[Record] = []
        self.told: list[Told] = []
        self._subject, self._line, self._reach, self._at = subject, line, reach, at.isoformat()
        self._doers = reach.doers(subject)
        self._told: set[int] = set()

    def answer(self, call: Call) -> None:
        """Tell the rung's own level; while nobody there can be told, at once the next above."""
        if call.skipped:
            self._skip(call, call.skipped)
            return
        as_doer = call.rung.receiver == Rung.Receiver.ASSIGNEE
        if as_doer and self._tell_all(call, self._subject.role, self._doers, 0, as_doer):
            return
        for height, level in enumerate(
            self._reach.levels(self._subject, call.rung, self._line), as_doer
        ):
            reached = [self._tell_all(call, role, people, height) for role, people in level]
            if any(reached):
                return
        self._skip(call, Reason.END_OF_LINE)

    def _tell_all(
        self, call: Call, role: str, people: Iterable[Person], height: int, as_doer: bool = False
    ) -> bool:
        """Whether anybody of `people` knows now."""
        if not people:
            self._skip(call, Reason.NOBODY_HOLDS_POST, role)
        told = [self._tell(call, role, person, height, as_doer) for person in people]
        return any(told)  # after all of them were told

    def _tell(self, call: Call, role: str, person: Person, height: int, as_doer: bool) -> bool:
        """Whether `person` knows: by a message now, or by the one of another rung just before."""
        if reason := self._obstacle(call.rung, person, as_doer):
            self._skip(call, reason, role, person.pk)
            return reason == Reason.TOLD_ALREADY
        subject = self._subject
        key = f"rung:{subject.pk}:{call.rung.position}:{subject.due_on}:{call.repeat}:{person.pk}"
        self._told.add(person.pk)
        self.told.append(Told(key=key, person=person, call=call, passed_up=height > 0))
        self._record(call, "FIRED", role, person.pk, call.because, key)
        return True

    def _obstacle(self, rung: Rung, person: Person, as_doer: bool) -> str:
        if not person.is_active:
            return Reason.NOT_ACTIVE
        if not person.can_be_told(rung.channel):
            return Reason.NO_ADDRESS
        if not as_doer and person in self._doers:
            return Reason.IS_THE_DOER
        return Reason.TOLD_ALREADY if person.pk in self._told else ""

    def _skip(self, call: Call, reason: str, role: str = "", receiver: int | None = None) -> None:
        self._record(call, "SKIPPED", role, receiver, reason, "")

    def _record(
        self, call: Call, outcome: str, role: str, receiver: int | None, reason: str, key: str
    ) -> None:
        self.records.append(
            Record(
                deadline_id=self._subject.pk,
                position=call.rung.position,
                repeat=call.repeat,
                outcome=outcome,
                role=role,
                receiver_id=receiver,
                reason=reason,
                message_key=key,
                planned_at=call.planned_at.isoformat(),
                at=self._at,
            )
        )
