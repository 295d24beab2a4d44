"""What stands before a person: late, due, unclaimed, and what they were told of others' work."""

from datetime import date
from typing import Any, TypedDict

from django.db.models import QuerySet

from cases import calendar, people
from cases.matters import matter
from cases.models import Deadline, RungRecord, User, WorkItem
from cases.models.work_item import OPEN

LISTED = 10
"""Matters of a section that are named; the rest are counted."""

_MOST = 1000  # as far as is counted

_CASE = ("process__party", "process__area__parent__parent__parent")


class Section(TypedDict):
    """How many there are, up to 1000, the most urgent ones in every language, how many more."""

    count: int
    matters: list[dict[str, Any]]
    more: int


def summary_of(user: User, *, today: date, until: date) -> dict[str, Section]:
    """The sections late, due (up to and with `until`), unclaimed and told, each may be empty.

    Late is what is due before today's office day, as the work list counts (handbook 3.4).
    """
    open_items = WorkItem.objects.filter(OPEN, wakes_on__isnull=True).select_related(*_CASE)
    posts = people.posts_of(user, today)
    place = posts[0].area_id if posts else "TH"
    working = calendar.last_working_day(place, today)
    mine = open_items.filter(owner=user)
    nobodys = open_items.filter(people.workable_by(user, today), owner__isnull=True)
    return {
        "late": _items(mine.filter(due_on__lt=working), today),
        "due": _items(mine.filter(due_on__gte=working, due_on__lte=until), today),
        "unclaimed": _items(nobodys, today),
        "told": _deadlines(_told(user, working), today),
    }


def _told(user: User, before: date) -> QuerySet[Deadline]:
    """Late work of others that `user` was told of and that is still open."""
    records = RungRecord.objects.filter(receiver=user, outcome=RungRecord.Outcome.FIRED)
    late = Deadline.objects.filter(
        pk__in=records.values("deadline"), closed_at__isnull=True, due_on__lt=before
    )
    claimable = WorkItem.objects.filter(OPEN, people.workable_by(user), owner__isnull=True)
    own = WorkItem.objects.filter(OPEN, owner=user) | claimable
    return late.exclude(work_item__in=own.values("pk"))


def _items(items: QuerySet[WorkItem], today: date) -> Section:
    listed = list(items.order_by("due_on", "pk")[:LISTED])
    matters = [_matter(item.process, item.step, item.due_on, today) for item in listed]
    return _section(items, matters)


def _deadlines(deadlines: QuerySet[Deadline], today: date) -> Section:
    found = deadlines.select_related(
        "work_item", "case__party", "case__area__parent__parent__parent"
    )
    listed = list(found.order_by("due_on", "pk")[:LISTED])
    matters = [
        _matter(each.case, each.work_item.step if each.work_item else each.name, each.due_on, today)
        for each in listed
    ]
    return _section(deadlines, matters)


def _section(found: QuerySet[Any], matters: list[dict[str, Any]]) -> Section:
    count = len(matters) if len(matters) < LISTED else found[:_MOST].count()
    return Section(count=count, matters=matters, more=count - len(matters))


def _matter(case: Any, step: str, due_on: date | None, today: date) -> dict[str, Any]:
    late = calendar.working_days_between(case.area_id, due_on, today) if due_on else 0
    return {
        **matter(case, step),
        "due_on": due_on.isoformat() if due_on else None,
        "late_days": max(late, 0),
    }
