"""Whose calendar or settings a page shows: an area that the visitor keeps, with ways to others."""

from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from cases import offices
from cases.models import Area
from workflows.views.access import View, WorkerRequest, worker_page


@dataclass(frozen=True)
class Place:
    """An area with the kept ones above it, the highest first, and those to go on to."""

    area: Area
    above: list[Area]
    others: list[Area]


def keeper_page(view: View) -> View:
    """For administrators and chiefs of an office; everybody else finds nothing here."""

    @worker_page
    @wraps(view)
    def page(request: WorkerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not offices.kept_areas(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return page


def kept_area(request: WorkerRequest, code: str) -> Area:
    """The area with `code`; 404 for one that the visitor does not keep."""
    if not offices.keeps(request.user, code):
        raise Http404
    return get_object_or_404(Area.objects.select_related("parent__parent__parent"), code=code)


def chosen_area(request: WorkerRequest) -> Area:
    """The area of the parameter `area`, or the first one that the visitor keeps."""
    kept = offices.kept_areas(request.user)
    return kept_area(request, request.GET.get("area") or kept[0])


def chosen(request: WorkerRequest) -> Place:
    """The chosen area among those that the visitor keeps."""
    kept = offices.kept_areas(request.user)
    area = chosen_area(request)
    others = Q(code__in=[code for code in kept if not area.code.startswith(code)])
    if area.level < Area.Level.DISTRICT:
        others |= Q(parent=area)
    above = area
    found: list[Area] = []
    while above.parent is not None and offices.keeps(request.user, above.parent_id or ""):
        above = above.parent
        found.insert(0, above)
    return Place(area, found, list(Area.objects.in_force().filter(others)))
