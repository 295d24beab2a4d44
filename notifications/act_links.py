"""Links in a message by which its receiver does one thing once, without signing in.

A link is made when its message is sent; only the digest of its secret is kept, so nobody who
reads the database can use it. What a link does is the pages' to know (`project.channels.acts`).
Times are the machine's, as delivery counts them.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from notifications.models import ActLink, Message

ACKNOWLEDGE, EXTEND = "acknowledge", "extend"
DAYS = 7
"""How long a link works."""

OFFERED = {
    "reminder": (ACKNOWLEDGE, EXTEND),
    "due_today": (ACKNOWLEDGE, EXTEND),
    "overdue": (ACKNOWLEDGE, EXTEND),
    "escalated": (ACKNOWLEDGE,),
}
"""What the receiver of a message may do from it, by template."""


@dataclass(frozen=True)
class Act:
    """A link as its message shows it."""

    action: str
    url: str


def offered(message: Message) -> list[Act]:
    """New links for `message`, one statement; none where it is about no deadline."""
    deadline = message.context.get("deadline")
    actions = OFFERED.get(message.template, ())
    if deadline is None or message.to_id is None or not actions:
        return []
    chosen = {action: secrets.token_urlsafe(32) for action in actions}
    ActLink.objects.bulk_create(
        ActLink(
            secret_hash=digest(secret),
            user_id=message.to_id,
            action=action,
            about=f"deadline:{deadline}",
            expires_at=timezone.now() + timedelta(days=DAYS),
        )
        for action, secret in chosen.items()
    )
    return [
        Act(action, settings.BASE_URL + reverse("act", args=[secret]))
        for action, secret in chosen.items()
    ]


def find(secret: str, *, for_use: bool = False) -> ActLink | None:
    """The link with `secret`, used or not, with its receiver; None for no link of ours.

    `for_use` locks it, so that of two clicks at once one waits for the other.
    """
    links = ActLink.objects.select_related("user")
    if for_use:
        links = links.select_for_update(of=("self",))
    return links.filter(secret_hash=digest(secret)).first()


def works(link: ActLink) -> bool:
    """Whether the link can still be used: not used, not too old, its receiver not shut out."""
    return link.used_at is None and link.expires_at > timezone.now() and link.user.is_active


def use(link: ActLink) -> None:
    """Note that the link did what it is for: it does it once."""
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])


def clear() -> int:
    """Forget links that were of no use for a month; returns how many."""
    long_ago = timezone.now() - timedelta(days=30)
    return ActLink.objects.filter(expires_at__lt=long_ago).delete()[0]


def digest(secret: str) -> str:
    """What is kept of a secret: with 256 random bits, its plain digest tells nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()
