"""A build that must not pass: its sweep commits before it writes the outbox and the records."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction

from cases import sweep


class _CommitsFirst:
    """The outbox, but a batch of messages is written once the transaction is through."""

    def __init__(self, sound: Any) -> None:
        self._sound = sound
        self.queue_many = _afterwards(sound.queue_many)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sound, name)


def break_sweep() -> None:
    """Who is told, and what became of the rungs, is written after the move was committed."""
    sweep.outbox = _CommitsFirst(sweep.outbox)  # type: ignore[assignment]
    sweep._keep = _afterwards(sweep._keep)


def _afterwards(write: Callable[[Any], None]) -> Callable[[Any], None]:
    return lambda rows: transaction.on_commit(partial(write, rows))
