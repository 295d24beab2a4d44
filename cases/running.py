"""Running deadlines as plain rows: what counting them anew needs, read for many at once."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from cases.models import Case, Deadline

BATCH = 2000  # deadlines that are read, or moved in one transaction
_MARKS = '$[*] ? (@.what == "paused" || @.what == "resumed" || @.what == "extended")'
# The deadlines first, then what belongs to each: so they are never searched by the others.
_NEXT = """
WITH deadline AS MATERIALIZED (
    SELECT * FROM cases_deadline WHERE closed_at IS NULL AND id > %s ORDER BY id LIMIT %s
)
"""
_LOCKED = """
WITH deadline AS MATERIALIZED (
    SELECT * FROM cases_deadline WHERE closed_at IS NULL AND id = ANY(%s) ORDER BY id
    FOR NO KEY UPDATE
)
"""
_COLUMNS = """
SELECT deadline.id, deadline.case_id, deadline.work_item_id, cases_case.area_id,
    deadline.rule::text, deadline.started_on, deadline.due_on, deadline.ladder_id, deadline.rung,
    deadline.next_at, jsonb_path_query_array(deadline.ledger, %s)::text,
    cases_case.procedure, coalesce(split_part(item.flow_task, '.', -1), deadline.name),
    item.owner_id
FROM deadline JOIN cases_case ON cases_case.id = deadline.case_id
    LEFT JOIN cases_workitem item ON item.id = deadline.work_item_id
ORDER BY deadline.id
"""


class Running(NamedTuple):
    """A running deadline; `marks` are the entries of its ledger about pauses and extensions."""

    pk: int
    case: int
    item: int | None
    place: str
    rule: str
    started_on: date
    due_on: date
    ladder: int
    rung: int
    next_at: datetime | None
    marks: str
    procedure: str
    step: str
    owner: int | None


def after(position: int, most: int = BATCH) -> list[Running]:
    """The next running deadlines behind the key `position`, up to `most`, in order."""
    return _rows(_NEXT + _COLUMNS, [position, most, _MARKS])


def count() -> int:
    """How many deadlines run."""
    return Deadline.objects.filter(closed_at__isnull=True).count()


def locked(pks: list[int]) -> list[Running]:
    """The running ones of these deadlines, locked; their cases and items are locked before."""
    return _rows(_LOCKED + _COLUMNS, [pks, _MARKS])


def batches(place: str) -> Iterator[list[Running]]:
    """Every running deadline under `place`, in batches."""
    position = 0
    while rows := after(position):
        yield [row for row in rows if row.place.startswith(place)]
        position = rows[-1].pk


def days_held(rows: Iterable[Running]) -> dict[int, date]:
    """The day that the case of a deadline holds, by the deadline's key.

    Only where the rule counts working days from it: any other such day no calendar can move.
    """
    named = {row.pk: rule["on"] for row in rows if (rule := _rule_on(row))}
    wanted = [row for row in rows if row.pk in named]
    cases = _whole({row.case for row in wanted})
    held = {row.pk: getattr(cases[row.case], named[row.pk]) for row in wanted}
    return {pk: day for pk, day in held.items() if day is not None}


def _rule_on(row: Running) -> dict[str, Any]:
    """The rule of `row` if it counts working days from a day of the case."""
    if '"on"' not in row.rule or '"working_days"' not in row.rule:
        return {}
    rule: dict[str, Any] = json.loads(row.rule)
    return rule


def _whole(pks: set[int]) -> dict[int, Any]:
    """The cases as their procedures' own models."""
    found: dict[int, Any] = {}
    flows = {case.flow_class for case in Case.objects.filter(pk__in=pks).only("flow_class")}
    for flow in flows:
        found |= flow.process_class.objects.filter(pk__in=pks).in_bulk()
    return found


def _rows(sql: str, values: list[Any]) -> list[Running]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(map(Running._make, cursor.fetchall()))
