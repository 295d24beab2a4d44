"""How far running deadlines were counted anew after a change of the calendar."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.office import Change


class Recount(models.Model):
    """Running deadlines counted anew after one change of the calendar, batch by batch.

    They are gone through twice: at once, and again when no process can still have counted with
    the calendar of before. All times are the machine's.
    """

    change = models.OneToOneField(Change, models.PROTECT, related_name="recount")
    country = models.CharField(max_length=2)
    made_at = models.DateTimeField(default=timezone.now)
    total = models.PositiveIntegerField(default=0, help_text="deadlines to look at")
    seen = models.PositiveIntegerField(default=0)
    position = models.BigIntegerField(default=0, help_text="the last deadline that is through")
    moved = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0, help_text="so many moved stand in the history")
    through_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                name="recount_going_on", fields=["country"], condition=Q(finished_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.change_id}: {self.seen}/{self.total}"
