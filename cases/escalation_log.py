"""The proof of a deadline: what became of each rung of its ladder, and what is planned (DESIGN 4).

The future is asked of the same code that will climb, for the posts as they are held today; the
past is read from the records of the sweep and the rows of the outbox.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases import clock, deadlines, escalation_words, ladders, subjects
from cases.climb import Record, climb
from cases.escalation_words import TOO_LATE_TO_TELL, Status
from cases.models import Deadline, Rung, RungRecord
from cases.reach import Reach
from cases.roles import Role
from cases.timetable import Standing, Timetable
from notifications.models import Message

# What whoever asks for a proof selects with the deadline.
WITH = (
    "case__area__parent__parent__parent",
    "case__party",
    "work_item__owner",
    "acknowledged_by",
)


@dataclass(frozen=True)
class Line:
    """Somebody who is, was or was not told: `at` is when that happened, None while it has not."""

    status: Status
    who: str = ""
    role: str = ""
    at: datetime | None = None
    why: str = ""


@dataclass
class RungLog:
    """One rung at one time: `planned` while that time is to come."""

    title: str
    at: datetime | None
    planned: bool
    repeat: int = 0
    lines: list[Line] = field(default_factory=list)


def proof(deadline: Deadline) -> dict[str, Any]:
    """What `workflows/deadline_proof.html` shows of `deadline`, in at most five queries.

    `rungs` are `RungLog`s in the order of their times, `acknowledged` is {who, at} or None.
    Expects `WITH` to be selected with it.
    """
    rungs = list(ladders.get(deadline.ladder_id).rungs.all())
    climbed = _climbed(deadline, rungs)
    told = {position for position, _log in climbed}
    logs = [log for _position, log in climbed]
    logs += [
        _passed(deadline, rung)
        for rung in rungs
        if rung.position < deadline.rung and rung.position not in told
    ]
    logs.sort(key=lambda log: (log.at is None, log.at))
    return {
        "rungs": logs + _to_come(deadline, rungs),
        "acknowledged": _acknowledged(deadline),
        "paused": deadline.paused_at is not None and deadline.closed_at is None,
        "closed_at": deadline.closed_at,
    }


def _climbed(deadline: Deadline, rungs: list[Rung]) -> list[tuple[int, RungLog]]:
    """What was recorded, by rung, planned time and repeat, each with its position."""
    records = list(
        RungRecord.objects.filter(deadline=deadline).select_related("receiver").order_by("pk")
    )
    by_key = messages_of(records)
    titles = {rung.position: escalation_words.offset(rung) for rung in rungs}
    logs: dict[tuple[int, datetime, int], RungLog] = {}
    for record in records:
        same = (record.position, record.planned_at, record.repeat)
        title = titles.get(record.position, "")
        log = logs.setdefault(same, RungLog(title, record.planned_at, False, record.repeat))
        log.lines.append(line(record, by_key.get(record.message_key)))
    return [(position, log) for (position, _at, _repeat), log in logs.items()]


def messages_of(records: Iterable[RungRecord]) -> dict[str, Message]:
    """The outbox's rows of `records` by the keys that these name, in one query.

    Who hears by two channels has a second row; the one that arrived counts.
    """
    keys = {record.message_key for record in records} - {""}
    seconds = {f"{key}:{Message.Channel.LINE}": key for key in keys}
    found: dict[str, Message] = {}
    for message in Message.objects.filter(key__in=keys | seconds.keys()).order_by("pk"):
        first = found.setdefault(seconds.get(message.key, message.key), message)
        if first.sent_at is None and message.sent_at:
            found[seconds.get(message.key, message.key)] = message
    return found


def line(record: RungRecord, message: Message | None) -> Line:
    """One record in words, with how far its message has come."""
    status, at = escalation_words.status_of(record, message), record.at
    why = escalation_words.reason(record.reason) if record.reason else ""
    if message is not None and status == Status.NOT_DELIVERED:
        at, why = message.given_up_at or at, escalation_words.failure(message.error)
    elif message is not None and status == Status.WAITING and message.attempts:
        why = escalation_words.failure(message.error)
    elif message is not None and message.sent_at:
        at = message.sent_at
    return Line(status, str(record.receiver or ""), role_name(record.role), at, why)


def role_name(code: str) -> str:
    """The name of a role; nothing for none."""
    return str(Role(code).label) if code in Role.values else ""


def _passed(deadline: Deadline, rung: Rung) -> RungLog:
    """A rung that was left behind without telling anybody."""
    at = deadlines.planned_at(deadline.case.area_id, deadline.due_on, rung)
    why = escalation_words.reason(TOO_LATE_TO_TELL)
    return RungLog(escalation_words.offset(rung), at, False, lines=[Line(Status.SKIPPED, why=why)])


def _to_come(deadline: Deadline, rungs: list[Rung]) -> list[RungLog]:
    """The repeat and the rungs ahead: who would be told when, as the posts are held today."""
    if deadline.closed_at is not None:
        return []
    ladder, place = ladders.get(deadline.ladder_id), deadline.case.area_id
    standing = Standing(deadline.rung, deadline.repeats, deadline.next_at)
    ahead = Timetable(ladder, rungs, place, deadline.due_on).ahead(standing)
    if not ahead:
        return []
    subject = subjects.read([deadline])[deadline.pk]
    reach = Reach([subject], clock.today())
    line_up = ladder.line.get(place[:2], [])
    paused = deadline.paused_at is not None
    return [
        RungLog(
            escalation_words.offset(call.rung),
            None if paused else call.planned_at,
            planned=True,
            repeat=call.repeat,
            lines=[
                _planned(record, reach)
                for record in climb(subject, [call], line_up, reach, call.planned_at).records
            ],
        )
        for call in ahead
    ]


def _planned(record: Record, reach: Reach) -> Line:
    """Somebody who would be told, or passed over, if it were time now."""
    told = record["outcome"] == RungRecord.Outcome.FIRED
    person = reach.person(record["receiver_id"] or 0)
    return Line(
        Status.PLANNED if told else Status.SKIPPED,
        person.name if person else "",
        role_name(record["role"]),
        why=escalation_words.reason(record["reason"]) if record["reason"] else "",
    )


def _acknowledged(deadline: Deadline) -> dict[str, Any] | None:
    """Who said that they know, and when: it stops the repeats, not the clock."""
    if deadline.acknowledged_at is None:
        return None
    return {"who": str(deadline.acknowledged_by or ""), "at": deadline.acknowledged_at}
