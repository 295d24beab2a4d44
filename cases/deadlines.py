"""When work is due, and when somebody is next told about it (DESIGN 4, handbook 4.3)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from cases import calendar, ladders, office_settings
from cases.models import Case, Deadline, Ladder, Rung, WorkItem
from cases.office_settings import Setting

COUNTED = ("working_days", "days")  # the units of a rule whose number an office may choose
OFFICE_OPENS = time(8, 30)  # office hours 08:30-16:30 (handbook 3.4); rungs are due then


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
        rule: {"working_days": n} or {"days": n}, the day of `at` not counted, or {"on": name},
            the attribute of the case that holds the day; as the procedure declares it, the
            office's own number of days counts instead (`rule_in_force`).
        ladder: code of the ladder; the version in force at `at` stays in force.

    Raises:
        ValueError: the rule is none of these.
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
    policy = ladders.current(ladder, case.area_id)
    counted, chosen = rule_in_force(case, work_item.step, rule, at=at)
    due = due_on(case, counted, at=at)
    ledger = _ledger(case.area_id, counted, at, due)
    if chosen:
        ledger.insert(1, _chosen(chosen, rule, at))
    rung = next_rung(policy, case.area_id, due, after=at)
    return Deadline(
        case=case,
        work_item=work_item,
        rule=dict(counted),
        started_on=timezone.localdate(at),
        due_on=due,
        ledger=ledger,
        ladder=policy,
        rung=rung.position if rung else len(policy.rungs.all()),
        next_at=planned_at(case.area_id, due, rung) if rung else None,
    )


def close(work_item_pks: Iterable[int], *, at: datetime) -> int:
    """End the running deadlines of these work items: nobody is told any more. One UPDATE."""
    running = Deadline.objects.filter(work_item__in=list(work_item_pks), closed_at__isnull=True)
    return running.update(closed_at=at, next_at=None)


def follow(case: Case, *, at: datetime) -> None:
    """Move what is due on a day that `case` holds, where that day was corrected.

    Who is told next is counted anew from the day it is now. Two queries where nothing moves.
    """
    running = Deadline.objects.filter(case=case, closed_at__isnull=True, rule__has_key="on")
    for deadline in running.select_related("work_item", "ladder"):
        due = due_on(case, deadline.rule, at=at)
        if due == deadline.due_on:
            continue
        rung = next_rung(deadline.ladder, case.area_id, due, after=at)
        deadline.due_on = due
        deadline.ledger.append({"at": at.isoformat(), "what": "corrected", "on": due.isoformat()})
        deadline.rung = rung.position if rung else deadline.ladder.rungs.count()
        deadline.next_at = planned_at(case.area_id, due, rung) if rung else None
        deadline.save(update_fields=["due_on", "ledger", "rung", "next_at"])
        WorkItem.objects.filter(pk=deadline.work_item_id).update(due_on=due)


def rule_in_force(
    case: Case, step: str, declared: Mapping[str, Any], *, at: datetime
) -> tuple[Mapping[str, Any], Setting | None]:
    """The rule for what begins at `at`, and the office's setting where that made it another one.

    The flow gives the default, the nearest area that chose a number of its own overrides it
    (docs/decisions/offices-set-days-and-numbers.md). A day that the case itself holds stays.
    """
    unit = next(iter(declared), "")
    key = office_settings.due_key(case.procedure, step)
    setting = office_settings.in_force(key, case.area_id, at) if unit in COUNTED else None
    return ({unit: setting.value} if setting else declared), setting


def due_on(case: Case, rule: Mapping[str, Any], *, at: datetime) -> date:
    """The day on which what begins at `at` is due under `rule`, in the calendar of the case.

    {"days": n} and {"on": name} may fall on a day off: the legal date stays (handbook 3.4).
    """
    day = timezone.localdate(at)
    match dict(rule):
        case {"working_days": int(n), **rest} if n >= 0 and not rest:
            return calendar.add_working_days(case.area_id, day, n)
        case {"days": int(n), **rest} if n >= 0 and not rest:
            return day + timedelta(days=n)
        case {"on": str(name), **rest} if not rest:
            fixed: date = getattr(case, name)
            return fixed
    raise ValueError(
        f"a deadline is {{'working_days': n}}, {{'days': n}} or {{'on': name}}, not {rule!r}"
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


def _ledger(place: str, rule: Mapping[str, Any], at: datetime, due: date) -> list[dict[str, Any]]:
    """Why it is due on that day: the start, and the days that did not count, holidays by name."""
    began = timezone.localdate(at)
    entries: list[dict[str, Any]] = [
        {"at": at.isoformat(), "what": "started", "on": began.isoformat(), "rule": dict(rule)}
    ]
    if "working_days" in rule:
        entries += _skipped(place, began, due, at)
    entries.append({"at": at.isoformat(), "what": "due", "on": due.isoformat()})
    return entries


def _chosen(setting: Setting, declared: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """By whose choice it is that many days, since when, and how many the procedure declares."""
    return {
        "at": at.isoformat(),
        "what": "setting",
        "on": timezone.localdate(setting.set_at).isoformat(),
        "area": setting.area,
        "name": dict(setting.area_names),
        "days": setting.value,
        "declared": next(iter(declared.values())),
    }


def _skipped(place: str, began: date, due: date, at: datetime) -> list[dict[str, Any]]:
    """The holidays of the span by name, also those on which the office is open; weekends."""
    days = list(calendar.days_after(began, due))
    off, named = calendar.holidays_of(place), calendar.holidays_of(place[:2])
    entries: list[dict[str, Any]] = [
        {
            "at": at.isoformat(),
            "what": "skipped" if day in off else "open",
            "on": day.isoformat(),
            "name": named[day],
        }
        for day in days
        if day.weekday() < 5 and day in named
    ]
    weekend_days = sum(day.weekday() >= 5 for day in days)
    if weekend_days:
        entries.append({"at": at.isoformat(), "what": "weekends", "days": weekend_days})
    return entries
