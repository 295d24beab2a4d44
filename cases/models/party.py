from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import clock


class Party(models.Model):
    """A group, fund, producer or other body that cases are about (handbook 8.1: Entity)."""

    class Kind(models.TextChoices):
        SAVINGS_GROUP = "SAVINGS_GROUP", _("Savings group for production")
        KKJ_FUND = "KKJ_FUND", _("Poverty-alleviation project fund")
        MOTHER_FUND = "MOTHER_FUND", _("Mother-of-the-Land fund")

    class Status(models.TextChoices):
        PLANNED = "PLANNED", _("Planned")
        ACTIVE = "ACTIVE", _("Active")
        DORMANT = "DORMANT", _("Dormant")
        UNDER_DISPUTE = "UNDER_DISPUTE", _("Under dispute")
        DISSOLVED = "DISSOLVED", _("Dissolved")
        NOT_FOUNDED = "NOT_FOUNDED", _("Not founded")  # planned, and the founding came to nothing

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    area = models.ForeignKey("cases.Area", models.PROTECT, related_name="parties")
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.ACTIVE)
    # 1-3 for savings groups and กข.คจ. funds, A-C for mother funds; what a level means belongs
    # to the instrument version (handbook 5.3), here stands only what was given.
    level = models.CharField(_("level"), max_length=1, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    closed_on = models.DateField(_("dissolved on"), null=True, blank=True)
    # The first month of which a monthly report is asked (handbook 5.2); its first day.
    followed_from = models.DateField(_("followed from"), null=True, blank=True)
    register_number = models.CharField(_("register number"), max_length=40, blank=True)
    invented = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("group or fund")
        constraints = [
            models.UniqueConstraint(
                name="party_register_number",
                fields=["register_number"],
                condition=~Q(register_number=""),
            )
        ]
        indexes = [models.Index(fields=["kind", "area"], name="party_kind_area")]

    def __str__(self) -> str:
        return self.name
