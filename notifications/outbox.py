"""The outbox: what somebody is to be told, written in the transaction that caused it.

Nothing is sent here: `notifications.tasks.deliver` does that once the transaction is through,
so a message is never lost and never about something that did not happen (DESIGN 4).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from notifications.models import Message

TEMPLATES = frozenset(
    {
        "work_opened",
        "returned",
        "reminder",
        "due_today",
        "overdue",
        "escalated",
        "case_ended",
        "decided",
    }
)


def queue(*, to: Any, template: str, context: dict[str, Any], key: str, at: datetime) -> None:
    """Queue one message; a second one with the same `key` is quietly the first.

    Args:
        to: the receiver, a user or its key.
        template: one of TEMPLATES.
        context: plain JSON: case, title, step, area, due_on, late_days, who, reason, url. Names
            stand in every language ({"th": …, "lo": …, "en": …}), dates in ISO form; the
            message is worded in the receiver's language when it is sent.
        key: names the matter, at most 120 characters.
        at: business time.

    Raises:
        ValueError: no such template.
    """
    queue_many([message(to=to, template=template, context=context, key=key, at=at)])


def queue_many(messages: Iterable[Message]) -> None:
    """Queue many messages, made by `message`, in one INSERT; known keys are left alone."""
    Message.objects.bulk_create(list(messages), ignore_conflicts=True)


def message(*, to: Any, template: str, context: dict[str, Any], key: str, at: datetime) -> Message:
    """A message as `queue` takes it, not yet written: for `queue_many`."""
    if template not in TEMPLATES:
        raise ValueError(f"no message template {template!r}")
    return Message(
        to_id=getattr(to, "pk", to), template=template, context=context, key=key, queued_at=at
    )
