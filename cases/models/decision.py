from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.roles import Role


class Decision(models.Model):
    """Who decided what, in which role, why (handbook 8, rule 4)."""

    class Outcome(models.TextChoices):
        APPROVED = "APPROVED", _("Approved")
        RETURNED = "RETURNED", _("Returned")
        REJECTED = "REJECTED", _("Rejected")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="decisions")
    work_item = models.OneToOneField("cases.WorkItem", models.PROTECT, related_name="decision")
    step = models.CharField(max_length=50)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role)
    # The post in which they decided; it says for whom an acting officer stood.
    post = models.ForeignKey("cases.Post", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    reason = models.TextField(_("reason"), blank=True)
    returned_to = models.CharField(max_length=50, blank=True)
    round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_against_needs_reason",
                condition=models.Q(outcome="APPROVED") | ~models.Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.outcome}"
