"""What the area page shows: what runs here, what is late, the register, who holds which post."""

from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from cases import calendar, clock, contents, people, register
from cases.models import Area, Case, Party, Post, User, WorkItem
from cases.models.work_item import OPEN
from cases.roles import Role
from workflows.contents import procedures
from workflows.pages import parts, seats

LISTED = 20


def context(user: User, area: Area) -> dict[str, Any]:
    """The page of `area`; every count and row is of cases that `user` may see."""
    visible = Case.objects.visible_to(user).filter(area__code__startswith=area.code)
    open_items = (
        WorkItem.objects.filter(OPEN, process__in=visible)
        .exclude(role="")
        .select_related("owner", "process__party", "area__parent__parent__parent")
    )
    sections = (procedure.on_area(user, area) for procedure in procedures())
    last_working_day = calendar.last_working_day(area.code, clock.today())
    late = open_items.filter(due_on__lt=last_working_day)
    on_time = open_items.exclude(due_on__lt=last_working_day)
    return {
        "area": area,
        "breadcrumbs": [
            {"name": above.name, "url": reverse("area", args=[above.code])}
            for above in _above(user, area)
        ],
        "children": _children(area, visible, late),
        "running": [row(item) for item in on_time.order_by("due_on", "pk")[:LISTED]],
        "late": [row(item) for item in late.order_by("due_on", "pk")[:LISTED]],
        "more_url": f"{reverse('cases')}?area={area.code}",
        "sections": [section for section in sections if section],
        "register": _register(area),
        "seats": seats.of_village(area.code) if area.level == Area.Level.VILLAGE else None,
        "holders": _holders(area),
    }


def may_see(user: User, code: str) -> bool:
    """Whether the area lies in or above one where the user reads cases."""
    return any(code.startswith(own) or own.startswith(code) for own in people.visible_areas(user))


def row(item: WorkItem) -> dict[str, Any]:
    """One running case with the step at which it stands."""
    case = item.process
    case.area = item.area  # the same, selected with the item
    states = contents.body_of(case)["states"]
    return {
        "title": contents.pick(contents.step_texts(case, item.step)),
        "case_number": case.number,
        "case_title": case.title,
        "area_path": item.area.path,
        "state_label": contents.pick(states.get(case.state)),
        "owner_name": str(item.owner) if item.owner else "",
        "case_url": reverse("case", args=[case.number]),
        **parts.due(item),
    }


def _above(user: User, area: Area) -> list[Area]:
    """The areas above, the country first, that the visitor may open."""
    above = Area.objects.filter(code__in=area.prefixes[1:]).order_by("level")
    return [each for each in above if may_see(user, each.code)]


def _children(
    area: Area, visible: QuerySet[Case], late: QuerySet[WorkItem]
) -> list[dict[str, Any]]:
    """The areas directly below with how much runs there and how much of it is late."""
    length = len(area.code) + 2
    child = Substr("area__code", 1, length)
    running = visible.filter(closed_at__isnull=True).values_list(child).annotate(Count("pk"))
    running_by, late_by = dict(running), dict(late.values_list(child).annotate(Count("pk")))
    children = area.children.filter(abolished_on__isnull=True)
    return [
        {
            "name": below.name,
            "url": reverse("area", args=[below.code]),
            "open_cases": running_by.get(below.code, 0),
            "late": late_by.get(below.code, 0),
        }
        for below in children
    ]


def _holders(area: Area) -> list[dict[str, str]]:
    held = Post.objects.held_on(clock.today()).filter(area=area).exclude(role=Role.ADMIN)
    return [
        {"role_label": post.get_role_display(), "name": str(post.user)}
        for post in held.select_related("user").order_by("role", "pk")
    ]


def _register(area: Area) -> list[dict[str, Any]]:
    """The groups that stand here, by kind and level; in a village each by its name."""
    named = register.groups_in(area.code) if area.level == Area.Level.VILLAGE else []
    kinds: dict[str, list[register.Tally]] = {}
    for tally in register.counts(area.code, Area.Level(area.level)):
        kinds.setdefault(tally.kind, []).append(tally)
    return [
        {
            "kind": kind,
            "kind_label": str(Party.Kind(kind).label),
            "total": sum(tally.number for tally in tallies),
            "levels": [{"label": _level(tally.level), "count": tally.number} for tally in tallies],
            "groups": [
                {
                    "name": group.name,
                    "register_number": group.register_number,
                    "url": reverse("group", args=[group.pk]),
                }
                for group in named
                if group.kind == kind
            ],
        }
        for kind, tallies in kinds.items()
    ]


def _level(level: str) -> str:
    """A group's level in words; one founded since the last assessment has none yet."""
    return _("Level %(level)s") % {"level": level} if level else _("No level yet")
