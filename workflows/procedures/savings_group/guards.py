"""What must hold, and on which facts the way forks, when a group is founded (handbook 5.1)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases import clock, contents, register, seats
from cases.guards import guard
from cases.models import Party, Seat
from cases.numbers import format_number
from workflows.procedures.savings_group.committees import SEATS, elected
from workflows.procedures.savings_group.members import MEMBERS

if TYPE_CHECKING:
    from workflows.procedures.savings_group.models import SavingsGroupFounding


@guard(
    lambda case: (
        _("This village has a savings group already: %(names)s. Open a second one on purpose only.")
        % {"names": ", ".join(map(str, _standing_here(case)))}
    )
)
def no_group_stands_here(case: "SavingsGroupFounding") -> bool:
    """Founding is for villages without a group (handbook 5.1, trigger)."""
    return not _standing_here(case)


def _standing_here(case: "SavingsGroupFounding") -> list[Party]:
    here = register.groups_in(case.area_id)
    return [group for group in here if group.kind == Party.Kind.SAVINGS_GROUP]


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


@guard(lambda case: MEMBERS.wrong(case)[0].text)
def members_in_order(case: "SavingsGroupFounding") -> bool:
    """Enough people joined, no minor without consent (handbook 5.1, 2.3 and exceptions)."""
    return not MEMBERS.wrong(case)


@guard(lambda case: SEATS.wrong(case)[0].text)
def committees_in_order(case: "SavingsGroupFounding") -> bool:
    """The four committees are of the right size and kept apart (handbook 5.1.1)."""
    return not SEATS.wrong(case)


@guard(lambda case: _several_funds(case))
def nobody_sits_on_several_funds(case: "SavingsGroupFounding") -> bool:
    """The same people on all committees of a village are a risk (handbook 5.1, exceptions)."""
    return not _elsewhere(case)


def _elsewhere(case: "SavingsGroupFounding") -> list[Seat]:
    names = elected(case)
    return seats.elsewhere(names, case.area_id, besides=case.party_id) if names else []


def _several_funds(case: "SavingsGroupFounding") -> str:
    held: dict[str, list[str]] = {}
    for seat in _elsewhere(case):
        position = f"{seat.party.name} ({seat.get_position_display()})"
        held.setdefault(seat.name, []).append(position)
    people = "; ".join(f"{name}: {', '.join(others)}" for name, others in held.items())
    return _("People elected here sit on other funds too. %(people)s") % {"people": people}


@guard(lambda case: _too_dear(case), field="interest_rate")
def interest_within_law(case: "SavingsGroupFounding") -> bool:
    """Civil code: not above 15 % a year, fees included (handbook 5.1, legal guards)."""
    return case.interest_a_year <= contents.number(case, "interest_limit")


def _too_dear(case: "SavingsGroupFounding") -> str:
    what = {
        "a_year": format_number(case.interest_a_year.normalize() + 0),
        "limit": contents.number(case, "interest_limit"),
    }
    return (
        _(
            "That is %(a_year)s %% a year with its fees. The civil code allows %(limit)s %% a year "
            "at most; whoever takes more can be punished with up to two years of prison, a fine of "
            "up to 200,000 baht, or both."
        )
        % what
    )


@guard(
    lambda case: _(
        "The group may take deposits from its members only: deposits from the public are the "
        "business of banks, which the law protects. Answer yes, or let the members decide so first."
    ),
    field="only_members_deposit",
)
def members_deposit_only(case: "SavingsGroupFounding") -> bool:
    """No deposits from non-members (handbook 5.1, legal guards)."""
    return bool(case.only_members_deposit)


@guard(
    lambda case: _(
        "The group may lend to its members only: loans to others are the business of banks, "
        "which the law protects. Answer yes, or let the members decide so first."
    ),
    field="only_members_borrow",
)
def members_borrow_only(case: "SavingsGroupFounding") -> bool:
    """No loans to non-members (handbook 5.1, legal guards)."""
    return bool(case.only_members_borrow)


@guard(lambda case: _("A deposit day is a day of the month, 1 to 31."), field="deposit_day")
def deposit_day_in_month(case: "SavingsGroupFounding") -> bool:
    return case.deposit_day is None or 1 <= case.deposit_day <= 31


@guard(
    lambda case: _("Nobody is enrolled before the founding meeting."),
    field="enrolled_on",
)
def enrolled_at_the_meeting(case: "SavingsGroupFounding") -> bool:
    """Members are enrolled the same day (handbook 5.1, 2.3); a later one is taken, none before."""
    return not (case.enrolled_on and case.meeting_on) or case.enrolled_on >= case.meeting_on


@guard(
    lambda case: _("The committees are elected by the members: not before they joined."),
    field="elected_on",
)
def elected_after_enrolment(case: "SavingsGroupFounding") -> bool:
    """The members elect, so they have joined by then (handbook 5.1, 2.3-2.4)."""
    return not (case.elected_on and case.enrolled_on) or case.elected_on >= case.enrolled_on


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
    """No deposits from non-members (handbook 5.1, legal guards).

    Of a group that was taken over from paper, nobody may know yet how many joined.
    """
    members = case.members_enrolled
    return members is None or (case.first_depositors or 0) <= members


def leaders_agreed(case: "SavingsGroupFounding") -> bool:
    """Fact: the village's leaders want the group (handbook 5.1, 1.4)."""
    return bool(case.leaders_agreed)


def village_tries_again(case: "SavingsGroupFounding") -> bool:
    """Fact: after a lost vote the village prepares once more."""
    return case.after_lost_vote == "TRY_AGAIN"


def the_same_day(case: "SavingsGroupFounding") -> dict[str, Any]:
    """Members are enrolled on the day of the meeting (handbook 5.1, 2.3)."""
    return {"enrolled_on": case.meeting_on}


def the_usual_term(case: "SavingsGroupFounding") -> dict[str, Any]:
    """The committees are elected that day too, for two years (handbook 5.1, 5.1.1)."""
    months = contents.number(case, "term_months")
    return {"elected_on": case.enrolled_on, "committee_term_months": months}


def the_usual_name(case: "SavingsGroupFounding") -> dict[str, Any]:
    """The group is called after its village till the members decide otherwise."""
    return {"group_name": case.party.name if case.party else ""}
