"""The work list: one indexed query a tab, at any number of open items (DESIGN 3)."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from cases import calendar, clock, contents, people
from cases.models import User, WorkItem
from cases.models.work_item import OPEN
from workflows.pages import parts

TABS = ("mine", "today", "overdue", "unclaimed")
COUNT_CAP = 999


def items(user: User, tab: str) -> QuerySet[WorkItem]:
    """Open work of `tab` for `user`, the most urgent first; what waits for a date is left out."""
    chosen = {
        "mine": mine(user),
        "unclaimed": unclaimed(user),
        "today": (mine(user) | unclaimed(user)) & _today(user),
        "overdue": (mine(user) | unclaimed(user)) & _overdue(user),
    }[tab]
    return (
        WorkItem.objects.filter(OPEN, chosen, wakes_on__isnull=True)
        .select_related("owner", "process__party", "area__parent__parent__parent")
        .order_by("due_on", "pk")
    )


def mine(user: User) -> Q:
    """Work that the user has taken or was given."""
    return Q(owner=user)


def unclaimed(user: User) -> Q:
    """Work that nobody has taken yet and that a post of the user's may do."""
    return people.workable_by(user) & Q(owner__isnull=True)


def counts(user: User) -> dict[str, str]:
    """How much stands in each tab, in one query; capped at 999+."""
    base = WorkItem.objects.filter(OPEN, mine(user) | unclaimed(user), wakes_on__isnull=True)
    found = base.aggregate(
        mine=Count("pk", filter=mine(user)),
        unclaimed=Count("pk", filter=Q(owner__isnull=True)),
        today=Count("pk", filter=_today(user)),
        overdue=Count("pk", filter=_overdue(user)),
    )
    return {tab: f"{COUNT_CAP}+" if n > COUNT_CAP else str(n) for tab, n in found.items()}


def row(item: WorkItem, user: User) -> dict[str, Any]:
    """One line of the work list. Reads only what `items` brings along."""
    case = item.process
    case.area = item.area  # the same, selected with the item
    args = [case.number, item.pk]
    return {
        "title": contents.pick(contents.step_texts(case, item.step)),
        "case_number": case.number,
        "case_title": case.title,
        "area_path": item.area.path,
        "owner_name": str(item.owner) if item.owner else "",
        "url": reverse("step", args=args),
        "case_url": reverse("case", args=[case.number]),
        "can_claim": item.owner_id is None,
        "can_release": item.owner_id == user.pk,
        "claim_url": reverse("claim", args=args),
        "release_url": reverse("release", args=args),
        **parts.due(item),
    }


def _last_working_day(user: User) -> date:
    posts = people.posts_of(user)
    return calendar.last_working_day(posts[0].area_id if posts else "TH", clock.today())


def _today(user: User) -> Q:
    return Q(due_on__gte=_last_working_day(user), due_on__lte=clock.today())


def _overdue(user: User) -> Q:
    """Late from the next working day after the due day (handbook 3.4)."""
    return Q(due_on__lt=_last_working_day(user))
