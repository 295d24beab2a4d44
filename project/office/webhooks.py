"""Webhooks: the other systems that are told of an area's cases, kept by its administrators."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import endpoints, offices
from cases.models import Area
from notifications.models import Endpoint, Message
from project.channels import shown_once
from project.office.access import office_page
from project.office.places import chosen, chosen_area
from project.office.webhook_forms import WebhookForm
from workflows.views.access import WorkerRequest, kept_entries, mark_of

LATEST = 10  # messages shown of one endpoint

form_page = require_http_methods(["GET", "HEAD", "POST"])


@office_page
@require_safe
def webhooks(request: WorkerRequest) -> HttpResponse:
    """The systems that are told of the cases of one office or of those below it."""
    place = chosen(request)
    _administered(request, place.area.code)
    found = Endpoint.objects.filter(area_code__startswith=place.area.code).order_by("name", "pk")
    rows = list(found.defer("secret"))
    areas = Area.objects.in_bulk({row.area_code for row in rows})
    context = {
        "place": place,
        "rows": [{"endpoint": row, "area": areas.get(row.area_code)} for row in rows],
        "new_url": f"{reverse('new-webhook')}?area={place.area.code}",
    }
    return render(request, "office/webhooks.html", context)


@office_page
@form_page
def new_webhook(request: WorkerRequest) -> HttpResponse:
    """Add a system; its page then shows the secret, once."""
    area = chosen_area(request)
    _administered(request, area.code)
    sent = request.POST if request.method == "POST" else None
    typed = {name: values[-1] for name, values in (kept_entries(request) or {}).items()}
    form = WebhookForm(sent, initial=typed, area=area.code)
    if form.is_valid():
        added = endpoints.add(area, by=request.user, **form.cleaned_data)
        page = reverse("webhook", args=[added.pk])
        shown_once.keep(request, added.secret, path=page)
        return redirect(page)
    back = f"{reverse('office-webhooks')}?area={area.code}"
    context = {"form": form, "area": area, "back_url": back, "mark": mark_of(request)}
    return render(request, "office/webhook_new.html", context, status=422 if form.errors else 200)


@office_page
@form_page
def webhook(request: WorkerRequest, pk: int) -> HttpResponse:
    """One system: its secret just after it was made, what was sent, and what can be done."""
    endpoint = get_object_or_404(Endpoint, pk=pk)
    _administered(request, endpoint.area_code)
    if request.method == "POST":
        _do(request, endpoint)
        return redirect("webhook", pk)
    context = {
        "endpoint": endpoint,
        "area": Area.objects.filter(pk=endpoint.area_code).first(),
        "secret": shown_once.taken(request),
        "changing_over": " " in endpoint.secret,
        "sent": [_line(each) for each in endpoint.messages.order_by("-pk")[:LATEST]],
        "back_url": f"{reverse('office-webhooks')}?area={endpoint.area_code}",
    }
    return render(request, "office/webhook.html", context)


def _do(request: WorkerRequest, endpoint: Endpoint) -> None:
    """What the pressed button says."""
    by = request.user
    if "rotate" in request.POST:
        shown_once.keep(request, endpoints.rotate(endpoint, by=by))
    elif "settle" in request.POST:
        endpoints.settle(endpoint, by=by)
        messages.success(request, _("Only the new secret counts now."))
    elif "test" in request.POST and endpoint.active:
        endpoints.try_out(endpoint)
        messages.success(request, _("The test is on its way. Look here again in a minute."))
    elif "on" in request.POST or "off" in request.POST:
        endpoints.switch(endpoint, active="on" in request.POST, by=by)
        told = _("It is told again.") if endpoint.active else _("It is told nothing any more.")
        messages.success(request, told)


def _line(message: Message) -> dict[str, Any]:
    """One webhook as the page shows it."""
    return {
        "what": message.context.get("type", ""),
        "case": message.context.get("data", {}).get("case", ""),
        "at": message.queued_at,
        "sent_at": message.sent_at,
        "given_up": message.given_up_at is not None,
        "error": message.error,
    }


def _administered(request: WorkerRequest, area: str) -> None:
    """404 for an area that the visitor does not administer."""
    if not offices.administers(request.user, area):
        raise Http404
