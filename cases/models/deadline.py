from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import clock


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
    """The policy of who is told when; a version in force stays in force (DESIGN 2).

    Versions are added, never changed. One without an area counts everywhere; of those with one,
    the nearest area's counts.
    """

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    area = models.ForeignKey("cases.Area", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    withdrawn = models.BooleanField(
        default=False, help_text=_("from this version on the ladder above counts again")
    )
    # Between these times of day, and on days off, nobody is told unless a rung is urgent.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
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
        ROLE = "ROLE", _("holders of a role in the area")
        PEOPLE = "PEOPLE", _("the people of a list")

    class Channel(models.TextChoices):
        CHOICE = "CHOICE", _("as the receiver chose")
        EMAIL = "EMAIL", _("e-mail")
        LINE = "LINE", "LINE"
        BELL = "BELL", _("in the system only")

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="rungs")
    position = models.PositiveSmallIntegerField()
    offset_working_days = models.SmallIntegerField(
        default=0, help_text=_("before the due day: negative")
    )
    # Instead of working days, calendar days: "by the 15th", "at month end" (handbook 5.2).
    offset_days = models.SmallIntegerField(default=0)
    receiver = models.CharField(max_length=10, choices=Receiver)
    above = models.PositiveSmallIntegerField(default=0, help_text=_("posts above the doer's role"))
    role = models.CharField(max_length=30, blank=True)
    people: Any = models.JSONField(default=list, blank=True, help_text=_("keys of users"))
    template = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.CHOICE)
    urgent = models.BooleanField(default=False, help_text=_("told in quiet hours as well"))
    # Told again after so many working days, at most so many times more, while nobody acts.
    repeat_working_days = models.PositiveSmallIntegerField(default=0)
    repeat_limit = models.PositiveSmallIntegerField(default=0)

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
    # A deadline of the case itself, a span of several steps, has a name and the role that answers.
    name = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=30, blank=True)
    rule: Any = models.JSONField(help_text=_("as declared: working_days, days, on, …"))
    started_on = models.DateField()
    due_on = models.DateField()
    ledger: Any = models.JSONField(default=list)
    ladder = models.ForeignKey(Ladder, models.PROTECT)
    rung = models.PositiveSmallIntegerField(default=0, help_text=_("position of the next rung"))
    next_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    repeats = models.PositiveSmallIntegerField(
        default=0, help_text=_("how often the rung before the next one was told again")
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                name="deadline_next", fields=["next_at"], condition=Q(next_at__isnull=False)
            ),
            # A change of the calendar looks through all that run, not through all there ever were.
            models.Index(
                name="deadline_running", fields=["id"], condition=Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.due_on}"


class RungRecord(models.Model):
    """What became of one rung of one deadline for one receiver; append-only (DESIGN 4)."""

    class Outcome(models.TextChoices):
        FIRED = "FIRED", _("told")
        SKIPPED = "SKIPPED", _("skipped")
        ACKNOWLEDGED = "ACKNOWLEDGED", _("acknowledged")

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="rung_records")
    position = models.PositiveSmallIntegerField()
    repeat = models.PositiveSmallIntegerField(default=0)
    role = models.CharField(max_length=30, blank=True)
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.CharField(max_length=40, blank=True)
    planned_at = models.DateTimeField()
    at = models.DateTimeField()
    message_key = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            # The page of all records goes by time; what is rare there has an index of its own.
            models.Index(name="rung_record_newest", fields=["-at", "-id"]),
            models.Index(
                name="rung_record_skipped",
                fields=["reason", "-at", "-id"],
                condition=Q(outcome="SKIPPED"),
            ),
            models.Index(
                name="rung_record_acknowledged",
                fields=["-at", "-id"],
                condition=Q(outcome="ACKNOWLEDGED"),
            ),
            # From messages that did not arrive back to what they were about.
            models.Index(
                name="rung_record_message", fields=["message_key"], condition=~Q(message_key="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}/{self.position} {self.outcome}"


class Extension(models.Model):
    """More time for one deadline: who asked, who allowed or refused it, and why (handbook 8)."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="extensions")
    days = models.PositiveSmallIntegerField(help_text=_("in the unit of the deadline's rule"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(_("reason"), max_length=300)
    granted = models.BooleanField(null=True, blank=True, help_text=_("null: nobody has decided"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="extension_one_open", fields=["deadline"], condition=Q(granted__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} +{self.days}"


class Alarm(models.Model):
    """Something the auditor found that must not be: open until it is mended (DESIGN 4)."""

    key = models.CharField(max_length=120, help_text=_("what is wrong, and with what"))
    kind = models.CharField(max_length=40)
    facts: Any = models.JSONField(default=dict)
    seen_at = models.DateTimeField(help_text=_("machine time"))
    last_seen_at = models.DateTimeField(help_text=_("machine time"))
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_seen_at"]
        constraints = [
            models.UniqueConstraint(
                name="alarm_open_once", fields=["key"], condition=Q(cleared_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.key
