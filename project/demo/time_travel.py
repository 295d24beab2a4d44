"""The demonstration's clock: business time that a visitor moves ahead, never back.

The offset stands in the database, so that web, worker and beat live in the same time.
"""

from datetime import datetime, time, timedelta
from time import monotonic

from django.db import transaction
from django.utils import timezone

from cases import clock
from cases.tasks import sweep
from notifications.tasks import deliver
from project.demo.models import ClockOffset
from workflows.tasks import wake

MOST_DAYS = 100
"""As far as one step may go: each day is lived through, and the visitor waits for it."""

_MORNING = time(9, 0)  # rungs are due at 08:30: a visitor sees them when the day begins
_KEEP_SECONDS = 1.0
_ROW = 1

_kept: tuple[float, timedelta] | None = None


def offset() -> timedelta:
    """How far business time is ahead; asks the database at most once a second."""
    global _kept
    if _kept is None or monotonic() - _kept[0] > _KEEP_SECONDS:
        ahead = ClockOffset.objects.filter(pk=_ROW).values_list("ahead", flat=True).first()
        _kept = monotonic(), ahead or timedelta(0)
    return _kept[1]


def advance(days: int) -> int:
    """Live through the next `days` days, morning by morning; returns how many e-mails were sent.

    Each morning does what beat does: reminders and escalations are swept, waits that are over
    end, and messages are delivered. So they arrive in order, dated on their day.

    Raises:
        ValueError: `days` is not between 1 and MOST_DAYS.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"between 1 and {MOST_DAYS} days, not {days}")
    sent = 0
    for _ in range(days):
        _go_to_next_morning()
        sweep()
        wake()
        sent += deliver()
    return sent


def _go_to_next_morning() -> None:
    global _kept
    with transaction.atomic():
        ClockOffset.objects.get_or_create(pk=_ROW)
        row = ClockOffset.objects.select_for_update().get(pk=_ROW)
        here = timezone.localtime(timezone.now() + row.ahead)
        morning = datetime.combine(here.date() + timedelta(days=1), _MORNING, here.tzinfo)
        row.ahead += morning - here
        row.save()
    _kept = monotonic(), row.ahead


def install() -> None:
    """Let the whole process live in the demonstration's time."""
    clock.use_offset(offset)
