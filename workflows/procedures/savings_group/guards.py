"""What must hold, and on which facts the way forks, when a group is founded (handbook 5.1)."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases import clock, contents
from cases.guards import guard

if TYPE_CHECKING:
    from workflows.procedures.savings_group.models import SavingsGroupFounding


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
    return case.votes_for is None or vote_carried(case) or bool(case.after_lost_vote)


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
    lambda case: (
        _("Interest is never above %(limit)s %% a year.")
        % {"limit": contents.number(case, "interest_limit")}
    ),
    field="interest_rate",
)
def interest_within_law(case: "SavingsGroupFounding") -> bool:
    """Civil code: not above 15 % a year (handbook 5.1, legal guards)."""
    return (case.interest_rate or 0) <= contents.number(case, "interest_limit")


@guard(lambda case: _("A deposit day is a day of the month, 1 to 31."), field="deposit_day")
def deposit_day_in_month(case: "SavingsGroupFounding") -> bool:
    return case.deposit_day is None or 1 <= case.deposit_day <= 31


@guard(
    lambda case: (
        _("%(minors)s minors cannot be among %(members)s members.")
        % {"minors": case.minors_enrolled or 0, "members": case.members_enrolled or 0}
    ),
    field="minors_enrolled",
)
def minors_among_members(case: "SavingsGroupFounding") -> bool:
    return (case.minors_enrolled or 0) <= (case.members_enrolled or 0)


@guard(
    lambda case: _("Nobody is enrolled before the founding meeting."),
    field="enrolled_on",
)
def enrolled_at_the_meeting(case: "SavingsGroupFounding") -> bool:
    """Members are enrolled the same day (handbook 5.1, 2.3); a later one is taken, none before."""
    return not (case.enrolled_on and case.meeting_on) or case.enrolled_on >= case.meeting_on


@guard(
    lambda case: _("A term of office lasts 1 to 60 months."),
    field="committee_term_months",
)
def term_is_given(case: "SavingsGroupFounding") -> bool:
    """Usual are 24 months, at most five years (handbook 5.1.1, 5.8)."""
    return case.committee_term_months is None or 1 <= case.committee_term_months <= 60


@guard(lambda case: _("A target lies ahead, after the founding meeting."), field="target_on")
def target_lies_ahead(case: "SavingsGroupFounding") -> bool:
    return not (case.target_on and case.meeting_on) or case.target_on > case.meeting_on


@guard(lambda case: _("The letter was written after the founding."), field="bank_letter_on")
def letter_after_founding(case: "SavingsGroupFounding") -> bool:
    return _not_before_founding(case, case.bank_letter_on)


@guard(lambda case: _("Nobody deposits before the founding."), field="first_deposit_on")
def deposit_after_founding(case: "SavingsGroupFounding") -> bool:
    return _not_before_founding(case, case.first_deposit_on)


@guard(
    lambda case: _("The account was opened after the founding."),
    field="account_opened_on",
)
def account_after_founding(case: "SavingsGroupFounding") -> bool:
    return _not_before_founding(case, case.account_opened_on)


@guard(
    lambda case: _("The members adopted the rules at or after the founding."),
    field="rules_adopted_on",
)
def rules_adopted_after_founding(case: "SavingsGroupFounding") -> bool:
    return _not_before_founding(case, case.rules_adopted_on)


def _not_before_founding(case: "SavingsGroupFounding", day: date | None) -> bool:
    return not (day and case.meeting_on) or day >= case.meeting_on


@guard(
    lambda case: (
        _("%(depositors)s deposited, but the group has %(members)s members: only members may.")
        % {"depositors": case.first_depositors or 0, "members": case.members_enrolled or 0}
    ),
    field="first_depositors",
)
def depositors_are_members(case: "SavingsGroupFounding") -> bool:
    """No deposits from non-members (handbook 5.1, legal guards)."""
    return (case.first_depositors or 0) <= (case.members_enrolled or 0)


def leaders_agreed(case: "SavingsGroupFounding") -> bool:
    """Fact: the village's leaders want the group (handbook 5.1, 1.4)."""
    return bool(case.leaders_agreed)


def village_tries_again(case: "SavingsGroupFounding") -> bool:
    """Fact: after a lost vote the village prepares once more."""
    return case.after_lost_vote == "TRY_AGAIN"
