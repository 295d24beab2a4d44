"""What a group keeps of itself: its members, who sits on its committees, its rules."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.model_fields import PastDateField
from cases.text import name_key


class Member(models.Model):
    """One person in a group's register of members (handbook 5.1, 2.3 and checklist A)."""

    class Kind(models.TextChoices):
        ORDINARY = "ORDINARY", _("Ordinary member")
        EXTRAORDINARY = "EXTRAORDINARY", _("Extraordinary member")
        HONORARY = "HONORARY", _("Honorary member")

    party = models.ForeignKey("cases.Party", models.PROTECT, related_name="members")
    number = models.PositiveIntegerField(_("member number"), help_text=_("1, 2, 3 … in the group"))
    name = models.CharField(_("name"), max_length=150)
    name_key = models.CharField(max_length=150, editable=False)
    kind = models.CharField(_("kind of member"), max_length=15, choices=Kind, default=Kind.ORDINARY)
    # Thai papers give the first of January to whoever knows only the year.
    born_on = PastDateField(_("date of birth"), null=True, blank=True)
    house_number = models.CharField(_("house number"), max_length=30, blank=True)
    occupation = models.CharField(_("occupation"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    monthly_pledge = models.DecimalField(
        _("pledged a month (baht)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    consent_by = models.CharField(
        _("written consent of"),
        max_length=150,
        blank=True,
        help_text=_("For a minor: the parent or guardian who consented in writing."),
    )
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        verbose_name = _("member")
        ordering = ["party", "number"]
        constraints = [models.UniqueConstraint(name="member_number", fields=["party", "number"])]
        indexes = [models.Index(name="member_name", fields=["name_key"])]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)


class Seat(models.Model):
    """A person's seat on a committee of a group or fund (handbook 5.1.1)."""

    class Committee(models.TextChoices):
        DIRECTING = "DIRECTING", _("Directing committee")
        LOAN = "LOAN", _("Loan committee")
        AUDIT = "AUDIT", _("Audit committee")
        PROMOTION = "PROMOTION", _("Promotion committee")
        MANAGEMENT = "MANAGEMENT", _("Management committee")  # of funds that have only one

    class Position(models.TextChoices):
        CHAIR = "CHAIR", _("Chair")
        VICE_CHAIR = "VICE_CHAIR", _("Vice-chair")
        SECRETARY = "SECRETARY", _("Secretary")
        TREASURER = "TREASURER", _("Treasurer")
        REGISTRAR = "REGISTRAR", _("Registrar")
        MEMBER = "MEMBER", _("Committee member")

    party = models.ForeignKey("cases.Party", models.PROTECT, related_name="seats")
    committee = models.CharField(_("committee"), max_length=12, choices=Committee)
    position = models.CharField(
        _("position"), max_length=12, choices=Position, default=Position.MEMBER
    )
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="seats")
    name = models.CharField(_("name"), max_length=150)
    name_key = models.CharField(max_length=150, editable=False)
    elected_on = PastDateField(_("elected on"), null=True, blank=True)
    starts_on = models.DateField(_("term from"))
    ends_on = models.DateField(_("term to"), null=True, blank=True)
    left_on = models.DateField(_("left the seat on"), null=True, blank=True)

    class Meta:
        verbose_name = _("seat")
        ordering = ["party", "pk"]
        indexes = [models.Index(name="seat_name", fields=["name_key"])]
        constraints = [
            models.CheckConstraint(
                name="seat_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_position_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)

    def is_held_on(self, day: date) -> bool:
        """Whether the person sits on `day`; who stays after the term sits until they leave."""
        return self.starts_on <= day and (self.left_on is None or day <= self.left_on)


class RulesVersion(models.Model):
    """One version of a group's rules; the newest adopted one is in force (handbook 5.1, 3.4)."""

    class Period(models.TextChoices):
        YEAR = "YEAR", _("a year")
        MONTH = "MONTH", _("a month")

    party = models.ForeignKey("cases.Party", models.PROTECT, related_name="rules")
    version = models.PositiveSmallIntegerField(_("version"))
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="rules"
    )
    deposit_day = models.PositiveSmallIntegerField(_("Deposit day of the month"))
    minimum_deposit = models.DecimalField(
        _("Smallest deposit (baht)"), max_digits=10, decimal_places=2
    )
    # As the members agreed it; what it is a year is `cases.interest.a_year`.
    interest_rate = models.DecimalField(_("Interest on loans (%)"), max_digits=5, decimal_places=2)
    interest_period = models.CharField(
        _("Interest is counted"), max_length=5, choices=Period, default=Period.YEAR
    )
    loan_fees = models.DecimalField(
        _("Fees on a loan (% of it a year)"), max_digits=5, decimal_places=2, default=0
    )
    cash_limit = models.DecimalField(
        _("Most cash in hand (baht)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    text = models.TextField(_("Rules in full"), blank=True)
    drafted_on = models.DateField(_("drafted on"))
    adopted_on = PastDateField(_("Adopted by the members on"), null=True, blank=True)
    resolution = models.CharField(_("Resolution"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("rules")
        ordering = ["party", "version"]
        constraints = [models.UniqueConstraint(name="rules_version", fields=["party", "version"])]

    def __str__(self) -> str:
        return f"{self.party_id} v{self.version}"
