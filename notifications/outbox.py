"""The outbox: what somebody is to be told, written in the transaction that caused it.

Nothing is sent here: `notifications.tasks.deliver` does that once the transaction is through,
so a message is never lost and never about something that did not happen (DESIGN 4).
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict

from django.db import connection

from notifications.models import Message


class Row(TypedDict):
    """A message that is not yet written."""

    key: str
    to_id: int
    template: str
    context: dict[str, Any]
    queued_at: str


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
        "not_in",
        "months_missing",
        "invited",
        "password_reset",
        "corrected",
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


def queue_many(messages: Iterable[Row]) -> None:
    """Queue many messages, made by `message`, in one INSERT; known keys are left alone.

    The rows travel as one JSON document: far faster than a parameter for each value.
    """
    if not messages:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_message (key, to_id, channel, template, context, queued_at, "
            "try_at, attempts, error, urgent, bell, bundle) "
            "SELECT key, to_id, %s, template, context, queued_at, now(), 0, '', false, true, '' "
            "FROM json_to_recordset(%s) AS row(key text, to_id bigint, template text, "
            "context jsonb, queued_at timestamptz) ON CONFLICT (key) DO NOTHING",
            [Message.Channel.EMAIL, json.dumps(list(messages))],
        )


def message(*, to: Any, template: str, context: dict[str, Any], key: str, at: datetime) -> Row:
    """A message as `queue` takes it, not yet written: for `queue_many`."""
    if template not in TEMPLATES:
        raise ValueError(f"no message template {template!r}")
    return Row(
        key=key,
        to_id=getattr(to, "pk", to),
        template=template,
        context=context,
        queued_at=at.isoformat(),
    )
