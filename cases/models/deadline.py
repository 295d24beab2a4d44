from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Holiday(models.Model):
    """A day on which an office of the country does not work (handbook 3.4).

    Seeded from the `holidays` package, edited by administrators.
    """

    country = models.CharField(max_length=2)
    day = models.DateField()
    name_th = models.CharField(max_length=200, blank=True)
    name_lo = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    removed = models.BooleanField(
        default=False, help_text=_("Taken out by an administrator; loading does not bring it back.")
    )

    class Meta:
        ordering = ["country", "day"]
        constraints = [models.UniqueConstraint(name="holiday_once", fields=["country", "day"])]

    def __str__(self) -> str:
        return f"{self.country} {self.day}"


class Ladder(models.Model):
    """The policy of who is told when; a version in force stays in force (DESIGN 2)."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    # The line in which matters climb from the doer's role upwards (handbook 4.3).
    line: Any = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(name="ladder_version", fields=["code", "version"])]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Rung(models.Model):
    """One rung: how many working days from the due date, and who is told."""

    class Receiver(models.TextChoices):
        ASSIGNEE = "ASSIGNEE", _("the person who has the work")
        ABOVE = "ABOVE", _("so many posts above the doer's role")

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="rungs")
    position = models.PositiveSmallIntegerField()
    offset_working_days = models.SmallIntegerField(
        default=0, help_text=_("before the due day: negative")
    )
    # Instead of working days, calendar days: "by the 15th", "at month end" (handbook 5.2).
    offset_days = models.SmallIntegerField(default=0)
    receiver = models.CharField(max_length=10, choices=Receiver)
    above = models.PositiveSmallIntegerField(default=0, help_text=_("posts above the doer's role"))
    template = models.CharField(max_length=40)

    class Meta:
        ordering = ["ladder_id", "position"]
        constraints = [models.UniqueConstraint(name="rung_once", fields=["ladder", "position"])]

    def __str__(self) -> str:
        return f"{self.ladder_id}/{self.position}"


class Deadline(models.Model):
    """When a work item is due, why, and who is told next (DESIGN 4).

    `ledger` is the account of why: a list of entries {at, what, …} in order.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="deadlines")
    work_item = models.OneToOneField(
        "cases.WorkItem", models.PROTECT, null=True, blank=True, related_name="deadline"
    )
    rule: Any = models.JSONField(help_text=_("as declared: working_days or days"))
    started_on = models.DateField()
    due_on = models.DateField()
    ledger: Any = models.JSONField(default=list)
    ladder = models.ForeignKey(Ladder, models.PROTECT)
    rung = models.PositiveSmallIntegerField(default=0, help_text=_("position of the next rung"))
    next_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                name="deadline_next", fields=["next_at"], condition=Q(next_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.due_on}"


class RungRecord(models.Model):
    """What became of one rung of one deadline for one receiver; append-only (DESIGN 4)."""

    class Outcome(models.TextChoices):
        FIRED = "FIRED", _("told")
        SKIPPED = "SKIPPED", _("skipped")

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="rung_records")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=30, blank=True)
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=40, blank=True)
    planned_at = models.DateTimeField()
    at = models.DateTimeField()
    message_key = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.deadline_id}/{self.position} {self.outcome}"
