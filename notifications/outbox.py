"""The outbox: what somebody is to be told, written in the transaction that caused it.

Nothing is sent here: `notifications.delivery` does that once the transaction is through, so a
message is never lost and never about something that did not happen (DESIGN 4).
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
    to_id: int | None
    endpoint_id: int | None
    channel: str
    template: str
    context: dict[str, Any]
    queued_at: str
    hold_until: str | None
    urgent: bool


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


def queue(
    *,
    to: Any,
    template: str,
    context: dict[str, Any],
    key: str,
    at: datetime,
    hold_until: datetime | None = None,
    urgent: bool = False,
    channel: str = "",
) -> None:
    """Queue one message as `message` takes it; a second one with the same `key` is quietly the
    first.

    Raises:
        ValueError: no such template.
    """
    queue_many(
        [
            message(
                to=to,
                template=template,
                context=context,
                key=key,
                at=at,
                hold_until=hold_until,
                urgent=urgent,
                channel=channel,
            )
        ]
    )


def queue_many(messages: Iterable[Row]) -> None:
    """Queue many messages, made by `message`, in one INSERT; known keys are left alone.

    The rows travel as one JSON document: far faster than a parameter for each value.
    """
    if not messages:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_message (key, to_id, endpoint_id, channel, template, "
            "context, queued_at, try_at, attempts, error, hold_until, urgent, bell, bundle) "
            "SELECT key, to_id, endpoint_id, coalesce(nullif(channel, ''), %s), template, "
            "context, queued_at, now(), 0, '', hold_until, urgent, to_id IS NOT NULL, '' "
            "FROM json_to_recordset(%s) AS row(key text, to_id bigint, endpoint_id bigint, "
            "channel text, template text, context jsonb, queued_at timestamptz, "
            "hold_until timestamptz, urgent boolean) ON CONFLICT (key) DO NOTHING",
            [Message.Channel.EMAIL, json.dumps(list(messages))],
        )


def message(
    *,
    to: Any = None,
    endpoint: Any = None,
    template: str,
    context: dict[str, Any],
    key: str,
    at: datetime,
    hold_until: datetime | None = None,
    urgent: bool = False,
    channel: str = "",
) -> Row:
    """A message that is not yet written: for `queue_many`.

    Args:
        to: the receiver, a user or its key; None for another system.
        endpoint: the other system's `Endpoint` or its key, with channel WEBHOOK.
        template: one of TEMPLATES.
        context: plain JSON: case, title, step, area, due_on, late_days, who, reason, url. Names
            stand in every language ({"th": …, "lo": …, "en": …}), dates in ISO form; the
            message is worded in the receiver's language when it is sent.
        key: names the matter, at most 120 characters.
        at: business time.
        hold_until: not sent before this business time; None is at once.
        urgent: told in quiet hours as well, and never together with others.
        channel: one of Message.Channel; "" is as the receiver chose.

    Raises:
        ValueError: no such template.
    """
    if template not in TEMPLATES:
        raise ValueError(f"no message template {template!r}")
    return Row(
        key=key,
        to_id=getattr(to, "pk", to),
        endpoint_id=getattr(endpoint, "pk", endpoint),
        channel=channel,
        template=template,
        context=context,
        queued_at=at.isoformat(),
        hold_until=hold_until.isoformat() if hold_until else None,
        urgent=urgent,
    )
