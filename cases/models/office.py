"""What an office keeps of itself: its settings, its open days, and who changed what."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import clock


class OfficeSetting(models.Model):
    """One value that an office chose, from a moment on; the newest row of a key is in force.

    Rows are added, never changed: they are their own history. The setting of the nearest area
    counts: a district's before its province's.
    """

    area = models.ForeignKey("cases.Area", models.PROTECT, related_name="settings")
    key = models.CharField(max_length=80)
    value: Any = models.JSONField(null=True, help_text=_("null: as above this area again"))
    set_at = models.DateTimeField(default=clock.now)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="setting_newest", fields=["key", "area", "-id"])]

    def __str__(self) -> str:
        return f"{self.area_id} {self.key}"


class OpenDay(models.Model):
    """A holiday on which the offices of an area are open all the same (handbook 3.4)."""

    area = models.ForeignKey("cases.Area", models.PROTECT, related_name="open_days")
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(name="open_day_once", fields=["area", "day"])]

    def __str__(self) -> str:
        return f"{self.area_id} {self.day}"


class Change(models.Model):
    """Who changed what of an office's own data, when: people, posts, holidays, imports.

    Written by `cases.changes.record` only, never changed.
    """

    class Kind(models.TextChoices):
        USER_ADDED = "USER_ADDED", _("Person added")
        USER_CHANGED = "USER_CHANGED", _("Person changed")
        USER_INVITED = "USER_INVITED", _("Person invited")
        USER_DEACTIVATED = "USER_DEACTIVATED", _("Account closed")
        USER_REACTIVATED = "USER_REACTIVATED", _("Account opened again")
        PASSWORD_SET = "PASSWORD_SET", _("Password set")
        POST_ADDED = "POST_ADDED", _("Post given")
        POST_ENDED = "POST_ENDED", _("Post ended")
        HOLIDAY_ADDED = "HOLIDAY_ADDED", _("Holiday added")
        HOLIDAY_CHANGED = "HOLIDAY_CHANGED", _("Holiday changed")
        HOLIDAY_REMOVED = "HOLIDAY_REMOVED", _("Holiday removed")
        OPEN_DAY_ADDED = "OPEN_DAY_ADDED", _("Office opens on a holiday")
        OPEN_DAY_REMOVED = "OPEN_DAY_REMOVED", _("Office closes on a holiday again")
        SETTING_CHANGED = "SETTING_CHANGED", _("Setting changed")
        LADDER_CHANGED = "LADDER_CHANGED", _("Ladder changed")
        DEADLINES_MOVED = "DEADLINES_MOVED", _("Deadlines moved")
        IMPORTED = "IMPORTED", _("File imported")
        GROUP_CHANGED = "GROUP_CHANGED", _("Group changed")
        MESSAGES_RESENT = "MESSAGES_RESENT", _("Messages sent again")

    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    area = models.ForeignKey("cases.Area", models.PROTECT, null=True, blank=True, related_name="+")
    about = models.CharField(max_length=60, blank=True, help_text="user:12, holiday:TH:2026-11-23")
    before: Any = models.JSONField(default=dict)
    after: Any = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="change_about", fields=["about", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
