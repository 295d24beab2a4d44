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
        LINE = "LINE", "LINE"
        BELL = "BELL", _("in the system only")
        WEBHOOK = "WEBHOOK", _("webhook")

    key = models.CharField(max_length=120, unique=True)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    endpoint = models.ForeignKey(
        "Endpoint", models.PROTECT, null=True, blank=True, related_name="messages"
    )
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
    # Not told before (business time): quiet hours, days off, a digest.
    hold_until = models.DateTimeField(null=True, blank=True)
    urgent = models.BooleanField(default=False, help_text=_("told in quiet hours as well"))
    # One row of a matter shows under its receiver's bell, whatever channel it goes by.
    bell = models.BooleanField(default=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    # Several matters in one e-mail: the key of the one that carried this.
    bundle = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                name="message_bell",
                fields=["to", "-id"],
                condition=Q(bell=True, seen_at__isnull=True),
            ),
            models.Index(
                name="message_given_up",
                fields=["-given_up_at"],
                condition=Q(given_up_at__isnull=False),
            ),
            models.Index(
                name="message_open",
                fields=["try_at"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def receiver(self) -> Any:
        """The person whom it tells.

        Raises:
            ValueError: it goes to another system, to nobody in person.
        """
        if self.to is None:
            raise ValueError(f"message {self.key} goes to no person")
        return self.to


class Preference(models.Model):
    """How a person hears of one kind of matter, where they chose; else as `choices` says."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=20, help_text=_("a group of templates, or digest"))
    channels: Any = models.JSONField(default=list, help_text=_("EMAIL, LINE; [] is the bell"))

    class Meta:
        constraints = [models.UniqueConstraint(name="preference_once", fields=["user", "kind"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class LineAccount(models.Model):
    """The LINE account of a person, linked by a code that they sent to the office's account."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="line_account"
    )
    line_id = models.CharField(max_length=60, unique=True, null=True, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    linked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {'linked' if self.linked_at else 'asked'}"


class Endpoint(models.Model):
    """An address of another system that is told of an area's matters by signed webhooks."""

    area_code = models.CharField(max_length=12)
    name = models.CharField(_("name"), max_length=120)
    url = models.URLField(max_length=500)
    secret = models.CharField(max_length=80, help_text=_("whsec_…, Standard Webhooks"))
    active = models.BooleanField(default=True)
    added_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """A person's calendar of deadlines under a secret address; only its digest is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.user_id)


class ActLink(models.Model):
    """A link in a message that lets its receiver do one thing once, without signing in."""

    secret_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    action = models.CharField(max_length=20, help_text=_("acknowledge or extend"))
    about = models.CharField(max_length=60, help_text="deadline:12")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.action} {self.about}"


class DigestRun(models.Model):
    """How far one digest has come: of one week or day, for the offices of one calendar."""

    kind = models.CharField(max_length=20, help_text=_("weekly or daily"))
    period = models.DateField(help_text=_("the Monday of the week, or the day"))
    calendar = models.CharField(max_length=12)
    up_to = models.BigIntegerField(default=0, help_text=_("key of the last person looked at"))
    finished = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="digest_once", fields=["kind", "period", "calendar"])
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.calendar}"
