"""A person's calendar of deadlines: the page that makes its address, and the calendar itself."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from notifications import feeds
from project.channels import shown_once
from workflows.pages.agenda import agenda
from workflows.views.access import WorkerRequest, worker_page


@worker_page
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_page(request: WorkerRequest) -> HttpResponse:
    """Make the address of one's calendar, replace it, or revoke it."""
    if "make" in request.POST:
        shown_once.keep(request, feeds.make(request.user))
        return redirect("my-calendar")
    if "revoke" in request.POST:
        feeds.revoke(request.user)
        messages.success(request, _("The address leads nowhere any more."))
        return redirect("my-calendar")
    page = {"feed": feeds.made_by(request.user), "addresses": _addresses(shown_once.taken(request))}
    return render(request, "accounts/calendar.html", page)


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar as programs read it, without signing in; 404 for a revoked address.

    Nobody between keeps it, and who has it asks whether it has changed: a revoked address is
    empty at the next look.
    """
    user = feeds.owner(secret)
    if user is None:
        raise Http404
    with override(user.language):
        body = agenda(user, also_unclaimed="all" in request.GET)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = 'inline; filename="sajja.ics"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request, etag=response["ETag"], response=response)
    return unchanged or response


def _addresses(secret: str) -> dict[str, str]:
    """The addresses of a new calendar, to be shown once; empty without a secret."""
    if not secret:
        return {}
    mine = settings.BASE_URL + reverse("calendar-feed", args=[secret])
    return {"mine": mine, "all": f"{mine}?all=1"}
