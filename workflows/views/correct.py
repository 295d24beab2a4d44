"""Correcting a finished step: the form, a page to check what changes, and the old versions."""

import copy
import re
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import WorkItem
from cases.text import clean
from workflows import corrections
from workflows import versions as trail
from workflows.blockers import Blocker
from workflows.errors import Blocked, Outdated, StillOpen
from workflows.forms import CorrectionForm, StepForm, step_form
from workflows.pages import step as step_page
from workflows.pages import versions as page
from workflows.views.access import (
    WorkerRequest,
    as_data,
    kept_entries,
    mark_of,
    visible_item,
    whole,
    worker_page,
)

REASON, VERSION = "correction-reason", "correction-version"


@worker_page
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: WorkerRequest, number: str, pk: int) -> HttpResponse:
    """Type the right entries with a reason, check what changes and what rests on it, send."""
    item = visible_item(request, number, pk)
    item.process = whole(item.process)
    try:
        known = corrections.correctable(item, request.user)
    except StillOpen as refusal:
        if request.method == "POST":
            raise
        messages.info(request, refusal.text)
        return redirect("step", number, refusal.pk)
    if request.method != "POST":
        return _begin(request, item, known)
    return _take(request, item, known)


@worker_page
@require_safe
def version(request: WorkerRequest, number: str, pk: int, n: int) -> HttpResponse:
    """One version of what a finished step recorded, to read."""
    item = visible_item(request, number, pk)
    item.process = whole(item.process)
    shown = page.one(item, n)
    if shown is None:
        raise Http404
    return render(request, "workflows/version.html", _heads(item) | shown)


def _begin(request: WorkerRequest, item: WorkItem, known: list[trail.Version]) -> HttpResponse:
    """The entries as they stand, or what had been typed when the session lapsed."""
    kept = kept_entries(request)
    if kept is None:
        return _page(request, item, known, _form(item), CorrectionForm())
    return _again(request, item, known, as_data(kept))


def _again(
    request: WorkerRequest, item: WorkItem, known: list[trail.Version], typed: QueryDict
) -> HttpResponse:
    """The form with what was typed, to go on typing: what is empty is no error yet."""
    form, why = _form(item, typed), CorrectionForm(initial={"reason": typed.get(REASON, "")})
    form.hide_empty_errors()
    return _page(request, item, known, form, why)


def _take(request: WorkerRequest, item: WorkItem, known: list[trail.Version]) -> HttpResponse:
    """Show what a correction changes, or make it once it was seen; refused, all typed stays."""
    if "edit" in request.POST:
        return _again(request, item, known, request.POST)
    form, why = _form(item, request.POST), CorrectionForm(request.POST)
    refusal: dict[str, Any] = {"status": 422}
    if form.is_valid() and why.is_valid():
        sent = {"by": request.user, "values": form.cleaned_data, "version": _seen(request)}
        try:
            if "submit" not in request.POST:
                return _check(request, item, corrections.propose(item.pk, **sent))
            corrections.correct(item.pk, reason=why.cleaned_data["reason"], **sent)
        except Blocked as blocked:
            refusal["blockers"] = blocked.blockers
        except Outdated as outdated:
            known = trail.of_step(item.process, item.step)
            refusal = {"status": outdated.status, "outdated": outdated}
        else:
            messages.success(request, _("Corrected. What stood there before stays readable."))
            return redirect("step", item.process.number, item.pk)
    return _page(request, item, known, form, why, **refusal)


def _page(
    request: WorkerRequest,
    item: WorkItem,
    known: list[trail.Version],
    form: StepForm,
    why: CorrectionForm,
    *,
    status: int = 200,
    blockers: Sequence[Blocker] = (),
    outdated: Outdated | None = None,
) -> HttpResponse:
    context = _heads(item) | {
        "form": form,
        "why": why,
        "errors": [{"text": text, "url": f"#id_{REASON}"} for text in why.errors.get("reason", ())],
        "blockers": [step_page.linked(blocker) for blocker in blockers],
        "shown": len(known),
        "mark": mark_of(request),
    }
    if outdated is not None:
        newer = [version for version in known[outdated.seen :] if version.is_correction]
        context["outdated"] = outdated.text
        context["newer"] = [page.changes_of(item.process, version.event) for version in newer]
    return render(request, "workflows/correct.html", context, status=status)


def _check(request: WorkerRequest, item: WorkItem, proposal: corrections.Proposal) -> HttpResponse:
    """What changes and what rests on it, to be looked at before it is sent."""
    case, names = item.process, item.flow_task.fields
    context = _heads(item) | {
        "changes": page.changes(case, vars(proposal.before), vars(proposal.after), proposal.fields),
        "depends": page.depends(case, proposal.depends),
        "reason": clean(request.POST[REASON]),
        "typed": [
            (name, value)
            for name in request.POST
            if name.removesuffix("-meant").removesuffix("-asked") in (*names, REASON, VERSION)
            for value in request.POST.getlist(name)
        ],
        "mark": mark_of(request),
    }
    return render(request, "workflows/correct_check.html", context)


def _form(item: WorkItem, data: Any = None) -> StepForm:
    node, case = item.flow_task, item.process
    form = step_form(type(case), node.fields)
    return form(data, instance=copy.copy(case), optional=node.optional, asked=node.asked)


def _heads(item: WorkItem) -> dict[str, Any]:
    head = step_page.item_head(item, can_act=False)
    url = reverse("step", args=[item.process.number, item.pk])
    return {"case": step_page.case_head(item.process), "item": head | {"url": url}}


def _seen(request: WorkerRequest) -> int:
    """The number of the version that the form was given out with; 0 for none of ours."""
    sent = request.POST.get(VERSION, "")
    return int(sent) if re.fullmatch("[0-9]{1,9}", sent) else 0
