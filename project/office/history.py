"""The history of an office: everything that was changed in its own data, newest first."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import people
from cases.models import Change, User
from project.office import history_words
from project.office.access import office_page
from workflows.views.access import WorkerRequest

ROWS = 25  # changes a page


@office_page
@require_safe
def history(request: WorkerRequest) -> HttpResponse:
    """All changes under the areas that the visitor administers, by kind and by person."""
    changes = Change.objects.filter(_readable(request.user))
    writers = User.objects.filter(pk__in=changes.values("by")).order_by("name", "pk")
    kind, by = request.GET.get("kind", ""), request.GET.get("by", "")
    if kind in Change.Kind.values:
        changes = changes.filter(kind=kind)
    if by.isdecimal() and len(by) < 10:
        changes = changes.filter(by=int(by))
    page = _page(changes.select_related("by", "area"), request.GET.get("page", ""))
    context = {
        "timeline": history_words.timeline(list(page)),
        "page_obj": page,
        "page_query": f"{urlencode({'kind': kind, 'by': by})}&",
        "filters": [
            _filter("kind", _("What"), [(k.value, k.label) for k in Change.Kind], kind),
            _filter("by", _("Who"), [(str(w.pk), str(w)) for w in writers], by),
        ],
    }
    return render(request, "office/history.html", context)


def _readable(user: Any) -> Q:
    """What happened under the areas of an administrator; of no area, for those of a country."""
    administered = people.administered_areas(user)
    readable = people.under(administered)
    if any(len(code) == 2 for code in administered):
        readable |= Q(area=None)
    return readable


def _page(changes: Any, number: str) -> Page:
    return Paginator(changes, ROWS).get_page(number)


def _filter(name: str, label: str, options: list[tuple[str, Any]], chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": text, "selected": value == chosen}
            for value, text in [("", _("All")), *options]
        ],
    }
