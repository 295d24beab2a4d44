"""Watching the machine room: who has finished a run lately, and telling the world outside.

Every part that works in the background leaves a note of the time when a run of it ended well, by
the database's clock. Notes that grow old are how a dead beat, worker or broker is found out.
"""

import logging
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from celery.signals import task_success
from django.conf import settings
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils import timezone

from cases import alarms, auditor, clock, unstaffed
from cases.alarms import Finding, Kind
from project.models import Heartbeat

log = logging.getLogger(__name__)

AUDITOR = "auditor"
AUDITED = "audited"
"""The business time of the last audit; all other notes are of machine time."""

PARTS = {"cases.tasks.sweep": "sweep", "cases.tasks.deliver": "deliver"}
"""Tasks and the names of their notes."""

OUTBOX_PATIENCE = timedelta(minutes=15)
"""How long a message may be due before somebody tries to send it."""

LONG_AGO = timedelta(days=36500)

OUTSIDE_SECONDS = 5  # how long the monitor outside is waited for


def note(name: str, at: Any = None) -> None:
    """Keep that the part `name` has just finished a run."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=at or Now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


@task_success.connect
def note_success(sender: Any = None, **_signal: Any) -> None:
    """After each run of a watched task that ended well."""
    if name := PARTS.get(getattr(sender, "name", "")):
        note(name)


def ages() -> dict[str, timedelta]:
    """How old each note is, by the database's clock."""
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    return dict(Heartbeat.objects.exclude(name=AUDITED).values_list("name", age))


def patience(name: str) -> timedelta:
    """How old the note of a part may be before it counts as standing still."""
    tick = settings.AUDIT_SECONDS if name == AUDITOR else settings.SWEEP_SECONDS
    return timedelta(seconds=max(3 * tick, settings.STANDSTILL_SECONDS))


def escalation() -> str:
    """In a word for /readyz: "ok" while no alarm is open and the auditor looks."""
    age = ages().get(AUDITOR)
    if age is None:
        return "no audit yet"
    if age > patience(AUDITOR):
        return f"last audit {age.total_seconds():.0f} seconds ago"
    count = alarms.red().count()
    return f"{count} open alarms" if count else "ok"


def audit() -> list[Finding]:
    """Look for everything that is wrong, keep it as alarms, and tell the monitor outside.

    Returns what was found.
    """
    at, now = clock.now(), timezone.now()
    before = Heartbeat.objects.filter(name=AUDITED).values_list("at", flat=True).first()
    since = before or at - LONG_AGO  # at the first start nothing has had its second look
    found = [
        *auditor.findings(at=at, since=since),
        *unstaffed.findings(day=clock.day_of(at)),
        *_standing_still(first=before is None),
        *_outbox_still(now, auditor.looked_at(at, since)),
    ]
    alarms.keep(found, now=now)
    note(AUDITED, at)
    note(AUDITOR)
    tell_outside()
    return found


def tell_outside() -> bool:
    """Call HEARTBEAT_URL while no alarm is open: silence is the alarm there. Never raises."""
    if not settings.HEARTBEAT_URL or alarms.red().exists():
        return False
    try:
        with urllib.request.urlopen(settings.HEARTBEAT_URL, timeout=OUTSIDE_SECONDS):  # noqa: S310
            return True
    except (OSError, ValueError) as error:
        log.warning("the heartbeat outside was not told: %s", type(error).__name__)
        return False


def _standing_still(*, first: bool) -> Iterator[Finding]:
    """Sweep and delivery without a run that ended well for too long.

    A part that has never finished a run may only be so young in the `first` audit of all.
    """
    old = ages()
    for name in PARTS.values():
        if (name not in old and not first) or old.get(name, timedelta(0)) > patience(name):
            yield Finding(Kind.PART_STILL, name, facts={"part": name})


def _outbox_still(now: datetime, by: datetime) -> Iterator[Finding]:
    """Messages that nobody tries to send, not held back at the business time `by`."""
    count = auditor.on_their_way(by).filter(try_at__lte=now - OUTBOX_PATIENCE).count()
    if count:
        yield Finding(Kind.OUTBOX_STILL, "outbox", facts={"count": count})
