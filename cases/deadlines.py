"""When work is due, and when somebody is next told about it (DESIGN 4, handbook 4.3).

On which day a rule falls stands in `cases.due`, the account of why in `cases.ledger`, what moves
a running deadline in `cases.moving` and `cases.pauses`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from cases import calendar, due, ladders, ledger, office_settings
from cases.models import Case, Deadline, Ladder, Rung, WorkItem
from cases.office_settings import Setting

OFFICE_OPENS = time(8, 30)  # office hours 08:30-16:30 (handbook 3.4); rungs are due then

# The deadlines of a case are locked in the order of their keys, as by whoever moves many cases.
HELD = """
WITH held AS MATERIALIZED (
    SELECT id FROM cases_deadline
    WHERE closed_at IS NULL AND (case_id = %(case)s OR work_item_id = ANY(%(items)s))
    ORDER BY id FOR NO KEY UPDATE
)
"""
CLOSE_ALL = (
    HELD
    + """
UPDATE cases_deadline AS deadline SET closed_at = %(at)s, next_at = NULL
FROM held WHERE deadline.id = held.id
"""
)
CLOSE = CLOSE_ALL + " AND (work_item_id = ANY(%(items)s) OR name = ANY(%(names)s))"


def start(
    case: Case,
    work_item: WorkItem,
    rule: Mapping[str, Any],
    *,
    at: datetime,
    ladder: str = "default",
) -> Deadline:
    """Begin the deadline of `work_item` at `at`: one INSERT, no query once calendars are known.

    Sets `work_item.due_on`; saving the item is the caller's. Rungs of the ladder that would lie
    before `at` are dropped.

    Args:
        rule: as `cases.due` takes it and the procedure declares it; the office's own number of
            days counts instead (`rule_in_force`).
        ladder: code of the ladder; the version in force at `at` stays in force.

    Raises:
        ValueError: no rule, or one on a day that the case does not hold.
        Ladder.DoesNotExist: no such ladder was loaded.
    """
    deadline = begun(case, work_item, rule, at=at, ladder=ladder)
    work_item.due_on = deadline.due_on
    deadline.save(force_insert=True)
    return deadline


def begun(
    case: Case,
    work_item: WorkItem,
    rule: Mapping[str, Any],
    *,
    at: datetime,
    ladder: str = "default",
) -> Deadline:
    """As `start`, but nothing is written: for many deadlines in one statement."""
    return _begun(case, work_item.step, rule, at, ladder, work_item=work_item)


def begun_span(
    case: Case,
    name: str,
    role: str,
    rule: Mapping[str, Any],
    *,
    at: datetime,
    ladder: str = "default",
) -> Deadline:
    """The deadline `name` of the case itself, for which `role` answers; nothing is written.

    Whoever has the open work of that role is its doer.
    """
    return _begun(case, name, rule, at, ladder, name=name, role=role)


def close(
    work_item_pks: Iterable[int],
    *,
    at: datetime,
    case: Case | None = None,
    names: Iterable[str] = (),
) -> int:
    """End the running deadlines of these work items and those of `case` called `names`.

    Nobody is told any more. One UPDATE; returns how many.
    """
    which = {"items": list(work_item_pks), "case": case.pk if case else None, "at": at}
    return _run(CLOSE, which | {"names": list(names)})


def close_all(case: Case, *, at: datetime) -> int:
    """End every running deadline of a case that has come to its end, as `close`."""
    return _run(CLOSE_ALL, {"items": [], "case": case.pk, "at": at})


def rule_in_force(
    case: Case, step: str, declared: Mapping[str, Any], *, at: datetime
) -> tuple[Mapping[str, Any], Setting | None]:
    """The rule for what begins at `at`, and the office's setting where that made it another one.

    The flow gives the default, the nearest area that chose a number of its own overrides it
    (docs/decisions/offices-set-days-and-numbers.md). A legal day stays. `step` may be a span.
    """
    key = office_settings.due_key(case.procedure, step)
    counted = due.is_counted(declared)
    setting = office_settings.in_force(key, case.area_id, at) if counted else None
    return ({due.unit_of(declared): setting.value} if setting else declared), setting


def due_on(case: Case, rule: Mapping[str, Any], *, at: datetime) -> date | None:
    """The day on which what begins at `at` is due under `rule`, in the calendar of the case.

    None where the case does not hold the day of the rule: then nothing is due.
    """
    fixed = _day_held(case, rule)
    if "on" in rule and fixed is None:
        return None
    return due.due_on(case.area_id, rule, timezone.localdate(at), fixed=fixed)


def due_of(deadline: Deadline, case: Case) -> date:
    """The day on which a deadline that began is due by its rule, pauses and extensions.

    `case` is its case, as its procedure's own model where the rule names a day of it. Where it
    holds that day no more, the due day stays.
    """
    fixed = _day_held(case, deadline.rule)
    if "on" in deadline.rule and fixed is None:
        return deadline.due_on
    return due.due_on(
        case.area_id,
        deadline.rule,
        deadline.started_on,
        pauses=ledger.pauses(deadline.ledger),
        extended=ledger.extended(deadline.ledger),
        fixed=fixed,
    )


def country_of(case: Case) -> str:
    """The country in whose line matters climb: TH or LA, as the area's code begins."""
    return str(case.area_id)[:2]


def planned_at(place: str, due: date, rung: Rung) -> datetime:
    """When `rung` of a deadline due on `due` is to be climbed: 08:30 on a working day of `place`.

    Where the due day itself is a day off, "today" is the last working day before it, and it is
    late from the next working day on (handbook 3.4). So with a rung of calendar days: before the
    due day it is climbed no later than its day, after it no sooner.
    """
    if rung.offset_working_days:
        day = calendar.add_working_days(place, due, rung.offset_working_days)
    elif rung.offset_days > 0:
        day = due + timedelta(days=rung.offset_days - 1)
        day = calendar.add_working_days(place, day, 1)
    elif rung.offset_days < 0:
        day = calendar.last_working_day(place, due + timedelta(days=rung.offset_days))
    else:
        day = calendar.last_working_day(place, due)
    return timezone.make_aware(datetime.combine(day, OFFICE_OPENS))


def next_rung(ladder: Ladder, place: str, due: date, *, after: datetime) -> Rung | None:
    """The first rung that is planned later than `after`; None when none is left."""
    later = (rung for rung in ladder.rungs.all() if planned_at(place, due, rung) > after)
    return next(later, None)


def _begun(
    case: Case, subject: str, declared: Mapping[str, Any], at: datetime, code: str, **whose: Any
) -> Deadline:
    """The deadline of the step or span `subject`, whose columns are `whose`; nothing is written."""
    ladder = ladders.current(code, case.area_id)
    rule, chosen = rule_in_force(case, subject, declared, at=at)
    started, place = timezone.localdate(at), case.area_id
    day = due.due_on(place, rule, started, fixed=_day_held(case, rule))
    rung = next_rung(ladder, place, day, after=at)
    return Deadline(
        case=case,
        rule=dict(rule),
        started_on=started,
        due_on=day,
        ledger=ledger.begun(place, rule, at, day, chosen, declared),
        ladder=ladder,
        rung=rung.position if rung else len(ladder.rungs.all()),
        next_at=planned_at(place, day, rung) if rung else None,
        **whose,
    )


def _run(sql: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _day_held(case: Case, rule: Mapping[str, Any]) -> date | None:
    """The day that `case` holds for a rule with "on"; None where it holds none yet."""
    return getattr(case, rule["on"]) if "on" in rule else None
