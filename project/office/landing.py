"""The office's front page: the ways to its people, imports, calendar, settings and history."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from project.office.access import office_page
from workflows.views.access import WorkerRequest

# Name of the address, icon, title, what one does there.
PLACES: tuple[tuple[str, str, object, object], ...] = (
    ("people", "users", _("Staff"), _("Who works here, in which post, and who may sign in.")),
    (
        "imports",
        "upload",
        _("Imports"),
        _("Bring in staff, villages, groups, committees and running cases as tables."),
    ),
    (
        "office-calendar",
        "calendar",
        _("Calendar"),
        _("Holidays, and on which of them an office is open."),
    ),
    (
        "office-settings",
        "settings",
        _("Settings"),
        _("Letterhead, days and numbers, who is told when work is late."),
    ),
    (
        "escalations",
        "mail",
        _("Who was told"),
        _("Reminders and escalations: delivered, not delivered, acknowledged, skipped and why."),
    ),
    (
        "operator",
        "circle-check",
        _("Operation"),
        _("Is everybody told who should be? Alarms, empty posts, undelivered messages."),
    ),
    (
        "office-webhooks",
        "arrow-right",
        _("Other systems"),
        _("Which other systems are told what happens with cases."),
    ),
    ("office-history", "history", _("History"), _("Who changed what, and when.")),
)


@office_page
@require_safe
def office(request: WorkerRequest) -> HttpResponse:
    """A list of links, one for each page of the house."""
    places = [
        {"url": reverse(name), "icon": icon, "title": title, "text": text}
        for name, icon, title, text in PLACES
    ]
    return render(request, "office/office.html", {"places": places})
