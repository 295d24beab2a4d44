"""The group that a founding plans: its rules, its entry in the register, or what is left of it."""

from typing import Any

from cases import clock, eras, periods
from cases.models import CaseCounter, Party, RulesVersion
from workflows.procedures.savings_group.committees import SEATS
from workflows.procedures.savings_group.members import MEMBERS


def write_rules(case: Any) -> None:
    """The group's name and the first version of its rules, as drafted (handbook 5.1, 2.5)."""
    Party.objects.filter(pk=case.party_id).update(name=case.group_name)
    drafted = {
        "case_id": case.pk,
        "deposit_day": case.deposit_day,
        "minimum_deposit": case.minimum_deposit,
        "interest_rate": case.interest_rate,
        "interest_period": case.interest_period,
        "loan_fees": case.loan_fees or 0,
        "cash_limit": case.cash_limit,
    }
    RulesVersion.objects.update_or_create(
        party_id=case.party_id,
        version=1,
        defaults=drafted,
        create_defaults=drafted | {"drafted_on": clock.today()},
    )


def void(case: Any) -> None:
    """Nobody has joined, sits or agreed on rules any more; the group is still planned.

    It comes to this where a return reached behind the vote, and the new one was lost.
    """
    if case.party_id:
        case.party.rules.all().delete()
        case.party.seats.all().delete()
        case.party.members.all().delete()
        MEMBERS.forget(case)
        SEATS.forget(case)


def give_up(case: Any) -> None:
    """What was planned comes to nothing; the village is free for another founding."""
    planned = Party.objects.filter(pk=case.party_id, status=Party.Status.PLANNED)
    planned.update(status=Party.Status.NOT_FOUNDED)


def register(case: Any) -> None:
    """The group stands from the day of the meeting on, and is followed up (handbook 5.1, 2.9)."""
    founded_on, group = case.meeting_on or clock.today(), case.party
    group.status, group.name = Party.Status.ACTIVE, case.group_name
    group.founded_on = founded_on
    number = CaseCounter.take(f"SG-{case.area_id[2:6]}-{eras.fiscal_year(founded_on)}")
    group.register_number = number
    group.followed_from = periods.first_month(founded_on, case.deposit_day or 1)
    changed = ["status", "name", "founded_on", "register_number", "followed_from"]
    group.save(update_fields=changed)


def dissolve(case: Any) -> None:
    """The group leaves the register today."""
    standing = Party.objects.filter(pk=case.party_id)
    standing.update(status=Party.Status.DISSOLVED, closed_on=clock.today())
