"""What the founding of a savings group records, and what it is legally (handbook 5.1)."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import transition

from cases import clock, contents, eras
from cases.guards import guard
from cases.model_fields import PastDateField, YearField
from cases.models import Case, CaseCounter, Party


@guard(
    lambda case: (
        _("At least %(needed)s people have to be interested; so far there are %(count)s.")
        % {"needed": contents.number(case, "interested"), "count": case.interested_count or 0}
    ),
    field="interested_count",
)
def enough_interested(case: "SavingsGroupFounding") -> bool:
    """When "a number" is reached, leaders ask for the meeting; default 20 (handbook 5.1, 1.6)."""
    return (case.interested_count or 0) >= contents.number(case, "interested")


@guard(
    lambda case: _("The leaders are not ready yet: say on which day you will come back."),
    field="revisit_on",
)
def revisit_day_known(case: "SavingsGroupFounding") -> bool:
    return case.leaders_agreed is not False or case.revisit_on is not None


@guard(
    lambda case: _("The day to come back has to lie after today."),
    field="revisit_on",
)
def revisit_day_ahead(case: "SavingsGroupFounding") -> bool:
    return case.leaders_agreed is not False or (case.revisit_on or clock.today()) > clock.today()


@guard(
    lambda case: (
        _("%(votes)s votes were counted, but only %(people)s people attended.")
        % {"votes": case.votes, "people": case.meeting_attendance or 0}
    ),
    field="votes_for",
)
def votes_fit_attendance(case: "SavingsGroupFounding") -> bool:
    return case.votes <= (case.meeting_attendance or 0)


@guard(
    lambda case: _("The vote was not in favour: say whether the village tries again."),
    field="after_lost_vote",
)
def lost_vote_has_consequence(case: "SavingsGroupFounding") -> bool:
    return vote_carried(case) or bool(case.after_lost_vote)


@guard(lambda case: _("The meeting did not vote in favour."), field="votes_for")
def vote_carried(case: "SavingsGroupFounding") -> bool:
    """The founding needs more votes for than against, by free will (handbook 5.1, 2.2)."""
    return (case.votes_for or 0) > (case.votes_against or 0)


@guard(
    lambda case: (
        _("%(minors)s minors joined, but only %(consents)s consents of parents are there.")
        % {"minors": case.minors_enrolled or 0, "consents": case.parental_consents or 0}
    ),
    field="parental_consents",
)
def minors_have_consent(case: "SavingsGroupFounding") -> bool:
    """A minor without consent is not enrolled (handbook 5.1, exceptions)."""
    return (case.parental_consents or 0) >= (case.minors_enrolled or 0)


@guard(
    lambda case: _("Interest is never above %(limit)s % a year.").replace(
        "%(limit)s", str(contents.number(case, "interest_limit"))
    ),
    field="interest_rate",
)
def interest_within_law(case: "SavingsGroupFounding") -> bool:
    """Civil code: not above 15 % a year (handbook 5.1, legal guards)."""
    return (case.interest_rate or 0) <= contents.number(case, "interest_limit")


@guard(lambda case: _("A deposit day is a day of the month, 1 to 31."), field="deposit_day")
def deposit_day_in_month(case: "SavingsGroupFounding") -> bool:
    return case.deposit_day is None or 1 <= case.deposit_day <= 31


def leaders_agreed(case: "SavingsGroupFounding") -> bool:
    """Fact: the village's leaders want the group (handbook 5.1, 1.4)."""
    return bool(case.leaders_agreed)


def village_tries_again(case: "SavingsGroupFounding") -> bool:
    """Fact: after a lost vote the village prepares once more."""
    return case.after_lost_vote == SavingsGroupFounding.AfterLostVote.TRY_AGAIN


