"""The one clock of Sajja: whatever decides by time asks here (DESIGN 4).

Tests travel with `travel(to)`; the demonstration installs an offset with `use_offset`.
Delivery over the wire (retries, heartbeats) keeps the machine's own time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.utils import timezone

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)
_offset: Callable[[], timedelta] | None = None


def now() -> datetime:
    """Aware current time: frozen in a test, shifted in the demonstration."""
    frozen = _frozen.get()
    if frozen is not None:
        return frozen
    return timezone.now() + _offset() if _offset else timezone.now()


def today() -> date:
    """The current date in the office's time zone (UTC+7 in both countries, handbook 3.4)."""
    return timezone.localdate(now())


def day_of(moment: datetime) -> date:
    """The day of an aware time in the office's time zone."""
    return timezone.localdate(moment)


@contextmanager
def travel(to: datetime) -> Iterator[datetime]:
    """Hold the clock of this thread at `to`, an aware time."""
    token = _frozen.set(to)
    try:
        yield to
    finally:
        _frozen.reset(token)


def use_offset(offset: Callable[[], timedelta] | None) -> None:
    """Let `offset()` say how far business time is ahead of the machine's: demonstration only."""
    global _offset
    _offset = offset
