"""What a person was told of and has not seen yet, whatever channel it went by."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from notifications.models import Message

CAP = 99
"""As far as unseen matters are counted for a badge."""

_MOST_AT_ONCE = 1000


def told(user: Any) -> QuerySet[Message]:
    """Everything that `user` was told of, newest first."""
    return Message.objects.filter(to=user, bell=True).order_by("-pk")


def unseen(user: Any) -> int:
    """How many matters `user` has not seen yet, counted up to one more than CAP."""
    return _new(user)[: CAP + 1].count()


def see(message: Message, *, at: datetime) -> None:
    """Note that its receiver followed `message`, the first time."""
    Message.objects.filter(pk=message.pk, seen_at=None).update(seen_at=at)


@transaction.atomic
def see_until(user: Any, newest: int, *, at: datetime) -> int:
    """Note that `user` saw every message up to the key `newest`; returns how many were new.

    Without those that are being sent this very moment: delivery holds several rows at once, and
    two who wait for each other's rows would wait for ever.
    """
    listed = _new(user).filter(pk__lte=newest).select_for_update(skip_locked=True)
    keys = list(listed.values_list("pk", flat=True)[:_MOST_AT_ONCE])
    return Message.objects.filter(pk__in=keys).update(seen_at=at)


def _new(user: Any) -> QuerySet[Message]:
    return Message.objects.filter(to=user, bell=True, seen_at=None)
