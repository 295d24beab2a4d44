"""What a month's report must hold, what looks wrong in it, on which facts it forks (5.2)."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases import clock, contents
from cases.guards import Guard, guard
from cases.numbers import format_number

if TYPE_CHECKING:
    from workflows.procedures.group_month.models import GroupMonth

PRESENCE = ("held_on", "officer_present")
MONEY = (
    *("members_paid", "members_unpaid", "deposits", "special_deposits", "withdrawals"),
    *("loans_paid_out", "loans_repaid", "arrears", "new_members", "members_left", "banked"),
)
MEETING = ("met_on", "resolutions", "repayment_follow_up")
AUDIT = ("audited_on", "audited_by", "cash_counted", "register_savings", "register_loans")


def _needed(
    names: tuple[str, ...], applies: Callable[[Any], bool], why: Callable[[], str]
) -> Guard:
    """All of `names` are filled in where `applies` holds; it says which are not, and `why`."""

    def empty(case: Any) -> list[str]:
        return [name for name in names if getattr(case, name) in (None, "")]

    def explain(case: Any) -> str:
        labels = (str(case._meta.get_field(name).verbose_name) for name in empty(case))
        return _("%(why)s Still empty: %(labels)s.") % {"why": why(), "labels": ", ".join(labels)}

    def filled(case: Any) -> bool:
        return not applies(case) or not empty(case)

    return Guard(filled, explain, names[0], names)


def deposit_day_ahead(case: "GroupMonth") -> bool:
    """Fact: the group's deposit day of this month is today or still to come."""
    return case.deposit_on is not None and case.deposit_on >= clock.today()


# M1: the deposit day ------------------------------------------------------------------------
day_is_recorded = _needed(
    (*PRESENCE, *MONEY),
    lambda case: bool(case.deposit_held),
    lambda: _("The deposit day was held."),
)


@guard(
    lambda case: _("The deposit day was not held: say why."),
    field="not_held_reason",
    asks=("not_held_reason",),
)
def reason_not_held(case: "GroupMonth") -> bool:
    return case.deposit_held is not False or bool(case.not_held_reason)


@guard(
    lambda case: _("You were not there: say why."), field="absence_reason", asks=("absence_reason",)
)
def reason_absent(case: "GroupMonth") -> bool:
    """An officer who is absent gives the reason and the substitute (handbook 5.2, exceptions)."""
    return case.officer_present is not False or bool(case.absence_reason)


@guard(lambda case: _("This is before the month that you report."), field="held_on")
def held_in_its_month(case: "GroupMonth") -> bool:
    return case.held_on is None or case.period is None or case.held_on >= case.period


@guard(
    lambda case: _("Money was paid into the bank: attach a photo of the slip."), field="check-slip"
)
def slip_is_kept(case: "GroupMonth") -> bool:
    """The amount banked is proved by its slip (handbook 5.2, M1)."""
    return not case.banked or _proved(case, "attend", "slip")


# M2: the committee's meeting ----------------------------------------------------------------
meeting_is_recorded = _needed(
    MEETING, lambda case: bool(case.meeting_held), lambda: _("The committee met.")
)


@guard(
    lambda case: _("The committee did not meet: say why."),
    field="no_meeting_reason",
    asks=("no_meeting_reason",),
)
def reason_no_meeting(case: "GroupMonth") -> bool:
    return case.meeting_held is not False or bool(case.no_meeting_reason)


@guard(lambda case: _("The committee met: attach its minutes."), field="check-minutes")
def minutes_are_kept(case: "GroupMonth") -> bool:
    return not case.meeting_held or _proved(case, "committee_meeting", "minutes")


@guard(
    lambda case: _("The cash of the deposit day is not in the bank: find out why."),
    field="cash_in_bank",
)
def cash_is_in_bank(case: "GroupMonth") -> bool:
    """Warning: cash that is not banked is a matter of its own (handbook 5.2, exceptions)."""
    return case.cash_in_bank is not False


# M3: the check of the accounts --------------------------------------------------------------
audit_is_recorded = _needed(
    AUDIT, lambda case: bool(case.audit_done), lambda: _("The accounts were checked.")
)


@guard(
    lambda case: _("The accounts were not checked: say why."),
    field="no_audit_reason",
    asks=("no_audit_reason",),
)
def reason_no_audit(case: "GroupMonth") -> bool:
    return case.audit_done is not False or bool(case.no_audit_reason)


