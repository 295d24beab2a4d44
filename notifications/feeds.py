"""A person's calendar of deadlines under a secret address: made, replaced, revoked.

The address is shown once; only the digest of its secret is kept.
"""

import hashlib
import secrets
from typing import Any

from django.utils import timezone

from notifications.models import Feed


def make(user: Any) -> str:
    """A new secret of 256 bits for the calendar of `user`; the one before no longer works."""
    secret = secrets.token_urlsafe(32)
    values = {"secret_hash": _digest(secret), "made_at": timezone.now()}
    Feed.objects.update_or_create(user=user, defaults=values)
    return secret


def revoke(user: Any) -> None:
    """Let the address of `user` lead nowhere from now on."""
    Feed.objects.filter(user=user).delete()


def made_by(user: Any) -> Feed | None:
    """The calendar address of `user`, if there is one."""
    return Feed.objects.filter(user=user).first()


def owner(secret: str) -> Any:
    """The person to whose calendar `secret` leads; None for a revoked, forged or closed one."""
    feeds = Feed.objects.select_related("user")
    feed = feeds.filter(secret_hash=_digest(secret), user__is_active=True).first()
    return feed.user if feed else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
