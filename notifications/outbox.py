"""The outbox: what somebody is to be told, written in the transaction that caused it.

Nothing is sent here: `notifications.delivery` does that once the transaction is through, so a
message is never lost and never about something that did not happen (DESIGN 4).
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict

from django.conf import settings
from django.db import connection

from notifications import choices


class Row(TypedDict):
    """A message that is not yet written."""

    key: str
    to_id: int | None
    endpoint_id: int | None
    channel: str
    kind: str
    template: str
    context: dict[str, Any]
    queued_at: str
    hold_until: str | None
    urgent: bool
    together: bool
    bell: bool


_INSERT = """
INSERT INTO notifications_message (key, to_id, endpoint_id, channel, template, context, queued_at,
    try_at, attempts, sent_at, error, hold_until, urgent, bell, bundle)
SELECT CASE WHEN way.nth = 1 THEN key ELSE key || ':' || way.channel END, to_id, endpoint_id,
    way.channel, template, context, queued_at,
    now() + make_interval(secs => CASE WHEN way.channel = 'EMAIL' AND together
        THEN %(window)s ELSE 0 END), 0,
    CASE WHEN way.channel = 'BELL' THEN now() END, '', hold_until, urgent,
    bell AND way.nth = 1, ''
FROM ROWS FROM (json_to_recordset(%(rows)s) AS (key text, to_id bigint, endpoint_id bigint,
    channel text, kind text, template text, context jsonb, queued_at timestamptz,
    hold_until timestamptz, urgent boolean, together boolean, bell boolean))
    WITH ORDINALITY AS row(key, to_id, endpoint_id, channel, kind, template, context, queued_at,
    hold_until, urgent, together, bell, number)
LEFT JOIN notifications_preference AS chosen
    ON row.channel = '' AND chosen.user_id = row.to_id AND chosen.kind = row.kind
LEFT JOIN notifications_lineaccount AS line
    ON (row.channel = 'LINE' OR chosen.channels ? 'LINE')
    AND line.user_id = row.to_id AND line.line_id IS NOT NULL
CROSS JOIN LATERAL unnest(CASE
    WHEN row.channel NOT IN ('', 'LINE') THEN ARRAY[row.channel]
    WHEN line.id IS NOT NULL AND chosen.channels ? 'EMAIL' THEN '{EMAIL,LINE}'
    WHEN line.id IS NOT NULL THEN '{LINE}'
    WHEN chosen.channels = '[]' THEN '{BELL}'
    ELSE '{EMAIL}' END) WITH ORDINALITY AS way(channel, nth)
ORDER BY row.number, way.nth
ON CONFLICT (key) DO NOTHING
"""
# Who chose LINE and has no linked account hears by e-mail, as does who chose nothing. The rows
# keep the order in which they were given: that is the order under the bell.


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

    A message goes by the channels that its receiver chose: one row for the first, which shows
    under the bell, and one with the key `<key>:LINE` for the second. The rows travel as one JSON
    document: far faster than a parameter for each value.
    """
    if not messages:
        return
    rows = json.dumps(list(messages), ensure_ascii=False)  # half as long in Thai and Lao
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {"rows": rows, "window": settings.BUNDLE_SECONDS})


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
        template: one of `choices.TEMPLATES`; for another system the name of the event.
        context: plain JSON: case, title, step, area, due_on, late_days, who, reason, url. Names
            stand in every language ({"th": …, "lo": …, "en": …}), dates in ISO form; the
            message is worded in the receiver's language when it is sent.
        key: names the matter, at most 115 characters.
        at: business time.
        hold_until: not sent before this business time; None is at once.
        urgent: goes at once and alone, without waiting for other matters of the same person.
        channel: one of Message.Channel; "" is as the receiver chose.

    Raises:
        ValueError: no such template.
    """
    if endpoint is None and template not in choices.TEMPLATES:
        raise ValueError(f"no message template {template!r}")
    kind = choices.KIND_OF.get(template, "")
    return Row(
        key=key,
        to_id=getattr(to, "pk", to),
        endpoint_id=getattr(endpoint, "pk", endpoint),
        channel=channel,
        kind=kind,
        template=template,
        context=context,
        queued_at=at.isoformat(),
        hold_until=hold_until.isoformat() if hold_until else None,
        urgent=urgent,
        together=not urgent and template not in choices.ALONE,
        bell=endpoint is None and template not in choices.ALONE,
    )
