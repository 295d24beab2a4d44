"""The picture of who sits where: people × funds (handbook 5.1, exceptions; 5.1.1)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import seats
from cases.models import Party, Seat

_APART = {Seat.Committee.AUDIT.value, Seat.Committee.DIRECTING.value}
_ORDER = {code: number for number, code in enumerate(Seat.Position.values)}


def of_village(code: str) -> dict[str, Any] | None:
    """Everybody who sits on a group or fund of the village; None where nobody does. One query."""
    return picture(seats.in_area(code))


def of_group(party: Party) -> dict[str, Any] | None:
    """Who sits on `party`, and where else in its subdistrict; None where nobody does."""
    own = list(seats.held().filter(party=party))
    names = [seat.name for seat in own]
    return picture([*own, *seats.elsewhere(names, party.area_id, besides=party.pk)])


def picture(held: Iterable[Seat]) -> dict[str, Any] | None:
    """Seats as a matrix: a row a person, those on several funds first, and a column a fund."""
    rows: dict[str, list[Seat]] = {}
    funds: dict[int, Party] = {}
    for seat in held:
        rows.setdefault(seat.name_key, []).append(seat)
        funds[seat.party_id] = seat.party
    if not rows:
        return None
    people = sorted((_person(own, funds) for own in rows.values()), key=_urgency)
    several = sum(person["several"] for person in people)
    conflicts = sum(person["conflict"] for person in people)
    return {
        "funds": [{"name": fund.name, "kind": fund.get_kind_display()} for fund in funds.values()],
        "people": people,
        "several": several,
        "conflicts": conflicts,
        "summary": _summary(len(people), len(funds), several),
    }


def _summary(people: int, funds: int, several: int) -> str:
    what = {
        "people": ngettext("%(count)s person", "%(count)s people", people) % {"count": people},
        "funds": ngettext("%(count)s fund", "%(count)s funds", funds) % {"count": funds},
        "several": several,
    }
    if several:
        return _("%(people)s on %(funds)s; %(several)s of them on more than one.") % what
    return _("%(people)s on %(funds)s; nobody on more than one.") % what


def _person(own: list[Seat], funds: dict[int, Party]) -> dict[str, Any]:
    mine = {seat.party_id for seat in own}
    by_fund = {
        fund: sorted((s for s in own if s.party_id == fund), key=lambda s: _ORDER[s.position])
        for fund in funds
    }
    conflict = any({seat.committee for seat in held} >= _APART for held in by_fund.values())
    return {
        "name": own[0].name,
        "several": len(mine) > 1,
        "number": len(mine),
        "conflict": conflict,
        "first": own[0].pk,
        "cells": [
            {"fund": funds[fund].name, "seats": [_seat(seat) for seat in held]}
            for fund, held in by_fund.items()
        ],
    }


def _seat(seat: Seat) -> dict[str, str]:
    only = seat.committee == Seat.Committee.MANAGEMENT  # the fund has no other committee
    committee = "" if only else str(seat.get_committee_display())
    return {"position": str(seat.get_position_display()), "committee": committee}


def _urgency(person: dict[str, Any]) -> tuple[bool, int, int]:
    return not person["conflict"], -person["number"], person["first"]
