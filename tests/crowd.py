"""A crowd of cases under deadlines, made by the database itself: a million rows in a minute.

Needs the reference data (`manage.py load_reference`). Each row is as an ordinary one of its table
but for the columns that an expression of SQL gives, so that no column is forgotten; when work is
due and why is what the engine itself computed for one piece of work of each kind.
"""

# ruff: noqa: S608 - statements are put together of our own words only

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Model

from cases import contents, deadlines
from cases.models import Area, Case, Deadline, Post, User, WorkItem
from cases.roles import Role

FLOW = "savings_group/flows.SavingsGroupFlow"
STEP = "study"
OFFICES = {
    Area.Level.DISTRICT: (Role.FIELD_OFFICER, Role.DISTRICT_CHIEF_CD, Role.DISTRICT_CHIEF),
    Area.Level.PROVINCE: (Role.PROV_ACADEMIC, Role.PROV_CHIEF_CD, Role.GOVERNOR),
}


@dataclass(frozen=True)
class Kind:
    """A kind of work: when it began, and how many working days it may take."""

    began: datetime
    working_days: int


def staff(province: str = "TH") -> None:
    """Fill the posts of all districts and provinces under `province`, a person a post."""
    for level, roles in OFFICES.items():
        for role in roles:
            offices = (
                f"cases_area AS office WHERE level = {level.value} AND abolished_on IS NULL "
                f"AND code LIKE '{province}%%'"
            )
            login = f"lower('{role.value}.' || code)"
            insert_like(
                User(language="th"),
                offices,
                username=login,
                name=login,
                email=f"{login} || '@example.org'",
            )
            insert_like(
                Post(role=role, starts_on="2020-01-01"),
                offices,
                area_id="code",
                user_id=f"(SELECT id FROM cases_user WHERE username = {login})",
            )


def work(
    count: int,
    kinds: Iterable[Kind],
    *,
    province: str = "TH",
    cases: int | None = None,
    ladder: str = "default",
) -> tuple[int, int]:
    """Add `count` work items with deadlines, `kinds` in turn, on as many cases unless told.

    They are spread over the subdistricts under `province`, each in the hands of its officer.
    Returns the keys of the first and last deadline.
    """
    first_case, first_item = _last(Case) + 1, _last(WorkItem) + 1
    cases = cases or count
    content = contents.current("SGF")
    insert_like(
        Case(procedure="SGF", content=content, flow_class=FLOW, number="-"),
        f"generate_series(0, {cases - 1}) AS n JOIN ({_places(province)}) AS place "
        f"ON place.place = n %% ({_places_count(province)})",
        id=f"{first_case} + n",
        number=f"'SGF-42-2570-' || ({first_case} + n)",
        area_id="code",
    )
    insert_like(
        WorkItem(flow_task=f"{FLOW}.{STEP}", flow_task_type="HUMAN", role=Role.FIELD_OFFICER),
        f"generate_series(0, {count - 1}) AS n JOIN cases_case AS matter "
        f"ON matter.id = {first_case} + n %% {cases} JOIN cases_user AS officer "
        "ON officer.username = 'field_officer.' || lower(left(matter.area_id, 6))",
        id=f"{first_item} + n",
        process_id="matter.id",
        area_id="matter.area_id",
        owner_id="officer.id",
    )
    first = _last(Deadline) + 1
    _deadlines(list(kinds), ladder, first, first_item, count)
    _set_sequences(Case, WorkItem, Deadline)
    return first, first + count - 1


def insert_like(sample: Model, source: str, **columns: str) -> int:
    """Insert a row like the unsaved `sample` for each row of `source`; returns how many.

    `columns` are expressions over `source`; both are SQL of ours, with %% for a percent sign.
    """
    fields = [
        field
        for field in sample._meta.local_concrete_fields
        if not field.primary_key or field.column in columns
    ]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(columns.get(field.column, "%s") for field in fields)
    plain = [
        field.get_db_prep_save(getattr(sample, field.attname), connection)
        for field in fields
        if field.column not in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {sample._meta.db_table} ({names}) SELECT {values} FROM {source}",
            plain,
        )
        return int(cursor.rowcount)


def _deadlines(kinds: list[Kind], ladder: str, first: int, first_item: int, count: int) -> None:
    """Deadlines for the items from `first_item` on, each as the engine begins one of its kind."""
    item = WorkItem.objects.select_related("process__area").get(pk=first_item)
    begun = [
        deadlines.begun(
            *(item.process, item, {"working_days": kind.working_days}),
            at=kind.began,
            ladder=ladder,
        )
        for kind in kinds
    ]
    rows: list[dict[str, Any]] = [
        {
            "kind": number,
            "rule": each.rule,
            "started_on": each.started_on.isoformat(),
            "due_on": each.due_on.isoformat(),
            "ledger": each.ledger,
            "rung": each.rung,
            "next_at": each.next_at.isoformat() if each.next_at else None,
        }
        for number, each in enumerate(begun)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE kind AS SELECT * FROM json_to_recordset(%s) AS row("
            "kind int, rule jsonb, started_on date, due_on date, ledger jsonb, rung smallint, "
            "next_at timestamptz)",
            [json.dumps(rows)],
        )
        same = {name: f"kind.{name}" for name in rows[0] if name != "kind"}
        insert_like(
            begun[0],
            f"cases_workitem AS item JOIN kind ON kind.kind = (item.id - {first_item}) "
            f"%% {len(rows)} WHERE item.id BETWEEN {first_item} AND {first_item + count - 1}",
            id=f"{first} + item.id - {first_item}",
            case_id="item.process_id",
            work_item_id="item.id",
            **same,
        )
        cursor.execute("DROP TABLE kind")


def _places(province: str) -> str:
    return (
        "SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM cases_area "
        f"WHERE level = {Area.Level.SUBDISTRICT.value} AND abolished_on IS NULL "
        f"AND code LIKE '{province}%%'"
    )


def _places_count(province: str) -> str:
    return f"SELECT count(*) FROM ({_places(province)}) AS counted"


def _last(model: type[Model]) -> int:
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0


def _set_sequences(*models: type[Model]) -> None:
    """What is inserted afterwards gets keys behind ours."""
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {_last(model) + 1}, false)"
            )