@guard(lambda case: _("The accounts were checked: attach the signed sheet."), field="check-sheet")
def sheet_is_kept(case: "GroupMonth") -> bool:
    return not case.audit_done or _proved(case, "account_check", "sheet")


@guard(
    lambda case: _("The accounts were not checked this month; it is asked at least once a month."),
    field="audit_done",
)
def checked_every_month(case: "GroupMonth") -> bool:
    """Warning: accounts are checked at least once a month (handbook 4.2, 5.2)."""
    return case.audit_done is not False


# M4: integrity of the report; a breach is a warning, never silence (handbook 5.2) ------------
@guard(
    lambda case: (
        _("Savings begin with %(here)s baht, but the last accepted month ended with %(there)s.")
        % _pair(case.opening_balance, _closing_before(case))
    ),
    field="opening_balance",
)
def opens_where_it_closed(case: "GroupMonth") -> bool:
    return _equal(case.opening_balance, _closing_before(case))


@guard(
    lambda case: (
        _("Opening, plus paid in, less withdrawn, makes %(here)s baht, but %(there)s is reported.")
        % _pair(_reckoned(case), case.closing_balance)
    ),
    field="savings_balance",
)
def balance_adds_up(case: "GroupMonth") -> bool:
    """Opening + in − out = closing."""
    return _equal(_reckoned(case), case.closing_balance)


@guard(
    lambda case: (
        _("Savings of %(here)s baht are reported, but the members' register adds up to %(there)s.")
        % _pair(case.closing_balance, case.register_savings)
    ),
    field="savings_balance",
)
def savings_fit_register(case: "GroupMonth") -> bool:
    """Savings = sum of the members' balances."""
    return _equal(case.closing_balance, case.register_savings)


@guard(
    lambda case: (
        _("Loans of %(here)s baht are reported, but the debtors' register adds up to %(there)s.")
        % _pair(case.loans_outstanding, case.register_loans)
    ),
    field="loans_outstanding",
)
def loans_fit_register(case: "GroupMonth") -> bool:
    """Loans = sum of the debtors' balances."""
    return _equal(case.loans_outstanding, case.register_loans)


@guard(
    lambda case: (
        _("Cash in hand is %(here)s baht; the group's rules allow at most %(there)s.")
        % _pair(case.cash, case.rules_in_force and case.rules_in_force.cash_limit)
    ),
    field="cash",
)
def cash_within_rules(case: "GroupMonth") -> bool:
    """Cash ≤ the limit in the group's rules, where they set one."""
    if case.cash is None or case.rules_in_force is None or case.rules_in_force.cash_limit is None:
        return True
    return case.cash <= case.rules_in_force.cash_limit


@guard(
    lambda case: (
        _("Interest of %(rate)s %% a year is above the law's %(limit)s %%.")
        % {"rate": case.interest_rate, "limit": contents.number(case, "interest_limit")}
    ),
    field="interest_rate",
)
def interest_within_law(case: "GroupMonth") -> bool:
    """Never above 15 % a year (handbook 5.1, legal guards; 5.2, integrity rules)."""
    return (case.interest_rate or 0) <= contents.number(case, "interest_limit")


INTEGRITY = (
    *(opens_where_it_closed, balance_adds_up, savings_fit_register, loans_fit_register),
    *(cash_within_rules, interest_within_law),
)


def _proved(case: "GroupMonth", step: str, item: str) -> bool:
    return case.documents.filter(step=step, item=item, removed_at__isnull=True).exists()


def _closing_before(case: "GroupMonth") -> Decimal | None:
    return case.month_before.closing_balance if case.month_before else None


def _reckoned(case: "GroupMonth") -> Decimal | None:
    """Savings at the end of the month by its movements; None while the opening is not known."""
    if case.opening_balance is None:
        return None
    paid_in = (case.deposits or 0) + (case.special_deposits or 0)
    return case.opening_balance + paid_in - (case.withdrawals or 0)


def _equal(one: Decimal | None, other: Decimal | None) -> bool:
    """Whether two sums agree; what is not known disagrees with nothing."""
    return one is None or other is None or one == other


def _pair(here: Decimal | None, there: Decimal | None) -> dict[str, str]:
    return {"here": format_number(here or 0), "there": format_number(there or 0)}
