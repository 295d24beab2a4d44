from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """What an event tells; the labels are the timeline's words."""

    CASE_OPENED = "CASE_OPENED", _("Case opened")
    CASE_ENDED = "CASE_ENDED", _("Case ended")
    CASE_REOPENED = "CASE_REOPENED", _("Case reopened")
    STEP_CLAIMED = "STEP_CLAIMED", _("Step claimed")
    STEP_RELEASED = "STEP_RELEASED", _("Step released")
    STEP_DONE = "STEP_DONE", _("Step done")
    STEP_SAVED = "STEP_SAVED", _("Checklist updated")
    STEP_CORRECTED = "STEP_CORRECTED", _("Step corrected")
    PAPER_MADE = "PAPER_MADE", _("Paper made")
    DECIDED = "DECIDED", _("Decided")
    EXTENSION_ASKED = "EXTENSION_ASKED", _("More time asked for")
    EXTENSION_GRANTED = "EXTENSION_GRANTED", _("More time given")
    EXTENSION_REFUSED = "EXTENSION_REFUSED", _("More time refused")
    DOCUMENT_ADDED = "DOCUMENT_ADDED", _("Document added")
    DOCUMENT_REMOVED = "DOCUMENT_REMOVED", _("Document removed")
    TEXT_ERASED = "TEXT_ERASED", _("Text erased")


class Event(models.Model):
    """One row of the audit trail; written by `cases.audit` only, never changed (DESIGN 3).

    Holds ids and codes. Personal data and free text stand in `EventText`, whose salted digest
    is part of what is hashed, so that a text can be erased and the chain still proves whole.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="events")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within the case")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    post = models.ForeignKey("cases.Post", models.PROTECT, null=True, blank=True, related_name="+")
    step = models.CharField(max_length=50, blank=True)
    codes: Any = models.JSONField(default=dict)
    text_digest = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["case_id", "number"]
        constraints = [models.UniqueConstraint(name="event_number", fields=["case", "number"])]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.number} {self.kind}"

    @property
    def title(self) -> str:
        """What happened, in the reader's language."""
        return str(EventKind(self.kind).label)


class EventText(models.Model):
    """Free text and personal data of one event; may be erased, never rewritten."""

    event = models.OneToOneField(
        Event, models.PROTECT, primary_key=True, related_name="text", db_constraint=True
    )
    salt = models.CharField(max_length=64)
    body: Any = models.JSONField()

    def __str__(self) -> str:
        return f"text of event {self.event_id}"
