"""Sending what stands in the outbox: at least once on the wire, with the same Message-ID.

Times here are the machine's: a retry waits in the real world, also in the demonstration.
"""

import logging
from collections.abc import Set
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notifications.channels import SENDERS
from notifications.channels.sender import Refused, Sender
from notifications.models import Message

log = logging.getLogger(__name__)

BATCH = 50
MOST_BATCHES = 20  # a run; what is left waits for the next beat
LEASE = timedelta(minutes=10)
"""How long a claimed message is left alone. A batch whose every send takes Django's full
timeout of 10 s ends before; a message whose worker was killed is sent again after it."""

WAITS = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
]
"""How long to wait after the first, second … failure; one more, and the message is given up."""


def deliver_due() -> int:
    """Send what is due, in batches; returns how many messages were sent.

    A channel that cannot be opened, its server away, is left alone for the rest of the run.
    """
    sent, closed = 0, set[str]()
    for _ in range(MOST_BATCHES):
        batch = _claim(closed)
        if not batch:
            break
        for channel in sorted({message.channel for message in batch}):
            messages = [message for message in batch if message.channel == channel]
            try:
                with SENDERS[channel]() as sender:
                    sent += sum([_deliver(message, sender) for message in messages])
            except (OSError, RuntimeError) as error:
                log.warning("the channel %s cannot be opened: %s", channel, error)
                closed.add(channel)
                for message in messages:
                    _put_off(message, error)
    return sent


@transaction.atomic
def _claim(closed: Set[str] = frozenset()) -> list[Message]:
    """Take due messages that no other worker has, and keep others off them for a while."""
    now = timezone.now()
    due = (
        Message.objects.filter(sent_at__isnull=True, given_up_at__isnull=True, try_at__lte=now)
        .filter(channel__in=set(SENDERS) - closed)
        .order_by("try_at", "pk")
        .select_related("to", "endpoint")
    )
    claimed = list(due.select_for_update(of=("self",), skip_locked=True, no_key=True)[:BATCH])
    Message.objects.filter(pk__in=[message.pk for message in claimed]).update(
        attempts=F("attempts") + 1, try_at=now + LEASE
    )
    for message in claimed:
        message.attempts += 1
    return claimed


def _deliver(message: Message, sender: Sender) -> bool:
    """Send one message and note how it went; one that fails holds up no other."""
    try:
        if message.to and not message.to.is_active:
            raise Refused("not_active")
        sender.send(message)
    except Refused as refused:
        _set(message, given_up_at=timezone.now(), error=refused.reason)
        return False
    except Exception as error:  # a refused address, a broken template: it stays with the message
        log.warning("message %s was not sent", message.key, exc_info=True)
        _put_off(message, error)
        return False
    _set(message, sent_at=timezone.now(), error="")
    return True


def _put_off(message: Message, error: Exception) -> None:
    """Keep the error; try again after a growing wait, or give up after the last one."""
    now, kept = timezone.now(), f"{type(error).__name__}: {error}"[:300]
    if message.attempts > len(WAITS):
        _set(message, given_up_at=now, error=kept)
    else:
        _set(message, try_at=now + WAITS[message.attempts - 1], error=kept)


def _set(message: Message, **values: object) -> None:
    Message.objects.filter(pk=message.pk).update(**values)
