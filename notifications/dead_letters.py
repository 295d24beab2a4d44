"""Messages that were given up: why, and sending them again."""

from django.db.models import QuerySet
from django.utils import timezone

from notifications.models import Message


def given_up() -> QuerySet[Message]:
    """What could not be delivered and is tried no more, the latest first."""
    return Message.objects.filter(given_up_at__isnull=False).order_by("-given_up_at", "-pk")


def send_again(messages: QuerySet[Message]) -> int:
    """Let the given-up ones of `messages` be tried from the beginning, now; returns how many.

    A second click finds none of them given up any more and changes nothing.
    """
    return messages.filter(given_up_at__isnull=False).update(
        given_up_at=None, attempts=0, try_at=timezone.now(), error="", bundle=""
    )
