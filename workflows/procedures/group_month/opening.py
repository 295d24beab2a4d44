"""Opens the months of followed groups: each exactly once, also those that beat slept through."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from cases import clock, contents
from cases.models import Case, Party, RulesVersion
from cases.periods import months_through
from workflows.procedures.group_month.days import MonthDays, days_of
from workflows.procedures.group_month.flows import GroupMonthFlow
from workflows.procedures.group_month.models import GroupMonth

log = logging.getLogger(__name__)

BATCH = 20  # groups a transaction: the counter of case numbers is held so long
_NUMBERS = ("report_day", "same_month_until", "missing_after_days")

# Groups that lack a month in which they stood; which of them is asked is said by `_asked`.
LACKING = """
SELECT DISTINCT party.id FROM cases_party AS party
CROSS JOIN LATERAL generate_series(
    date_trunc('month', party.followed_from),
    LEAST(%(today)s::date, COALESCE(party.closed_on, %(today)s::date)), '1 month'
) AS month
WHERE party.kind = 'SAVINGS_GROUP'
    AND (party.status = 'ACTIVE' OR (party.status = 'DISSOLVED' AND party.closed_on IS NOT NULL))
    AND NOT EXISTS (
        SELECT FROM cases_case AS opened WHERE opened.party_id = party.id
        AND opened.procedure = %(code)s AND opened.period = month::date
    )
ORDER BY party.id
"""


def open_months() -> int:
    """Open every month up to this one that a followed group lacks; returns how many.

    Asked are groups that are active, from `followed_from` on, and dissolved ones up to their
    last day. Any number of openers may run at once: each holds the group while it looks which
    months are there, and the database holds one case a group and month.
    """
    with connection.cursor() as cursor:
        cursor.execute(LACKING, {"today": clock.today(), "code": GroupMonthFlow.code})
        lacking = [pk for (pk,) in cursor.fetchall()]
    return sum(_open_batch(pks) for pks in _in_batches(lacking))


def _in_batches(pks: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


@transaction.atomic
def _open_batch(pks: list[int]) -> int:
    """Open what these groups lack; one that fails is logged, stays so and stops no other."""
    groups = list(
        Party.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=pks)
        .select_related("area")
        .order_by("pk")
    )
    days, foundings, known = _deposit_days(groups), _foundings(groups), _known(groups)
    opened = 0
    for group in groups:
        try:
            with transaction.atomic():
                for period, month in _asked(group, days.get(group.pk)):
                    if (group.pk, period) not in known:
                        _open(group, period, month, foundings.get(group.pk))
                        opened += 1
        except Exception:
            log.exception("the months of group %s cannot be opened, tried again later", group.pk)
    return opened


def _asked(group: Party, deposit_day: int | None) -> Iterator[tuple[date, MonthDays]]:
    """The months of which `group` is asked to report: those on whose deposit day it stands."""
    if group.followed_from is None:
        return
    numbers = _numbers(group)
    for period in months_through(group.followed_from, clock.today()):
        month = days_of(period, deposit_day, numbers, group.area_id)
        if group.closed_on is None or (month.deposit_on or period) <= group.closed_on:
            yield period, month


def _open(group: Party, period: date, month: MonthDays, founding: Case | None) -> None:
    values = {"party_id": group.pk, "period": period, **asdict(month)}
    GroupMonthFlow.open(by=None, post=None, area=group.area, values=values, parent=founding)


def _numbers(group: Party) -> dict[str, int]:
    """The numbers that hold for a case of the group which is opened now."""
    code = GroupMonthFlow.code
    case = GroupMonth(procedure=code, area_id=group.area_id, content=contents.current(code))
    return {name: contents.number(case, name) for name in _NUMBERS}


def _known(groups: Iterable[Party]) -> set[tuple[int | None, date | None]]:
    opened = Case.objects.filter(procedure=GroupMonthFlow.code, party__in=groups)
    return set(opened.values_list("party", "period"))


def _deposit_days(groups: Iterable[Party]) -> dict[int, int]:
    """The deposit day in the rules of each group: the adopted ones, else the newest draft."""
    rules: QuerySet[RulesVersion] = RulesVersion.objects.filter(party__in=groups)
    latest_last = rules.order_by(F("adopted_on").asc(nulls_first=True), "version")
    return dict(latest_last.values_list("party", "deposit_day"))


def _foundings(groups: Iterable[Party]) -> dict[int | None, Any]:
    """The case in which each group was founded, where it was founded here."""
    founded = Case.objects.filter(procedure="SGF", party__in=groups).order_by("pk")
    return {case.party_id: case for case in founded}
