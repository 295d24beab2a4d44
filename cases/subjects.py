"""What telling people needs to know of a deadline: plain values, read for many at once."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from cases.models import Deadline


class Subject(NamedTuple):
    """A deadline with what its messages say; of a span of the case `owner_id` is None.

    `step` names the step or the span; `role` answers for it at `place`, `area` is the case's.
    """

    pk: int
    due_on: date
    rung: int
    repeats: int
    next_at: datetime
    ladder_id: int
    acknowledged_at: datetime | None
    work_item_id: int | None
    step: str
    role: str
    place: str
    owner_id: int | None
    case_id: int
    number: str
    area: str
    content_id: int
    period: date | None
    party: str | None


# Locked before it is joined: what another sweep holds is left to it.
_CLAIM = """
WITH deadline AS MATERIALIZED (
    SELECT * FROM cases_deadline WHERE next_at <= %s ORDER BY next_at LIMIT %s
    FOR NO KEY UPDATE SKIP LOCKED
)
"""
_READ = "WITH deadline AS (SELECT * FROM cases_deadline WHERE id = ANY(%s))"
_COLUMNS = """
SELECT deadline.id, deadline.due_on, deadline.rung, deadline.repeats, deadline.next_at,
    deadline.ladder_id, deadline.acknowledged_at, item.id,
    coalesce(split_part(item.flow_task, '.', -1), deadline.name),
    coalesce(item.role, deadline.role), coalesce(item.area_id, cases_case.area_id), item.owner_id,
    cases_case.id, cases_case.number, cases_case.area_id, cases_case.content_id,
    cases_case.period, party.name
FROM deadline JOIN cases_case ON cases_case.id = deadline.case_id
    LEFT JOIN cases_workitem item ON item.id = deadline.work_item_id
    LEFT JOIN cases_party party ON party.id = cases_case.party_id
ORDER BY deadline.next_at, deadline.id
"""


def claim(at: datetime, most: int) -> list[Subject]:
    """Lock up to `most` deadlines that are due at `at` and that nobody else holds."""
    return _subjects(_CLAIM + _COLUMNS, [at, most])


def read(deadlines: Iterable[Deadline]) -> dict[int, Subject]:
    """The subjects of `deadlines` by their keys, in one query."""
    found = _subjects(_READ + _COLUMNS, [[deadline.pk for deadline in deadlines]])
    return {subject.pk: subject for subject in found}


def _subjects(sql: str, values: list[Any]) -> list[Subject]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(map(Subject._make, cursor.fetchall()))
