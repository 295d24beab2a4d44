"""Sending what stands in the outbox: at least once on the wire, with the same Message-ID.

Times here are the machine's: a retry waits in the real world, also in the demonstration. Only
how long a message is held (nights, days off) is business time, and passed in.
"""

import logging
from collections import defaultdict
from contextlib import ExitStack
from datetime import datetime, timedelta
from zlib import crc32

from django.db import connection, transaction
from django.utils import timezone

from notifications import bundles
from notifications.bundles import Parcel
from notifications.channels import SENDERS
from notifications.channels.email import Mailer
from notifications.channels.sender import Refused, Sender
from notifications.models import Message
from notifications.wording import Wording, worded

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

JITTER = 0.2
"""A wait is longer by up to this part, so that what failed together is not tried together."""


def deliver_due(*, at: datetime) -> int:
    """Send what is due and may be told at `at`, in batches; returns how many messages were sent.

    A channel that cannot be reached is left alone for the rest of the run.
    """
    sent, away = 0, set[str]()
    for _ in range(MOST_BATCHES):
        claimed = _claim(at, away)
        if not claimed:
            break
        by_channel = defaultdict(list)
        for parcel in claimed:
            by_channel[parcel[0].channel].append(parcel)
        for channel, own in by_channel.items():
            sent += _deliver_by(channel, own, away)
    return sent


@transaction.atomic
def _claim(at: datetime, away: set[str]) -> list[Parcel]:
    """Take due messages that no other worker has, and keep others off them for a while."""
    now = timezone.now()
    due = bundles.unsent(at).filter(bundles.carriers(), try_at__lte=now)
    claimed = list(bundles.locked(due.exclude(channel__in=away))[:BATCH])
    if not claimed:
        return []
    parcels = bundles.parcels(claimed, at)
    for parcel in parcels:
        for message in parcel:
            message.attempts += 1
        _bundle(parcel)
    _keep_claimed([message for parcel in parcels for message in parcel], now + LEASE)
    return parcels


def _bundle(parcel: Parcel) -> None:
    """Let the messages of `parcel` share the e-mail of the first one."""
    for message in parcel:
        message.bundle = parcel[0].key if len(parcel) > 1 else ""


def _keep_claimed(messages: Parcel, until: datetime) -> None:
    """Write attempts, bundles and the lease, in one UPDATE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_message AS message SET attempts = claim.attempts, "
            "bundle = claim.bundle, try_at = %s FROM unnest(%s::bigint[], %s::smallint[], "
            "%s::text[]) AS claim(id, attempts, bundle) WHERE message.id = claim.id",
            [
                until,
                [message.pk for message in messages],
                [message.attempts for message in messages],
                [message.bundle for message in messages],
            ],
        )


def _deliver_by(channel: str, parcels: list[Parcel], away: set[str]) -> int:
    """Send `parcels` over one connection; returns how many messages were sent."""
    with ExitStack() as stack:
        try:
            sender = stack.enter_context(SENDERS[channel]())
        except Exception as error:  # a server that is away, a provider that is set up wrongly
            log.warning("%s cannot be reached", channel, exc_info=True)
            away.add(channel)
            for parcel in parcels:
                _put_off(parcel, error)
            return 0
        return sum([_deliver(parcel, sender) for parcel in parcels])


def _deliver(parcel: Parcel, sender: Sender) -> int:
    """Send one parcel and note how it went; one that fails holds up no other."""
    first = parcel[0]
    if first.to and not first.to.is_active:
        _set(parcel, given_up_at=timezone.now(), error="not_active")
        return 0
    try:
        if isinstance(sender, Mailer) and len(parcel) > 1:
            _send_together(parcel, sender)
        else:
            sender.send(first)
    except Refused as refusal:
        if first.channel == Message.Channel.LINE and first.receiver.email:
            # Whoever blocked us there or unlinked the account since is told all the same.
            _set(parcel, channel=Message.Channel.EMAIL, try_at=timezone.now(), attempts=0)
        else:
            _set(parcel, given_up_at=timezone.now(), error=refusal.reason)
        return 0
    except Exception as error:  # a refused address, a broken template: it stays with the message
        log.warning("message %s was not sent", first.key, exc_info=True)
        _put_off(parcel, error)
        return 0
    _set(parcel, sent_at=timezone.now(), error="")
    return len(parcel)


def _send_together(parcel: Parcel, mailer: Mailer) -> None:
    """Send several matters as one e-mail.

    One that cannot be put into words is put off by itself and leaves `parcel`.
    """
    words: list[Wording] = []
    whole: Parcel = []
    for message in parcel:
        try:
            words.append(worded(message))
            whole.append(message)
        except Exception as error:
            log.warning("message %s cannot be worded", message.key, exc_info=True)
            _set([message], bundle="")
            _put_off([message], error)
    if len(whole) < len(parcel):
        parcel[:] = whole
        _bundle(parcel)
        _set(parcel, bundle=parcel[0].bundle if parcel else "")
    if parcel:
        mailer.send_together(parcel, words)


def _put_off(parcel: Parcel, error: Exception) -> None:
    """Keep the error; try again after a growing wait, or give up after the last one."""
    now, kept = timezone.now(), f"{type(error).__name__}: {error}"[:300]
    attempts = max(message.attempts for message in parcel)
    if attempts > len(WAITS):
        _set(parcel, given_up_at=now, error=kept)
    else:
        wait = WAITS[attempts - 1] * (1 + JITTER * _share(f"{parcel[0].key}:{attempts}"))
        _set(parcel, try_at=now + wait, error=kept)


def _share(text: str) -> float:
    """A number from 0 to 1, always the same for `text`."""
    return crc32(text.encode()) / 2**32


def _set(parcel: Parcel, **values: object) -> None:
    Message.objects.filter(pk__in=[message.pk for message in parcel]).update(**values)
