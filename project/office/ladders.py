"""The ladders of an office: who is told when, every version, and the next 30 days before a change.

Whoever keeps an office's settings reads them; administrators change them, as they choose who is
told (handbook 4.3, 11.4). A change is saved only after its dry run has been shown.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases import ladders as policy
from cases import offices
from cases.models import Area, Ladder
from cases.models.area import prefixes
from project.office import ladder_words as words
from project.office.ladder_change import LadderChange
from project.office.places import chosen, keeper_page, kept_area
from workflows.views.access import WorkerRequest, kept_entries, mark_of

VERSIONS = 30  # of the history, on a page


@keeper_page
@require_safe
def ladders(request: WorkerRequest) -> HttpResponse:
    """Every ladder with the version that counts at one office."""
    place = chosen(request)
    found = [policy.current(code, place.area.code) for code in sorted(policy.known())]
    people, areas = words.people_of(found), words.areas_of(found)
    rows = [
        {
            "title": words.name(ladder.code),
            "url": ladder_url(place.area, ladder.code),
            "rungs": words.rungs_in_words(ladder, people),
            "origin": words.origin(ladder, place.area, areas),
        }
        for ladder in found
    ]
    return render(request, "office/ladders.html", {"place": place, "query": "", "rows": rows})


@keeper_page
@require_http_methods(["GET", "HEAD", "POST"])
def ladder(request: WorkerRequest, code: str, ladder: str) -> HttpResponse:
    """One ladder of one office: what counts, every version, and the way to another one."""
    area = kept_area(request, code)
    if ladder not in policy.known():
        raise Http404
    change = None
    if offices.administers(request.user, code):
        change = LadderChange(area, ladder, request.user, kept_entries(request))
        if request.method == "POST":
            change.receive(request.POST)
    elif request.method == "POST":
        raise Http404
    if change and change.done:
        messages.success(request, change.done)
        return redirect(f"{reverse('office-ladders')}?area={code}")
    context = {
        **_shown(area, policy.current(ladder, code)),
        "change": change,
        "errors": change.errors if change else [],
        "back_url": f"{reverse('office-ladders')}?area={code}",
        "mark": mark_of(request),
    }
    return render(request, "office/ladder.html", context, status=change.status if change else 200)


def ladder_url(area: Area, code: str) -> str:
    """Where the ladder `code` of `area` is read and changed."""
    return reverse("office-ladder", args=[area.code, code])


def _shown(area: Area, current: Ladder) -> dict[str, Any]:
    """The version in force and the history, in words."""
    versions = list(_versions(area, current.code))
    people, areas = words.people_of([current, *versions]), words.areas_of([current])
    return {
        "area": area,
        "title": words.name(current.code),
        "current": current,
        "rungs": words.rungs_in_words(current, people),
        "quiet": words.quiet(current),
        "line": words.line(current, area.code[:2]),
        "origin": words.origin(current, area, areas),
        "timeline": words.timeline(versions, people),
    }


def _versions(area: Area, code: str) -> Any:
    """The versions of the office itself and of all above it, newest first."""
    found = Ladder.objects.filter(code=code).prefetch_related("rungs")
    own_or_above = found.filter(area=None) | found.filter(area__in=prefixes(area.code))
    return own_or_above.select_related("made_by", "area").order_by("-version")[:VERSIONS]
