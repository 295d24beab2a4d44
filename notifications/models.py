from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One row of the outbox: written in the transaction that caused it, sent afterwards.

    `key` makes it unique: the same matter is never queued twice (DESIGN 4).
    """

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", _("e-mail")

    key = models.CharField(max_length=120, unique=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    template = models.CharField(max_length=40)
    # Names in every language and codes; rendered in the receiver's language at delivery.
    context: Any = models.JSONField(default=dict)
    queued_at = models.DateTimeField(help_text=_("business time"))
    try_at = models.DateTimeField(default=timezone.now, help_text=_("machine time"))
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                name="message_open",
                fields=["try_at"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.key
