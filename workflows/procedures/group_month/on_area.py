"""What an area's page tells of its groups' months: how complete, totals, who needs attention."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from cases import calendar, clock
from cases.models import Area, Party, User, WorkItem
from cases.models.work_item import OPEN
from cases.numbers import whole
from cases.periods import months_later
from cases.roles import Role
from workflows.procedures.group_month import attention
from workflows.procedures.group_month.figures import ACCEPTED
from workflows.procedures.group_month.models import GroupMonth

SHOWN = 6  # months


def section(user: User, area: Area) -> dict[str, Any] | None:
    """The months' section of the page of `area`: of groups that `user` may read, if any.

    Districts and places below them name the groups that need attention (handbook 5.2); three
    queries.
    """
    months = GroupMonth.objects.visible_to(user).filter(area__code__startswith=area.code)
    rows = _completeness(months, area)
    if not rows:
        return None
    attentive = area.level >= Area.Level.DISTRICT
    found = attention.of_groups(months) if attentive else {}
    groups = Party.objects.filter(pk__in=found).order_by("name") if found else Party.objects.none()
    return {
        "template": "group_month/on_area.html",
        "rows": rows,
        "attention": attention.named(found, groups),
    }


def _completeness(months: QuerySet[GroupMonth], area: Area) -> list[dict[str, Any]]:
    """Of each month: reports asked, in, late and missing, with the totals of the accepted ones.

    What was not reported is counted apart and is in no total as zero (handbook 8, rule 11).
    """
    today = clock.today()
    review = WorkItem.objects.filter(OPEN, process=OuterRef("pk"), role=Role.DISTRICT_CHIEF_CD)
    late = Q(
        closed_at__isnull=True,
        with_chief=False,
        report_due_on__lt=calendar.last_working_day(area.code, today),
    )
    accepted = Q(state__in=ACCEPTED)
    rows = (
        months.filter(period__gte=months_later(today.replace(day=1), 1 - SHOWN))
        .annotate(with_chief=Exists(review))
        .values("period")
        .annotate(
            asked=Count("pk"),
            came=Count("pk", filter=accepted | Q(with_chief=True)),
            late=Count("pk", filter=late),
            missing=Count("pk", filter=Q(state="missing")),
            savings=Sum("savings_balance", filter=accepted),
            members=Sum("members", filter=accepted),
            loans=Sum("loans_outstanding", filter=accepted),
        )
        .order_by("-period")
    )
    return [
        {
            **row,
            "percent": round(100 * row["came"] / row["asked"]),
            "totals": [whole(row[name]) for name in ("savings", "members", "loans")],
        }
        for row in rows
    ]
