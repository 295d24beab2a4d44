"""Why a deadline is due on its day, and more time for it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.models import Deadline, Extension
from workflows import extensions
from workflows.forms import AnswerForm, MoreTimeForm
from workflows.pages import deadline as page
from workflows.views.access import (
    WorkerRequest,
    kept_entries,
    mark_of,
    visible_case,
    worker_page,
)


@worker_page
@require_http_methods(["GET", "HEAD", "POST"])
def deadline(request: WorkerRequest, number: str, pk: int) -> HttpResponse:
    """The account of one deadline of a case, for whoever may read the case.

    Who has the work asks for more time here, the level above answers.
    """
    case = visible_case(request, number)
    kept = case.deadlines.select_related("work_item__owner", "ladder", "acknowledged_by")
    found = get_object_or_404(kept, pk=pk)
    found.case = case
    if found.work_item is not None:
        found.work_item.process = case
    form = None
    if request.method == "POST":
        form = _sent(request)
        if form is None or (form.is_valid() and _done(request, found, form)):
            return redirect("deadline", number, pk)
    initial = {name: values[-1] for name, values in (kept_entries(request) or {}).items()}
    context = page.context(request.user, case, found, form, initial)
    context["mark"] = mark_of(request)
    return render(request, "workflows/deadline.html", context, status=422 if form else 200)


def _sent(request: WorkerRequest) -> Any:
    """The form whose button was pressed; None for none."""
    if "ask" in request.POST:
        return MoreTimeForm(request.POST)
    if {"grant", "refuse"} & set(request.POST):
        return AnswerForm(request.POST)
    return None


def _done(request: WorkerRequest, deadline: Deadline, form: Any) -> bool:
    """Whether more time was asked for, or the request answered; else the form says why not."""
    entered = form.cleaned_data
    try:
        if isinstance(form, MoreTimeForm):
            extensions.ask(deadline.pk, by=request.user, **entered)
            messages.success(request, _("You have asked for more time."))
            return True
        key = request.POST.get("extension", "")
        asked = get_object_or_404(
            Extension, deadline=deadline, pk=int(key) if key.isdecimal() and len(key) < 19 else 0
        )
        if "grant" in request.POST:
            extensions.grant(asked.pk, by=request.user, answer=entered["answer"])
            messages.success(request, _("You have given more time."))
        else:
            extensions.refuse(asked.pk, by=request.user, answer=entered["answer"])
            messages.success(request, _("You have refused more time."))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
