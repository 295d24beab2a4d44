from django.conf import settings
from django.db import models


class ChecklistTick(models.Model):
    """One ticked item of a step's checklist; it stays when the step is done again."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="ticks")
    step = models.CharField(max_length=50)
    item = models.CharField(max_length=50)
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ticked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tick_once", fields=["case", "step", "item"]),
        ]

    def __str__(self) -> str:
        return f"{self.step}/{self.item}"


class Defect(models.Model):
    """One thing that a return asks to mend, and how it was mended (handbook 8, rule 5)."""

    decision = models.ForeignKey("cases.Decision", models.PROTECT, related_name="defects")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="defects")
    step = models.CharField(max_length=50)
    text = models.TextField()
    mended_note = models.TextField(blank=True)
    mended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    mended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
