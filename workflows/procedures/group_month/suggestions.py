"""What a month's forms offer before anybody types: known days, figures carried over."""

from typing import TYPE_CHECKING, Any

from cases import clock, interest

if TYPE_CHECKING:
    from workflows.procedures.group_month.models import GroupMonth

_STAYING = ("interest_rate", "reserve", "welfare_fund")


def planned_day(case: "GroupMonth") -> dict[str, Any]:
    """The deposit day as planned, once it has come."""
    come = case.deposit_on is not None and case.deposit_on <= clock.today()
    return {"held_on": case.deposit_on} if come else {}


def carried_over(case: "GroupMonth") -> dict[str, Any]:
    """Figures of the last accepted month that usually stay, and where the savings begin."""
    before = case.month_before
    if before is None:
        return _of_new_group(case)
    offered = {name: getattr(before, name) for name in _STAYING}
    offered["opening_balance"] = before.closing_balance
    if before.members is not None:
        offered["members"] = before.members + (case.new_members or 0) - (case.members_left or 0)
    return offered


def _of_new_group(case: "GroupMonth") -> dict[str, Any]:
    """A group that was just founded begins with nothing; its rules name the interest."""
    offered: dict[str, Any] = {"opening_balance": 0} if case.parent_case_id else {}
    rules = case.rules_in_force
    if rules is not None:
        rate = interest.a_year(rules.interest_rate, rules.interest_period, rules.loan_fees)
        offered["interest_rate"] = rate
    return offered
