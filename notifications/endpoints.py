"""Other systems that are told of an area's cases by signed webhooks: which, and their secrets."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from notifications import outbox
from notifications.models import Endpoint, Message

_STALE_SECONDS = 60  # how long another process may still use the endpoints of before
_SECRET_BYTES = 24  # Standard Webhooks asks for 24 to 64

TEST = "sajja.test"


def new_secret() -> str:
    """A new secret to sign with, as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def rotate(endpoint: Endpoint) -> str:
    """Give the endpoint a new secret and return it; the one before signs too, until `settle`."""
    made = new_secret()
    endpoint.secret = f"{made} {endpoint.secret.split()[0]}"
    endpoint.save(update_fields=["secret"])
    return made


def settle(endpoint: Endpoint) -> None:
    """The other system knows the new secret: drop the one before."""
    endpoint.secret = endpoint.secret.split()[0]
    endpoint.save(update_fields=["secret"])


def active() -> Sequence[Endpoint]:
    """Every endpoint that is switched on, from memory: asking costs no query.

    A change by this process counts at once, one made elsewhere within a minute.
    """
    return _read(int(monotonic() // _STALE_SECONDS))


def message(
    endpoint: Endpoint, kind: str, data: dict[str, Any], *, about: str, at: datetime
) -> outbox.Row:
    """A webhook that is not yet written, for `outbox.queue_many`.

    Args:
        kind: what happened, "case.decided".
        data: ids and codes as plain JSON, no personal data.
        about: names the matter; the key, and webhook-id, is `webhook:<about>:<endpoint>`.
        at: business time.
    """
    return outbox.message(
        endpoint=endpoint,
        channel=Message.Channel.WEBHOOK,
        template="webhook",
        context={"type": kind, "timestamp": at.isoformat(), "data": data},
        key=f"webhook:{about}:{endpoint.pk}",
        at=at,
    )


def forget() -> None:
    """Read the endpoints anew, now and when the running transaction is through."""
    _read.cache_clear()
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(_read.cache_clear)


@lru_cache(maxsize=1)
def _read(_period: int) -> Sequence[Endpoint]:
    return tuple(Endpoint.objects.filter(active=True).defer("secret"))


@receiver([post_save, post_delete], sender=Endpoint)
def _changed(**_signal: Any) -> None:
    forget()
