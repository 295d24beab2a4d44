"""What a month of a followed savings group records, and what it is legally (handbook 5.2)."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from cases.model_fields import PastDateField
from cases.models import Case, RulesVersion
from workflows.procedures.group_month import silence

YES_NO = [(True, _("Yes")), (False, _("No"))]


class MoneyField(models.DecimalField):
    """Baht and satang; empty is not known, which is another thing than zero."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 14, "decimal_places": 2, "null": True, **kwargs})

    def deconstruct(self) -> Any:
        """Migrations need not know more than the number."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs


class GroupMonth(Case):
    """The duties of one followed savings group in one month (handbook 5.2, M1 to M6).

    Which month is `period`, its first day; `Case` keeps it, and that it stands once a group.
    """

    deposit_on = models.DateField(_("Deposit day"), null=True)
    report_due_on = models.DateField(_("Report due"), null=True)
    missing_on = models.DateField(_("Counts as missing from"), null=True)
    # M1
    deposit_held = models.BooleanField(_("Was the deposit day held?"), null=True, choices=YES_NO)
    not_held_reason = models.TextField(
        _("If it was not held: why"), blank=True, help_text=_("The other fields then stay empty.")
    )
    held_on = PastDateField(_("Held on"), null=True)
    officer_present = models.BooleanField(_("Were you there?"), null=True, choices=YES_NO)
    absence_reason = models.TextField(_("If you were not there: why"), blank=True)
    substitute = models.CharField(_("Who was there for you"), max_length=150, blank=True)
    members_paid = models.PositiveIntegerField(_("Members who paid in"), null=True)
    members_unpaid = models.PositiveIntegerField(_("Members who did not"), null=True)
    deposits = MoneyField(_("Truth savings paid in (baht)"))
    special_deposits = MoneyField(_("Special savings paid in (baht)"))
    withdrawals = MoneyField(_("Savings withdrawn (baht)"))
    loans_paid_out = MoneyField(_("Loans paid out (baht)"))
    loans_repaid = MoneyField(_("Loans repaid (baht)"))
    arrears = MoneyField(_("Repayments due but not made (baht)"))
    new_members = models.PositiveIntegerField(_("New members"), null=True)
    members_left = models.PositiveIntegerField(_("Members who left"), null=True)
    banked = MoneyField(_("Paid into the bank (baht)"))
    # M2
    meeting_held = models.BooleanField(_("Did the committee meet?"), null=True, choices=YES_NO)
    no_meeting_reason = models.TextField(_("If it did not meet: why"), blank=True)
    met_on = PastDateField(_("Day of the meeting"), null=True)
    resolutions = models.TextField(_("Resolutions"), blank=True)
    repayment_follow_up = models.TextField(_("What is done about late repayments"), blank=True)
    cash_in_bank = models.BooleanField(
        _("Is the cash of the deposit day in the bank?"), null=True, choices=YES_NO
    )
    # M3
    audit_done = models.BooleanField(_("Were the accounts checked?"), null=True, choices=YES_NO)
    no_audit_reason = models.TextField(_("If they were not checked: why"), blank=True)
    audited_on = PastDateField(_("Checked on"), null=True)
    audited_by = models.CharField(_("Checked by"), max_length=200, blank=True)
    cash_counted = MoneyField(_("Cash counted (baht)"))
    bank_balance = MoneyField(_("Balance in the bank book (baht)"))
    register_savings = MoneyField(
        _("Sum of the members' savings in the register (baht)"),
        help_text=_("Special savings included."),
    )
    register_loans = MoneyField(_("Sum of the debtors' balances in the register (baht)"))
    differences = models.TextField(_("Differences found"), blank=True)
    # M4
    opening_balance = MoneyField(
        _("Savings at the beginning of the month (baht)"),
        help_text=_("As at the end of the month before; special savings included."),
    )
    savings_balance = MoneyField(_("Truth savings at the end of the month (baht)"))
    special_savings = MoneyField(_("Special savings at the end of the month (baht)"))
    members = models.PositiveIntegerField(_("Members"), null=True)
    borrowers = models.PositiveIntegerField(_("Borrowers"), null=True)
    loans_outstanding = MoneyField(_("Loans outstanding (baht)"))
    arrears_over_90_days = MoneyField(_("Arrears of more than 90 days (baht)"))
    cash = MoneyField(_("Cash in hand (baht)"))
    bank = MoneyField(
        _("Money in the bank (baht)"), help_text=_("Empty where the group has no account.")
    )
    interest_rate = models.DecimalField(
        _("Interest on loans (% a year)"), max_digits=5, decimal_places=2, null=True
    )
    reserve = MoneyField(_("Reserve (baht)"))
    welfare_fund = MoneyField(_("Welfare fund (baht)"))
    profit = MoneyField(_("Profit so far this year (baht)"))
    report_note = models.TextField(_("Note to the report"), blank=True)

    class Meta:
        verbose_name = _("month of a savings group")

    @property
    def closing_balance(self) -> Decimal | None:
        """All savings at the end of the month, baht; None while they are not known."""
        if self.savings_balance is None or self.special_savings is None:
            return None
        return self.savings_balance + self.special_savings

    @cached_property
    def month_before(self) -> "GroupMonth | None":
        """The latest accepted month before this one; its end is where this one begins."""
        earlier = GroupMonth.objects.filter(party=self.party_id, period__lt=self.period)
        accepted = earlier.filter(state__in=("accepted", "accepted_with_notes"))
        return accepted.order_by("-period").first()

    @cached_property
    def rules_in_force(self) -> RulesVersion | None:
        """The group's rules: the newest that the members adopted, else the newest draft."""
        known = RulesVersion.objects.filter(party=self.party_id)
        return known.order_by(models.F("adopted_on").desc(nulls_last=True), "-version").first()

    @transition(field="state", source="", target="open")
    def begin(self) -> None:
        """The month has come (handbook 5.2, trigger: calendar)."""

    @transition(field="state", source="open", target="accepted")
    def accept(self) -> None:
        """Accepted by the district CD chief."""

    @transition(field="state", source="open", target="accepted_with_notes")
    def accept_with_notes(self) -> None:
        """Accepted, with a remark that stays with it."""

    @transition(field="state", source="open", target="missing")
    def miss(self) -> None:
        """Not reported: on the tenth day after the month in which it was due, or before.

        The second in a row is told to the chief (handbook 5.2, late ladder).
        """
        silence.tell(self)
