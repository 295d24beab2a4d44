"""Groups that need attention: two months missing in a row, three without deposits (5.2)."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases import clock
from cases.models import Party
from cases.periods import months_later
from workflows.procedures.group_month.models import GroupMonth

SILENT, WITHOUT_DEPOSITS = 2, 3  # months in a row (handbook 5.2, late ladder)
_BACK = 8  # months looked at: those that have not ended yet come on top of those that have
_READ = ("party", "period", "state", "deposits", "special_deposits")


def of_groups(months: QuerySet[GroupMonth]) -> dict[int, str]:
    """Why each group among `months` needs attention, in words, by its key; one query."""
    since = months_later(clock.today().replace(day=1), -_BACK)
    ended = months.filter(
        closed_at__isnull=False, period__gte=since, party__status=Party.Status.ACTIVE
    )
    rows = ended.order_by("party", "-period").values(*_READ)
    found = {}
    for party, latest_first in groupby(rows, key=lambda row: row["party"]):
        if text := _why(list(latest_first)):
            found[party] = text
    return found


def _why(latest_first: list[dict[str, Any]]) -> str:
    three, two = latest_first[:WITHOUT_DEPOSITS], latest_first[:SILENT]
    if len(three) == WITHOUT_DEPOSITS and not any(map(_has_deposits, three)):
        return _("Three months in a row without a known deposit: review whether it is dormant.")
    if len(two) == SILENT and all(row["state"] == "missing" for row in two):
        return _("Two months in a row without a report.")
    return ""


def _has_deposits(row: dict[str, Any]) -> bool:
    """What a month that is missing may have taken in is not known."""
    paid_in = (row["deposits"] or 0) + (row["special_deposits"] or 0)
    return row["state"] != "missing" and bool(paid_in)


def named(found: dict[int, str], groups: Iterable[Party]) -> list[dict[str, str]]:
    """The groups with the reason and where to look, for a list."""
    return [
        {"name": group.name, "url": f"/groups/{group.pk}/", "text": found[group.pk]}
        for group in groups
    ]