class SavingsGroupFounding(Case):
    """Founding of one savings group in a village (handbook 5.1)."""

    class Trigger(models.TextChoices):
        NO_SAVING = "NO_SAVING", gettext_lazy("No habit of saving")
        NO_CAPITAL = "NO_CAPITAL", gettext_lazy("No source of capital")
        INFORMAL_DEBT = "INFORMAL_DEBT", gettext_lazy("Much informal debt")
        TARGET_LIST = "TARGET_LIST", gettext_lazy("The village is on a target list")

    class TrainingKind(models.TextChoices):
        TRAINING = "TRAINING", gettext_lazy("Training in the village")
        STUDY_VISIT = "STUDY_VISIT", gettext_lazy("Study visit to a successful group")
        GUEST = "GUEST", gettext_lazy("A leader of a successful group came to tell")

    class AfterLostVote(models.TextChoices):
        TRY_AGAIN = "TRY_AGAIN", gettext_lazy("Prepare again and meet later")
        CLOSE = "CLOSE", gettext_lazy("Close the case: the village declines")

    trigger = models.CharField(
        gettext_lazy("Why this village"), max_length=20, choices=Trigger, blank=True
    )
    trigger_note = models.TextField(gettext_lazy("Note"), blank=True)
    # 1.1
    study_source = models.CharField(
        gettext_lazy("Data used"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("For example BMN household data, village basic data."),
    )
    study_year = YearField(gettext_lazy("Year of the data"), null=True)
    study_findings = models.TextField(gettext_lazy("What the data show"), blank=True)
    # 1.2
    analysed_on = PastDateField(gettext_lazy("Day of the meeting"), null=True)
    analysis_participants = models.PositiveIntegerField(gettext_lazy("Participants"), null=True)
    problem_statement = models.TextField(gettext_lazy("The problem, in figures"), blank=True)
    # 1.3
    presented_on = PastDateField(gettext_lazy("Day of the presentation"), null=True)
    presented_to = models.TextField(gettext_lazy("Presented to"), blank=True)
    reaction = models.TextField(gettext_lazy("How they took it"), blank=True)
    # 1.4
    leaders_agreed = models.BooleanField(gettext_lazy("Do the leaders agree?"), null=True)
    revisit_on = models.DateField(
        gettext_lazy("Come back on"),
        null=True,
        help_text=gettext_lazy("Only if the leaders are not ready yet: the case waits till then."),
    )
    # 1.5
    training_kind = models.CharField(
        gettext_lazy("Kind of training"), max_length=20, choices=TrainingKind, blank=True
    )
    trained_on = PastDateField(gettext_lazy("Day of the training"), null=True)
    training_place = models.CharField(gettext_lazy("Place"), max_length=200, blank=True)
    training_participants = models.PositiveIntegerField(gettext_lazy("Participants"), null=True)
    training_lessons = models.TextField(gettext_lazy("What was learned"), blank=True)
    # 1.6
    interested_count = models.PositiveIntegerField(gettext_lazy("People interested"), null=True)
    # 2.1
    meeting_on = PastDateField(gettext_lazy("Day of the founding meeting"), null=True)
    meeting_place = models.CharField(gettext_lazy("Place"), max_length=200, blank=True)
    meeting_attendance = models.PositiveIntegerField(gettext_lazy("People present"), null=True)
    # 2.2
    votes_for = models.PositiveIntegerField(gettext_lazy("Votes for"), null=True)
    votes_against = models.PositiveIntegerField(gettext_lazy("Votes against"), null=True)
    votes_abstained = models.PositiveIntegerField(gettext_lazy("Abstained"), null=True)
    after_lost_vote = models.CharField(
        gettext_lazy("If the vote was lost"),
        max_length=20,
        choices=AfterLostVote,
        blank=True,
    )
    # 2.3
    enrolled_on = PastDateField(gettext_lazy("Day of enrolment"), null=True)
    members_enrolled = models.PositiveIntegerField(gettext_lazy("Members enrolled"), null=True)
    minors_enrolled = models.PositiveIntegerField(gettext_lazy("Minors among them"), null=True)
    parental_consents = models.PositiveIntegerField(
        gettext_lazy("Written consents of parents"), null=True
    )
    # 2.4
    elected_on = PastDateField(gettext_lazy("Day of the election"), null=True)
    committee_members = models.TextField(
        gettext_lazy("Committee: name and position, one a line"), blank=True
    )
    committee_term_months = models.PositiveSmallIntegerField(
        gettext_lazy("Term of office in months"), null=True
    )
    # 2.5
    group_name = models.CharField(gettext_lazy("Name of the group"), max_length=200, blank=True)
    deposit_day = models.PositiveSmallIntegerField(
        gettext_lazy("Deposit day of the month"), null=True
    )
    minimum_deposit = models.DecimalField(
        gettext_lazy("Smallest deposit (baht)"), max_digits=10, decimal_places=2, null=True
    )
    interest_rate = models.DecimalField(
        gettext_lazy("Interest on loans (% a year)"), max_digits=5, decimal_places=2, null=True
    )
    # 2.7
    target_members = models.PositiveIntegerField(gettext_lazy("Target: members"), null=True)
    target_savings = models.DecimalField(
        gettext_lazy("Target: savings (baht)"), max_digits=14, decimal_places=2, null=True
    )
    target_on = models.DateField(gettext_lazy("To be reached by"), null=True)
    # 2.8
    memo_number = models.CharField(gettext_lazy("Memo number"), max_length=40, blank=True)
    memo_on = PastDateField(gettext_lazy("Date of the memo"), null=True)

    class Meta:
        verbose_name = gettext_lazy("founding of a savings group")

    @property
    def votes(self) -> int:
        """All votes counted, abstentions included."""
        return (self.votes_for or 0) + (self.votes_against or 0) + (self.votes_abstained or 0)

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
        """The vote was lost and the village tries again: the meeting's figures are void."""
        self.votes_for = self.votes_against = self.votes_abstained = None
        self.meeting_on = self.meeting_attendance = None
        self.meeting_place = self.after_lost_vote = ""

    @transition(field="state", source="founding", target="declined")
    def decline(self) -> None:
        """The vote was lost and the village wants no group."""

    @transition(
        field="state",
        source="founding",
        target="founded",
        conditions=[vote_carried, minors_have_consent, interest_within_law],
    )
    def found(self) -> None:
        """Verified by the district CD chief: the group enters the register (handbook 5.1, 2.9)."""
        year = eras.fiscal_year(self.meeting_on)
        self.party = Party.objects.create(
            kind=Party.Kind.SAVINGS_GROUP,
            name=self.group_name,
            area_id=self.area_id,
            founded_on=self.meeting_on,
            register_number=CaseCounter.take(f"SG-{self.area_id[2:6]}-{year}"),
        )

    @transition(field="state", source=["preparing", "founding", "not_ready"], target="cancelled")
    def cancel(self) -> None:
        """Ended by the district CD chief with a reason."""
