"""What the founding of a savings group records, and what it is legally (handbook 5.1)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from cases import clock, contents, interest
from cases.model_fields import PastDateField, YearField
from cases.models import Case, Party, RulesVersion
from workflows.procedures.savings_group import group
from workflows.procedures.savings_group.guards import (
    committees_in_order,
    enough_interested,
    interest_within_law,
    members_borrow_only,
    members_deposit_only,
    members_in_order,
    revisit_day_known,
    vote_carried,
    votes_fit_attendance,
)
from workflows.procedures.savings_group.members import MEMBERS

# What a founding meeting and the work after it recorded: void once its vote is lost.
OF_THE_MEETING = (
    *("meeting_on", "meeting_place", "meeting_attendance"),
    *("votes_for", "votes_against", "votes_abstained", "after_lost_vote"),
    *("enrolled_on", "elected_on", "committee_term_months"),
    *("group_name", "deposit_day", "minimum_deposit", "cash_limit"),
    *("interest_rate", "interest_period", "loan_fees"),
    *("only_members_deposit", "only_members_borrow"),
    *("target_members", "target_savings", "target_on", "memo_number", "memo_on"),
)


class SavingsGroupFounding(Case):
    """Founding of one savings group in a village (handbook 5.1)."""

    class Trigger(models.TextChoices):
        NO_SAVING = "NO_SAVING", _("No habit of saving")
        NO_CAPITAL = "NO_CAPITAL", _("No source of capital")
        INFORMAL_DEBT = "INFORMAL_DEBT", _("Much informal debt")
        TARGET_LIST = "TARGET_LIST", _("The village is on a target list")

    class TrainingKind(models.TextChoices):
        TRAINING = "TRAINING", _("Training in the village")
        STUDY_VISIT = "STUDY_VISIT", _("Study visit to a successful group")
        GUEST = "GUEST", _("A leader of a successful group came to tell")

    class AfterLostVote(models.TextChoices):
        TRY_AGAIN = "TRY_AGAIN", _("Prepare again and meet later")
        CLOSE = "CLOSE", _("Close the case: the village declines")

    trigger = models.CharField(_("Why this village"), max_length=20, choices=Trigger, blank=True)
    trigger_note = models.TextField(_("Note"), blank=True)
    # 1.1
    study_source = models.CharField(
        _("Data used"),
        max_length=200,
        blank=True,
        help_text=_("For example BMN household data, village basic data."),
    )
    study_year = YearField(_("Year of the data"), null=True)
    study_findings = models.TextField(_("What the data show"), blank=True)
    # 1.2
    analysed_on = PastDateField(_("Day of the meeting"), null=True)
    analysis_participants = models.PositiveIntegerField(_("Participants"), null=True)
    problem_statement = models.TextField(_("The problem, in figures"), blank=True)
    # 1.3
    presented_on = PastDateField(_("Day of the presentation"), null=True)
    presented_to = models.TextField(_("Presented to"), blank=True)
    reaction = models.TextField(_("How they took it"), blank=True)
    # 1.4
    leaders_agreed = models.BooleanField(_("Do the leaders agree?"), null=True)
    revisit_on = models.DateField(
        _("Come back on"),
        null=True,
        help_text=_("Only if the leaders are not ready yet: the case waits till then."),
    )
    # 1.5
    training_kind = models.CharField(
        _("Kind of training"), max_length=20, choices=TrainingKind, blank=True
    )
    trained_on = PastDateField(_("Day of the training"), null=True)
    training_place = models.CharField(_("Place"), max_length=200, blank=True)
    training_participants = models.PositiveIntegerField(_("Participants"), null=True)
    training_lessons = models.TextField(_("What was learned"), blank=True)
    # 1.6
    interested_count = models.PositiveIntegerField(_("People interested"), null=True)
    # 2.1
    meeting_on = PastDateField(_("Day of the founding meeting"), null=True)
    meeting_place = models.CharField(_("Place"), max_length=200, blank=True)
    meeting_attendance = models.PositiveIntegerField(_("People present"), null=True)
    # 2.2
    votes_for = models.PositiveIntegerField(_("Votes for"), null=True)
    votes_against = models.PositiveIntegerField(_("Votes against"), null=True)
    votes_abstained = models.PositiveIntegerField(_("Abstained"), null=True)
    after_lost_vote = models.CharField(
        _("If the vote was lost"),
        max_length=20,
        choices=AfterLostVote,
        blank=True,
    )
    # 2.3
    enrolled_on = PastDateField(_("Day of enrolment"), null=True)
    # 2.4
    elected_on = PastDateField(_("Day of the election"), null=True)
    committee_term_months = models.PositiveSmallIntegerField(
        _("Term of office in months"), null=True
    )
    # 2.5
    group_name = models.CharField(_("Name of the group"), max_length=200, blank=True)
    deposit_day = models.PositiveSmallIntegerField(
        _("Deposit day of the month"),
        null=True,
        help_text=_("29, 30 and 31 mean the last day of a month that is shorter."),
    )
    minimum_deposit = models.DecimalField(
        _("Smallest deposit (baht)"), max_digits=10, decimal_places=2, null=True
    )
    interest_rate = models.DecimalField(
        _("Interest on loans (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        help_text=_("As the members agreed it; 1 % a month is 12 % a year."),
    )
    interest_period = models.CharField(
        _("Interest is counted"), max_length=5, choices=RulesVersion.Period, blank=True
    )
    loan_fees = models.DecimalField(
        _("Fees on a loan (% of it a year)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        help_text=_("Fees that act as interest count as interest."),
    )
    cash_limit = models.DecimalField(
        _("Most cash in hand (baht)"), max_digits=12, decimal_places=2, null=True
    )
    only_members_deposit = models.BooleanField(
        _("Does the group take deposits from members only?"), null=True
    )
    only_members_borrow = models.BooleanField(_("Does the group lend to members only?"), null=True)
    # 2.7
    target_members = models.PositiveIntegerField(_("Target: members"), null=True)
    target_savings = models.DecimalField(
        _("Target: savings (baht)"), max_digits=14, decimal_places=2, null=True
    )
    target_on = models.DateField(_("To be reached by"), null=True)
    # 2.8
    memo_number = models.CharField(_("Memo number"), max_length=40, blank=True)
    memo_on = PastDateField(_("Date of the memo"), null=True)

    # 3.1
    bank_name = models.CharField(_("Bank and branch"), max_length=100, blank=True)
    bank_letter_number = models.CharField(_("Letter number"), max_length=40, blank=True)
    bank_letter_on = PastDateField(_("Date of the letter"), null=True)
    account_opened_on = PastDateField(_("Account opened on"), null=True)
    account_signatories = models.TextField(
        _("Who signs for the account: name and position, one a line"), blank=True
    )
    # 3.2
    first_deposit_on = PastDateField(_("Day of the first deposit"), null=True)
    first_depositors = models.PositiveIntegerField(_("Members who deposited"), null=True)
    first_deposit_amount = models.DecimalField(
        _("Deposited in all (baht)"), max_digits=14, decimal_places=2, null=True
    )
    # 3.3
    advised_on = PastDateField(_("Day of the advice"), null=True)
    debtor_register = models.BooleanField(
        _("Is the register of individual debtors in place?"), null=True
    )
    contract_register = models.BooleanField(
        _("Is the register of loan contracts in place?"), null=True
    )
    contract_form = models.BooleanField(_("Is the form of the loan contract in use?"), null=True)
    advice = models.TextField(_("What was advised"), blank=True)
    # 3.4
    rules_adopted_on = PastDateField(_("Day of the members' meeting"), null=True)
    rules_resolution = models.CharField(_("Resolution"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("founding of a savings group")

    @property
    def votes(self) -> int:
        """All votes counted, abstentions included."""
        return (self.votes_for or 0) + (self.votes_against or 0) + (self.votes_abstained or 0)

    @property
    def members_enrolled(self) -> int | None:
        """How many joined at the founding; None before anybody did."""
        return len(MEMBERS.lines(self)) or None

    @property
    def minors_enrolled(self) -> int | None:
        """How many of them were minors on the day of enrolment; None before anybody joined."""
        return len(MEMBERS.minors(self)) if MEMBERS.lines(self) else None

    @property
    def interest_a_year(self) -> Decimal:
        """What a loan costs in % a year, fees included."""
        period = self.interest_period or RulesVersion.Period.YEAR
        rate, fees = Decimal(self.interest_rate or 0), Decimal(self.loan_fees or 0)
        return interest.a_year(rate, period, fees)

    def corrected(self, fields: Sequence[str]) -> None:
        """The register's day of founding and the adopted rules follow what was recorded."""
        if self.party and "meeting_on" in fields and self.state == "founded":
            Party.objects.filter(pk=self.party.pk).update(founded_on=self.meeting_on)
        if {"rules_adopted_on", "rules_resolution"}.intersection(fields):
            self.rules.filter(adopted_on__isnull=False).update(
                adopted_on=self.rules_adopted_on, resolution=self.rules_resolution
            )

    @property
    def first_deposit_due_on(self) -> date:
        """The first deposit is due within so many days of the founding (handbook 5.1)."""
        return self._after_founding("first_deposit_days")

    @property
    def rules_due_on(self) -> date:
        """The members adopt the full rules within so many days (handbook 5.1)."""
        return self._after_founding("full_rules_days")

    def _after_founding(self, number: str) -> date:
        founded = self.meeting_on or clock.today()
        return founded + timedelta(days=contents.number(self, number))

    @transition(field="state", source="", target="preparing")
    def begin(self) -> None:
        """Stage 1, before founding (ก่อนการจัดตั้ง)."""

    @transition(
        field="state", source="preparing", target="not_ready", conditions=[revisit_day_known]
    )
    def put_off(self) -> None:
        """The leaders are not ready; the case waits for the day of the next visit."""

    @transition(field="state", source="not_ready", target="preparing")
    def take_up_again(self) -> None:
        """The day has come: ask the leaders anew."""
        self.leaders_agreed = self.revisit_on = None

    @transition(
        field="state", source="preparing", target="founding", conditions=[enough_interested]
    )
    def start_founding(self) -> None:
        """Stage 2, founding (การจัดตั้ง)."""

    @transition(field="state", source="founding", target="preparing")
    def prepare_again(self) -> None:
        """The vote was lost and the village tries again: the meeting's figures are void.

        What was ticked and proved from the analysis on has to be so anew; the old files stay
        with the case, but prove nothing any more.
        """
        self.ticks.exclude(step="study").delete()
        self.documents.exclude(step="study").update(item="")
        group.void(self)
        for name in OF_THE_MEETING:
            column: Any = self._meta.get_field(name)
            setattr(self, name, column.get_default())

    @transition(field="state", source="founding", target="declined")
    def decline(self) -> None:
        """The vote was lost and the village wants no group."""
        group.give_up(self)

    @transition(
        field="state",
        source="founding",
        target="founded",
        conditions=[
            vote_carried,
            votes_fit_attendance,
            members_in_order,
            committees_in_order,
            interest_within_law,
            members_deposit_only,
            members_borrow_only,
        ],
    )
    def found(self) -> None:
        """Verified by the district CD chief: the group enters the register (handbook 5.1, 2.9)."""
        group.register(self)

    @transition(field="state", source="founded", target="founded")
    def adopt_rules(self) -> None:
        """The members adopted the rules: the newest draft is in force (handbook 5.1, 3.4)."""
        self.rules.order_by("-version").filter(adopted_on=None).update(
            adopted_on=self.rules_adopted_on, resolution=self.rules_resolution
        )

    @transition(field="state", source="founded", target="dissolved")
    def dissolve(self) -> None:
        """The group gave up within its first months; it leaves the register (handbook 5.1)."""
        group.dissolve(self)

    @transition(field="state", source=["preparing", "founding", "not_ready"], target="cancelled")
    def cancel(self) -> None:
        """Ended by the district CD chief with a reason."""
        group.give_up(self)
