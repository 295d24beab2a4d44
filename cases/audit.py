"""The audit trail: the only place that writes events (DESIGN 3, handbook 8 rule 10)."""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from cases import chain, clock, outward
from cases.models.case import Case
from cases.models.event import Event, EventKind, EventText

# One statement for the head, the event and its text. The head is moved only from where the
# caller saw it: whoever forgot to lock the case is refused instead of forking the chain.
RECORD = """
WITH head AS (
    UPDATE cases_case SET event_count = %(number)s, event_hash = %(hash)s
    WHERE id = %(case_id)s AND event_count = %(number)s - 1 AND event_hash = %(previous_hash)s
    RETURNING id
), added AS (
    INSERT INTO cases_event
        (case_id, number, kind, at, by_id, post_id, step, codes, text_digest, previous_hash, hash)
    SELECT id, %(number)s, %(kind)s, %(at)s::timestamptz, %(by)s::bigint, %(post)s::bigint,
        %(step)s, %(codes)s::jsonb, %(text_digest)s, %(previous_hash)s, %(hash)s FROM head
    RETURNING id
), kept AS (
    INSERT INTO cases_eventtext (event_id, salt, body)
    SELECT id, %(salt)s, %(body)s::jsonb FROM added WHERE %(salt)s <> ''
)
SELECT id FROM added
"""


class StaleHeadError(RuntimeError):
    """The case was read before somebody else wrote an event: it was not locked."""


def record(
    case: Case,
    kind: EventKind,
    *,
    by: Any = None,
    post: Any = None,
    step: str = "",
    codes: Mapping[str, Any] | None = None,
    text: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Write one event of `case` and move the case's head; one SQL statement.

    The caller holds the case's row lock in an open transaction. `codes` keeps ids and codes
    only; names, reasons and other personal data or free text go into `text`, which can be
    erased. Neither may hold floating-point numbers (TypeError). `at` is an aware time, default
    now. Raises StaleHeadError when `case` is not as it stands in the database.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is written in the transaction of what it tells of")
    values, salt, body = _linked(case, kind, by, post, step, codes, text, at)
    event = _insert(case, values, salt, body)
    case.event_count, case.event_hash = event.number, event.hash
    outward.tell([(case, event)])
    return event


def first_of(
    case: Case,
    kind: EventKind,
    *,
    by: Any = None,
    post: Any = None,
    step: str = "",
    codes: Mapping[str, Any] | None = None,
    text: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> EventText:
    """As `record`, for a case that is not stored yet: sets its head and writes nothing.

    Returns the event with its text (`event`), for `keep_firsts` once the case has its key.
    """
    values, salt, body = _linked(case, kind, by, post, step, codes, text, at)
    case.event_count, case.event_hash = values["number"], values["hash"]
    values["by_id"], values["post_id"] = values.pop("by"), values.pop("post")
    return EventText(event=Event(case=case, **values), salt=salt, body=body)


def keep_firsts(told: Iterable[EventText]) -> None:
    """Write the first events of new cases, made by `first_of`: two statements for all."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event is written in the transaction of what it tells of")
    told = list(told)
    for each in told:
        each.event.case_id = each.event.case.pk
    Event.objects.bulk_create([each.event for each in told])
    for each in told:
        each.event_id = each.event.pk
    EventText.objects.bulk_create([each for each in told if each.salt])
    outward.tell((each.event.case, each.event) for each in told)


def _linked(
    case: Case,
    kind: EventKind,
    by: Any,
    post: Any,
    step: str,
    codes: Mapping[str, Any] | None,
    text: Mapping[str, Any] | None,
    at: datetime | None,
) -> tuple[dict[str, Any], str, Any]:
    """The values of the event that follows on the head of `case`, its salt and its text."""
    body = chain.plain(text or {})
    salt = secrets.token_hex(32) if body else ""
    values: dict[str, Any] = {
        "number": case.event_count + 1,
        "kind": EventKind(kind).value,
        "at": at or clock.now(),
        "by": by.pk if by else None,
        "post": post.pk if post else None,
        "step": step,
        "codes": chain.plain(codes or {}),
        "text_digest": chain.digest(salt, body) if body else "",
        "previous_hash": case.event_hash,
    }
    values["hash"] = chain.link(case=case.number, **values)
    return values, salt, body


def _insert(case: Case, values: dict[str, Any], salt: str, body: Any) -> Event:
    stored = {"codes": json.dumps(values["codes"]), "salt": salt, "body": json.dumps(body)}
    with connection.cursor() as cursor:
        cursor.execute(RECORD, {**values, **stored, "case_id": case.pk})
        row = cursor.fetchone()
    if row is None:
        raise StaleHeadError(f"case {case.number} has moved on from event {case.event_count}")
    named = {**values, "by_id": values["by"], "post_id": values["post"]}
    del named["by"], named["post"]
    event = Event(pk=row[0], case_id=case.pk, **named)
    event._state.adding, event._state.db = False, connection.alias
    return event


def erase(event: Event, by: Any, reason_code: str, *, at: datetime | None = None) -> Event:
    """Erase the free text and personal data of `event`; the event itself and its hash stay.

    Writes a TEXT_ERASED event that names the erased one and the reason's code; the chain then
    accepts the missing text. Takes the case's lock; the caller has opened a transaction.
    Raises EventText.DoesNotExist when the event has no text (any more).
    """
    head = Case.objects.only("number", "procedure", "area", "state", "event_count", "event_hash")
    case = head.select_for_update(no_key=True).get(pk=event.case_id)
    EventText.objects.get(event=event).delete()
    codes = {"event": event.number, "reason": reason_code}
    return record(case, EventKind.TEXT_ERASED, by=by, step=event.step, codes=codes, at=at)
