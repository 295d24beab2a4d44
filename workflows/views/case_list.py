"""The cases that a person may see, filtered and searched."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import contents, people
from cases.models import Area, Case
from cases.text import normalise
from workflows.contents import openable_by, procedures
from workflows.pages.step import case_head
from workflows.views.access import WorkerRequest, worker_page

PAGE_LENGTH = 25
COUNT_CAP = 999


@worker_page
@require_safe
def cases(request: WorkerRequest) -> HttpResponse:
    """The list; filters are parameters, so that a filtered list can be bookmarked."""
    asked = {
        "q": normalise(request.GET.get("q", ""))[:100],
        "show": request.GET.get("show", "running"),
        "area": normalise(request.GET.get("area", ""))[:10],
        "procedure": normalise(request.GET.get("procedure", ""))[:10],
    }
    found = _filtered(request.user, **asked)
    listed = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    total = listed.paginator.count
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "items": [case_head(case) for case in listed],
        "total": total,
        "total_shown": f"{COUNT_CAP}+" if total > COUNT_CAP else str(total),
        "page_obj": listed,
        "page_query": f"{query.urlencode()}&" if query else "",
        "q": asked["q"],
        "filters": _filters(request.user, asked),
        "new_case_url": reverse("new-case") if openable_by(request.user) else "",
    }
    return render(request, "cases/case_list.html", context)


def _filtered(user: Any, *, q: str, show: str, area: str, procedure: str) -> QuerySet[Case]:
    found = Case.objects.visible_to(user).select_related("party", "area__parent__parent__parent")
    if show != "all":
        found = found.filter(closed_at__isnull=show != "ended")
    if area:
        found = found.filter(area__code__startswith=area)
    if procedure:
        found = found.filter(procedure=procedure)
    if q:
        named = Q(area__name_th__icontains=q) | Q(area__name_en__icontains=q)
        named |= Q(area__name_lo__icontains=q) | Q(party__name__icontains=q)
        named |= Q(area__parent__name_th__icontains=q) | Q(
            area__parent__parent__name_th__icontains=q
        )
        found = found.filter(named | Q(number__icontains=q))
    return found.order_by("-opened_at", "-pk")


def _filters(user: Any, asked: dict[str, str]) -> list[dict[str, Any]]:
    """The select boxes above the list: running or ended, which procedure, which area."""
    shown = [("running", _("Running")), ("ended", _("Ended")), ("all", _("All"))]
    boxes = [_box("show", _("Which cases"), shown, asked["show"])]
    kinds = [(p.code, contents.pick(contents.current(p.code).body["title"])) for p in procedures()]
    if len(kinds) > 1:
        every = [("", _("All procedures")), *kinds]
        boxes.append(_box("procedure", _("Procedure"), every, asked["procedure"]))
    areas = _areas(user, asked["area"])
    if len(areas) > 1:
        boxes.append(_box("area", _("Area"), [("", _("Everywhere")), *areas], asked["area"]))
    return boxes


def _areas(user: Any, asked: str) -> list[tuple[str, str]]:
    """The areas of the visitor's posts, those directly below, and the one asked for."""
    own = people.visible_areas(user)
    found = Area.objects.filter(Q(code__in=own) | Q(parent__in=own) | Q(code=asked))
    return [(area.code, area.name) for area in found.filter(abolished_on__isnull=True)]


def _box(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": text, "selected": value == chosen} for value, text in options
        ],
    }
