"""What the page of a group shows: the register's entry, and what each procedure tells of it."""

from typing import Any

from django.db.models import F
from django.urls import reverse

from cases import contents as texts
from cases import interest, people
from cases.models import Case, Party, RulesVersion, User
from cases.numbers import whole
from workflows import contents
from workflows.pages import seats

LISTED = 12


def context(user: User, party: Party) -> dict[str, Any]:
    """The page of `party` for `user`, in a number of queries that does not grow with its life."""
    sections = (procedure.on_group(party) for procedure in contents.procedures())
    return {
        "group": _head(party),
        "sections": [section for section in sections if section],
        "cases": _cases(user, party),
        "rules": _rules(party),
        "members": party.members.filter(left_on__isnull=True).count(),
        "seats": seats.of_group(party),
    }


def may_see(user: User, party: Party) -> bool:
    """Whether the group lies in an area that the user reads (DESIGN 5)."""
    return any(party.area_id.startswith(code) for code in people.visible_areas(user))


def _head(party: Party) -> dict[str, Any]:
    return {
        "name": party.name,
        "kind": party.get_kind_display(),
        "level": party.level,
        "status": party.status,
        "status_label": party.get_status_display(),
        "register_number": party.register_number,
        "area_path": party.area.path,
        "area_url": reverse("area", args=[party.area_id]),
        "founded_on": party.founded_on,
        "closed_on": party.closed_on,
        "followed_from": party.followed_from,
        "invented": party.invented,
    }


def _rules(party: Party) -> dict[str, Any] | None:
    """The rules in force: the newest that the members adopted, else the newest draft."""
    known = RulesVersion.objects.filter(party=party)
    rules = known.order_by(F("adopted_on").asc(nulls_first=True), "version").last()
    if rules is None:
        return None
    return {
        "version": rules.version,
        "adopted_on": rules.adopted_on,
        "deposit_day": rules.deposit_day,
        "minimum_deposit": whole(rules.minimum_deposit),
        "interest": whole(
            interest.a_year(rules.interest_rate, rules.interest_period, rules.loan_fees)
        ),
        "cash_limit": whole(rules.cash_limit),
    }


def _cases(user: User, party: Party) -> list[dict[str, Any]]:
    """The latest cases about the group beside its months: its founding, and what is to come."""
    visible = Case.objects.visible_to(user).filter(party=party, period__isnull=True)
    return [
        {
            "number": case.number,
            "title": texts.pick(texts.body_of(case)["title"]),
            "state_label": texts.pick(texts.body_of(case)["states"].get(case.state)),
            "closed_at": case.closed_at,
            "url": reverse("case", args=[case.number]),
        }
        for case in visible.order_by("-pk")[:LISTED]
    ]
