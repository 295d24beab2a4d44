"""A change of the calendar, seen before it is made, and then made: which deadlines move."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cases import calendar_changes, offices, recounts
from cases.calendar_changes import CalendarChange, Kind
from cases.calendar_preview import preview
from cases.dates import format_date
from cases.models import Recount
from cases.numbers import format_number
from project.office import preview_words
from project.office.places import keeper_page
from workflows.views.access import WorkerRequest, mark_of

AT_ONCE = 5.0  # seconds that a page moves deadlines itself; the rest is the worker's
_OURS = ("csrfmiddlewaretoken", "mark")


def preview_page(
    request: WorkerRequest, change: CalendarChange, button: str, back_url: str
) -> HttpResponse:
    """What `change` would move, with what was typed and the `button` that applies it."""
    context = {
        **preview_words.context(preview(change), request.user),
        "title": title_of(change.kind, change.day),
        "entries": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in (*_OURS, button, "preview", "edit")
        ],
        "button": button,
        "back_url": back_url,
        "mark": mark_of(request),
    }
    return render(request, "office/calendar_preview.html", context)


def applied(
    request: WorkerRequest, run: Recount | None, done: str, calendar_url: str
) -> HttpResponse:
    """Say that the calendar has changed, and move what runs: at once, or in the background."""
    messages.success(request, done)
    if run is None:
        return redirect(calendar_url)
    recounts.advance(run.pk, seconds=AT_ONCE)
    run.refresh_from_db()
    if run.through_at is None:
        return redirect("office-recount", run.pk)
    if run.moved:
        text = ngettext(
            "%(n)s running deadline was moved.", "%(n)s running deadlines were moved.", run.moved
        )
        messages.info(request, text % {"n": format_number(run.moved)})
    return redirect(calendar_url)


@keeper_page
@require_safe
def recount(request: WorkerRequest, pk: int) -> HttpResponse:
    """How far the running deadlines have been counted anew after a change of the calendar."""
    run = get_object_or_404(Recount.objects.select_related("change__by"), pk=pk)
    place, day = calendar_changes.where_and_when(run.change)
    if not offices.keeps(request.user, place):
        raise Http404
    context = {
        "run": run,
        "title": title_of(run.change.kind, day),
        "calendar_url": f"{reverse('office-calendar')}?area={place}",
    }
    return render(request, "office/recount.html", context)


def going_on(country: str) -> list[dict[str, str]]:
    """The recounts of a country that are not through yet, with where to look at them."""
    runs = Recount.objects.filter(country=country, through_at=None).select_related("change")
    return [
        {
            "title": title_of(run.change.kind, calendar_changes.where_and_when(run.change)[1]),
            "url": reverse("office-recount", args=[run.pk]),
        }
        for run in runs
    ]


def title_of(kind: str, day: date) -> str:
    """What a change of `kind` does to the calendar, in words."""
    what = {"day": format_date(day)}
    match kind:
        case Kind.HOLIDAY_ADDED:
            return _("%(day)s becomes a holiday") % what
        case Kind.HOLIDAY_REMOVED:
            return _("%(day)s is a holiday no more") % what
        case Kind.OPEN_DAY_ADDED:
            return _("The office opens on %(day)s") % what
        case _:
            return _("The office closes on %(day)s") % what
