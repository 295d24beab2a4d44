"""Correcting a finished step: the form, a page to check what changes, and the old versions."""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass
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
from workflows.pages import lines
from workflows.pages import step as step_page
from workflows.pages import versions as page
from workflows.row_forms import BaseLineSet, drafted
from workflows.views.access import (
    WorkerRequest,
    as_data,
    kept_entries,
    mark_of,
    visible_item,
    whole,
    worker_page,
)
from workflows.views.table import MORE, PASTE, extended, sent_table, table_of, told_at_cells

REASON, VERSION = "correction-reason", "correction-version"


@dataclass(frozen=True)
class Sheet:
    """All that is typed on the page: the step's form, its table of lines, and the reason."""

    form: StepForm
    table: BaseLineSet | None
    why: CorrectionForm

    def is_valid(self) -> bool:
        """Whether all of it makes sense; each part says what of it does not."""
        parts: list[Any] = [self.form, self.why, *([self.table] if self.table is not None else [])]
        return not [part for part in parts if not part.is_valid()]

    def entries(self) -> dict[str, Any]:
        """The entries, as a correction takes them; call when valid."""
        table = self.table
        return {
            "values": self.form.cleaned_data,
            "lines": None if table is None else table.lines(),
        }


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
    shown = page.one(request.user, item, n)
    if shown is None:
        raise Http404
    return render(request, "workflows/version.html", _heads(item) | shown)


def _begin(request: WorkerRequest, item: WorkItem, known: list[trail.Version]) -> HttpResponse:
    """The entries as they stand, or what had been typed when the session lapsed."""
    kept = kept_entries(request)
    if kept is None:
        return _page(request, item, known, Sheet(_form(item), table_of(item), CorrectionForm()))
    return _again(request, item, known, as_data(kept))


def _again(
    request: WorkerRequest, item: WorkItem, known: list[trail.Version], typed: QueryDict
) -> HttpResponse:
    """The form with what was typed, to go on typing: what is empty is no error yet."""
    form, table = _form(item, typed), table_of(item, typed)
    form.hide_empty_errors()
    if table is not None:
        table.hide_empty_errors()
    why = CorrectionForm(initial={"reason": typed.get(REASON, "")})
    return _page(request, item, known, Sheet(form, table, why))


def _take(request: WorkerRequest, item: WorkItem, known: list[trail.Version]) -> HttpResponse:
    """Show what a correction changes, or make it once it was seen; refused, all typed stays."""
    if item.flow_task.rows and not {MORE, PASTE}.isdisjoint(request.POST):
        return _again(request, item, known, extended(item, request.POST)[0])
    if "edit" in request.POST:
        return _again(request, item, known, request.POST)
    sheet = Sheet(
        _form(item, request.POST), sent_table(item, request.POST), CorrectionForm(request.POST)
    )
    refusal: dict[str, Any] = {"status": 422}
    if sheet.is_valid():
        sent = {"by": request.user, "version": _seen(request), **sheet.entries()}
        try:
            if "submit" not in request.POST:
                return _check(request, item, corrections.propose(item.pk, **sent))
            corrections.correct(item.pk, reason=sheet.why.cleaned_data["reason"], **sent)
        except Blocked as blocked:
            refusal["blockers"] = told_at_cells(sheet.table, blocked.blockers)
        except Outdated as outdated:
            known = trail.of_step(item.process, item.step)
            refusal = {"status": outdated.status, "outdated": outdated}
        else:
            messages.success(request, _("Corrected. What stood there before stays readable."))
            return redirect("step", item.process.number, item.pk)
    return _page(request, item, known, sheet, **refusal)


def _page(
    request: WorkerRequest,
    item: WorkItem,
    known: list[trail.Version],
    sheet: Sheet,
    *,
    status: int = 200,
    blockers: Sequence[Blocker] = (),
    outdated: Outdated | None = None,
) -> HttpResponse:
    wrong = [{"text": text, "url": f"#id_{REASON}"} for text in sheet.why.errors.get("reason", ())]
    context = _heads(item) | {
        "form": sheet.form,
        "why": sheet.why,
        "errors": wrong,
        "blockers": [step_page.linked(blocker, sheet.table) for blocker in blockers],
        "shown": len(known),
        "mark": mark_of(request),
    }
    if sheet.table is not None:
        rows = item.flow_task.rows
        context["rows"] = lines.entry(rows, item.process, sheet.table)
        if sheet.table.is_bound:
            context["errors"] = lines.errors(rows, sheet.table) + wrong
    if outdated is not None:
        newer = [version for version in known[outdated.seen :] if version.is_correction]
        context["outdated"] = outdated.text
        context["newer"] = [
            page.changes_of(request.user, item.process, version.event) for version in newer
        ]
    return render(request, "workflows/correct.html", context, status=status)


def _check(request: WorkerRequest, item: WorkItem, made: corrections.Proposal) -> HttpResponse:
    """What changes and what rests on it, to be looked at before it is sent."""
    case = item.process
    context = _heads(item) | {
        "changes": page.changes(request.user, case, item.step, made.before, made.after),
        "depends": page.depends(case, made.depends),
        "reason": clean(request.POST[REASON]),
        "typed": _typed(item, request.POST),
        "mark": mark_of(request),
    }
    return render(request, "workflows/correct_check.html", context)


def _typed(item: WorkItem, sent: QueryDict) -> list[tuple[str, str]]:
    """All that was typed into the form, to be sent on unseen from the page that checks it."""
    step = item.flow_task
    ours = {*step.fields, REASON, VERSION}
    typed = [
        (name, value)
        for name in sent
        if name.removesuffix("-meant").removesuffix("-asked") in ours
        for value in sent.getlist(name)
    ]
    in_table = drafted(step.rows, sent) if step.rows else {}
    return typed + [(name, value) for name, values in in_table.items() for value in values]


def _form(item: WorkItem, data: Any = None) -> StepForm:
    node, case = item.flow_task, item.process
    model: Any = type(case)
    form = step_form(model, node.fields)
    return form(data, instance=copy.copy(case), optional=node.optional, asked=node.asked)


def _heads(item: WorkItem) -> dict[str, Any]:
    head = step_page.item_head(item, can_act=False)
    url = reverse("step", args=[item.process.number, item.pk])
    return {"case": step_page.case_head(item.process), "item": head | {"url": url}}


def _seen(request: WorkerRequest) -> int:
    """The number of the version that the form was given out with; 0 for none of ours."""
    sent = request.POST.get(VERSION, "")
    return int(sent) if re.fullmatch("[0-9]{1,9}", sent) else 0
