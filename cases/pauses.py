"""Deadlines that rest: while a case is returned, or waits for an outside party (handbook 4.3, 8.5).

The days of a pause do not count where a rule counts days; a legal day stays. Nobody is told of
a deadline that rests. Whoever calls holds the lock of the case.
"""

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from cases import deadlines, ledger, moving
from cases.models import Case, Deadline

RETURNED, WAITING = "returned", "waiting"
"""Why a deadline rests, as its ledger keeps it."""


# One statement, since a return has few to spare. Where the ladder stood goes into the ledger.
PAUSE = (
    deadlines.HELD
    + """
UPDATE cases_deadline AS deadline SET paused_at = %(at)s, next_at = NULL,
    ledger = ledger || jsonb_build_object(
        'at', %(at_text)s::text, 'what', 'paused', 'on', %(day)s::text, 'why', %(why)s::text,
        'due', due_on, 'next_at', next_at
    )
FROM held WHERE deadline.id = held.id AND paused_at IS NULL
"""
)


def pause(case: Case, *, at: datetime, why: str) -> None:
    """Let every running deadline of `case` rest from `at` on; one that rests already goes on so."""
    day = timezone.localdate(at).isoformat()
    values: dict[str, Any] = {
        "case": case.pk,
        "items": [],
        "at": at,
        "at_text": at.isoformat(),
        "day": day,
        "why": why,
    }
    with connection.cursor() as cursor:
        cursor.execute(PAUSE, values)


def resume(case: Case, *, at: datetime) -> None:
    """Let what rests go on at `at`, with as much time as was left of it."""
    for deadline in moving.running(case, paused_at__isnull=False):
        _resume(deadline, case, at)


def _resume(deadline: Deadline, case: Case, at: datetime) -> None:
    """Where the day stays, the ladder goes on where it stood, so that no rung is lost."""
    paused = next(entry for entry in reversed(deadline.ledger) if entry["what"] == "paused")
    today, before = timezone.localdate(at), deadline.due_on
    entry = {"at": at.isoformat(), "what": "resumed", "on": today.isoformat()}
    deadline.ledger.append(entry | {"why": paused["why"]})
    deadline.paused_at = None
    day = deadlines.due_of(deadline, case)
    if day == before and day.isoformat() == paused["due"]:
        told_at = paused["next_at"]
        deadline.next_at = datetime.fromisoformat(told_at) if told_at else None
        deadline.save(update_fields=["ledger", "paused_at", "next_at"])
        return
    if day > before:
        counts_from = max(before, today - date.resolution)
        deadline.ledger += ledger.until(case.area_id, deadline.rule, counts_from, day, at)
    moving.move(deadline, case, day, at=at)
