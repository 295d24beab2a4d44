"""How far the demonstration's business time is ahead of the machine's.

It stands in the database, so that web, worker and beat live in the same time.
"""

from datetime import datetime, time, timedelta
from time import monotonic

from django.db import transaction
from django.utils import timezone

from project.demo.models import ClockOffset

_MORNING = time(9, 0)  # rungs are due at 08:30: a visitor sees them when the day begins
_KEEP_SECONDS = 1.0
_ROW = 1

_kept: tuple[float, timedelta] | None = None


def offset() -> timedelta:
    """The offset now; asks the database at most once a second."""
    if _kept is None or monotonic() - _kept[0] > _KEEP_SECONDS:
        ahead = ClockOffset.objects.filter(pk=_ROW).values_list("ahead", flat=True).first()
        return _keep(ahead or timedelta(0))
    return _kept[1]


def go_to_next_morning() -> None:
    """Move business time ahead to 09:00 of the next day, for every process within a second."""
    with transaction.atomic():
        ClockOffset.objects.get_or_create(pk=_ROW)
        row = ClockOffset.objects.select_for_update().get(pk=_ROW)
        here = timezone.localtime(timezone.now() + row.ahead)
        row.ahead += datetime.combine(here + timedelta(days=1), _MORNING, here.tzinfo) - here
        row.save()
    _keep(row.ahead)


def forget() -> None:
    """Ask the database again the next time."""
    global _kept
    _kept = None


def _keep(ahead: timedelta) -> timedelta:
    global _kept
    _kept = monotonic(), ahead
    return ahead
