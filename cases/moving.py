"""What moves a running deadline: a corrected day, more time that was granted (handbook 8).

Whoever calls holds the lock of the case. Rows are locked in the order of workflows/lock.py, so
that neither a sweep nor a change of the calendar is overwritten.
"""

from datetime import date, datetime
from typing import Any

from cases import deadlines, ladders, ledger
from cases.models import Case, Deadline, WorkItem


def running(case: Case, **which: Any) -> list[Deadline]:
    """The running deadlines of `case`, locked behind its open work items.

    `which` narrows them down. Two queries.
    """
    items = WorkItem.objects.select_for_update(no_key=True).only("pk").order_by("pk")
    len(items.filter(process=case, closed_at__isnull=True))  # len() to run it
    found = Deadline.objects.select_for_update(no_key=True).order_by("pk")
    return list(found.filter(case=case, closed_at__isnull=True, **which))


def follow(case: Case, *, at: datetime) -> None:
    """Move what is due on a day that `case` holds, where that day was corrected.

    Who is told next is counted anew from the day it is now. Two queries where nothing moves.
    """
    for deadline in running(case, rule__has_key="on"):
        day = deadlines.due_of(deadline, case)
        if day != deadline.due_on:
            entry = {"at": at.isoformat(), "what": "corrected", "on": day.isoformat()}
            deadline.ledger.append(entry)
            move(deadline, case, day, at=at)


def extend(deadline: Deadline, case: Case, days: int, *, key: int, at: datetime) -> None:
    """Give a locked, running deadline `days` more, in the unit of its rule.

    `key` is that of the `Extension` which tells who granted it and why.
    """
    before = deadline.due_on
    entry = {"at": at.isoformat(), "what": "extended", "from": before.isoformat()}
    deadline.ledger.append(entry | {"days": days, "extension": key})
    day = deadlines.due_of(deadline, case)
    deadline.ledger[-1]["on"] = day.isoformat()
    deadline.ledger += ledger.until(case.area_id, deadline.rule, before, day, at)
    move(deadline, case, day, at=at)


def move(deadline: Deadline, case: Case, day: date, *, at: datetime) -> None:
    """Let a locked, running deadline be due on `day`: its ladder is climbed for that day anew.

    Saves it with its ledger, and the day of its work item. One that rests tells nobody.
    """
    ladder = ladders.get(deadline.ladder_id)
    rung = deadlines.next_rung(ladder, case.area_id, day, after=at)
    deadline.due_on, deadline.repeats = day, 0
    deadline.rung = rung.position if rung else len(ladder.rungs.all())
    told_at = deadlines.planned_at(case.area_id, day, rung) if rung else None
    deadline.next_at = None if deadline.paused_at else told_at
    deadline.save(update_fields=["due_on", "ledger", "rung", "repeats", "next_at", "paused_at"])
    if deadline.work_item_id:
        WorkItem.objects.filter(pk=deadline.work_item_id).update(due_on=day)
