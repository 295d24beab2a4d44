"""What every channel gives to delivery."""

from types import TracebackType
from typing import Protocol

from notifications.models import Message


class Refused(Exception):
    """The other side will never take this message: it is given up, with the reason kept.

    `reason` is a code (`not_linked`) or what the other side answered, at most 300 characters.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason[:300]


class Sender(Protocol):
    """One channel for a batch of messages: connects when entered, disconnects in the end."""

    def __enter__(self) -> "Sender": ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
        /,
    ) -> None: ...

    def send(self, message: Message) -> None:
        """Hand `message` over; a second time with the same key is the same on the wire.

        Raises Refused where trying again is of no use; after any other error it is tried later.
        """
