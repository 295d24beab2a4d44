"""Alarms: what the auditor found, each once, open until it is found no more (DESIGN 4)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Alarm


class Kind:
    """What can be wrong (`Alarm.kind`); docs/operations/README.md has a row for each."""

    RUNG_MISSED = "rung_missed"  # left behind without a record
    RUNG_LATE = "rung_late"  # its time is over and no sweep climbed it
    LADDER_STOPPED = "ladder_stopped"  # rungs are left and no time is set for the next one
    MESSAGE_MISSING = "message_missing"  # recorded as told, but nothing stands in the outbox
    MESSAGE_OPEN = "message_open"  # told long ago, and still not delivered
    OUTBOX_STILL = "outbox_still"  # messages are due and nobody tries to send them
    PART_STILL = "part_still"  # the sweep or the delivery has not finished a run for too long
    EMPTY_POST = "empty_post"  # a role in the line of running deadlines that nobody holds
    NO_ADDRESS = "no_address"  # somebody has work and no address


# Nothing is broken when a post is empty or somebody has no address: the ladder tells the next
# person above at once. Somebody in the office has to mend it, so it is a notice and no alarm.
NOTICES = frozenset({Kind.EMPTY_POST, Kind.NO_ADDRESS})

TITLES = {
    Kind.RUNG_MISSED: _("Rungs were left behind without telling anybody"),
    Kind.RUNG_LATE: _("Rungs are due and nobody was told"),
    Kind.LADDER_STOPPED: _("Deadlines whose ladder stands still"),
    Kind.MESSAGE_MISSING: _("People were recorded as told, but there is no message"),
    Kind.MESSAGE_OPEN: _("Messages have not been delivered for hours"),
    Kind.OUTBOX_STILL: _("Messages wait and nobody sends them"),
    Kind.PART_STILL: _("A part of Sajja stands still"),
    Kind.EMPTY_POST: _("A post in the line is empty"),
    Kind.NO_ADDRESS: _("Somebody has work and no address"),
}


@dataclass(frozen=True)
class Finding:
    """Something that must not be: `ref` says with what, `area` is the code of where, "" of the
    whole installation. `facts` are numbers and keys for the page, never names.
    """

    kind: str
    ref: str
    area: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.ref}"


@transaction.atomic
def keep(findings: Iterable[Finding], *, now: datetime) -> list[Alarm]:
    """Open an alarm for each new finding, note that older ones were seen again, clear the rest.

    `now` is the machine's time. Returns the alarms that are open. Of two that run at once the
    second waits for the first; the same findings twice change nothing but `last_seen_at`.
    """
    found = {finding.key: finding for finding in findings}
    opened = {alarm.key: alarm for alarm in Alarm.objects.select_for_update().filter(OPEN)}
    gone = [alarm.pk for key, alarm in opened.items() if key not in found]
    Alarm.objects.filter(pk__in=gone).update(cleared_at=now)
    for key in found.keys() & opened.keys():
        opened[key].facts, opened[key].last_seen_at = _facts(found[key]), now
    Alarm.objects.bulk_update(
        [opened[key] for key in found.keys() & opened.keys()], ["facts", "last_seen_at"], 500
    )
    new = [
        Alarm(key=key, kind=f.kind, facts=_facts(f), seen_at=now, last_seen_at=now)
        for key, f in found.items()
        if key not in opened
    ]
    Alarm.objects.bulk_create(new, ignore_conflicts=True)  # another audit may have been quicker
    return list(Alarm.objects.filter(OPEN))


OPEN = Q(cleared_at__isnull=True)


def red() -> QuerySet[Alarm]:
    """The open alarms for which the installation counts as not ready."""
    return Alarm.objects.filter(OPEN).exclude(kind__in=NOTICES)


def _facts(finding: Finding) -> dict[str, Any]:
    return {**finding.facts, "area": finding.area}
