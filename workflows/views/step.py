"""The one page on which every step is done (DESIGN 7)."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases import contents
from cases.models import WorkItem
from cases.text import clean
from workflows import actions, blockers, claims
from workflows.entries import Entries
from workflows.errors import Blocked
from workflows.forms import StepForm, step_form
from workflows.pages import step as page
from workflows.row_forms import drafted
from workflows.steps import Decide, Wait
from workflows.views import decision
from workflows.views.access import (
    WorkerRequest,
    as_data,
    kept_entries,
    mark_of,
    visible_item,
    whole,
    worker_page,
)
from workflows.views.table import (
    MORE,
    PASTE,
    extended,
    of_whole,
    sent_table,
    table_of,
    told_at_cells,
)

_MENDED = re.compile(r"mended-([0-9]{1,18})")  # a defect's id, as far as the column goes


@worker_page
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: WorkerRequest, number: str, pk: int) -> HttpResponse:
    """Show a step, save a draft of it, take evidence for it, or finish it."""
    item = visible_item(request, number, pk)
    if isinstance(item.flow_task, Decide):
        return decision.decide(request, item)
    if request.method != "POST":
        item.process = whole(item.process)
        return _show(request, item)
    if isinstance(item.flow_task, Wait):
        actions.resume(item.pk, by=request.user)
        return redirect("case", number)
    if "upload" in request.POST:
        return _upload(request, item, request.POST["upload"])
    if "submit" in request.POST:
        return _submit(request, item)
    if item.flow_task.rows and not {MORE, PASTE}.isdisjoint(request.POST):
        return _extend(request, item)
    return _save(request, item)


@worker_page
def claim(request: WorkerRequest, number: str, pk: int) -> HttpResponse:
    """Take unclaimed work; the visitor goes on to the step itself.

    So does whoever comes back here by GET, from signing in after the session had lapsed.
    """
    item = visible_item(request, number, pk)
    if request.method == "POST":
        claims.claim(item.pk, by=request.user)
    return redirect("step", number, pk)


@worker_page
def release(request: WorkerRequest, number: str, pk: int) -> HttpResponse:
    """Give work back to everybody who holds the post; by GET as `claim`."""
    item = visible_item(request, number, pk)
    if request.method != "POST":
        return redirect("step", number, pk)
    claims.release(item.pk, by=request.user)
    messages.success(request, _("The work is open to your colleagues again."))
    return redirect("work")


@worker_page
def remove_document(request: WorkerRequest, number: str, pk: int, document: int) -> HttpResponse:
    """Take a wrong file away from an open step; the trail keeps that it was there. As `claim`."""
    item = visible_item(request, number, pk)
    if request.method != "POST":
        return redirect("step", number, pk)
    actions.detach(item.pk, document, by=request.user)
    _keep_the_rest(request, item)
    return _after_evidence(request, item)


def _show(request: WorkerRequest, item: WorkItem) -> HttpResponse:
    kept = kept_entries(request)
    draft = as_data(kept if kept is not None else item.draft)
    form = _form(item, draft) if draft else _form(item)
    if draft:
        form.is_valid()  # what is fine counts for "Why can't I go on?"
        form.hide_empty_errors()
    table = table_of(item, draft if draft else None)
    if table is not None:
        table.hide_empty_errors()
    context = page.context(
        request.user, item, form, sent=draft, restored=kept is not None, table=table
    )
    context["mark"] = mark_of(request)
    return render(request, "workflows/step.html", context)


def _keep(request: WorkerRequest, item: WorkItem, sent: Any = None) -> None:
    """Keep a form that is not finished: its ticks as facts, all that was typed as a draft."""
    ticked = Entries(ticked=_entries(item, request).ticked)
    draft = _draft(item, request.POST if sent is None else sent)
    actions.save(item.pk, by=request.user, draft=draft, entries=ticked)


def _save(request: WorkerRequest, item: WorkItem) -> HttpResponse:
    _keep(request, item)
    messages.success(request, _("Saved. You can go on later."))
    return redirect("step", item.process.number, item.pk)


def _extend(request: WorkerRequest, item: WorkItem) -> HttpResponse:
    """Save the draft with more lines: empty ones, or those pasted from a spreadsheet."""
    sent, pasted = extended(item, request.POST)
    _keep(request, item, sent)
    if pasted:
        text = ngettext("%(count)s line taken over.", "%(count)s lines taken over.", pasted)
        messages.success(request, text % {"count": pasted} + " " + _("Check it and go on."))
    elif PASTE in request.POST:
        messages.error(request, _("There is no line to take over. Copy the cells and paste them."))
    else:
        messages.success(request, _("Saved, with more empty lines."))
    return redirect(reverse("step", args=[item.process.number, item.pk]) + "#rows")


def _submit(request: WorkerRequest, item: WorkItem) -> HttpResponse:
    """Finish the step; what is refused is kept as a draft, and the page says what is missing."""
    form, table = _form(item, request.POST), sent_table(item, request.POST)
    found: list[Any] | None = None
    if form.is_valid() and (table is None or table.is_valid()):
        entries = _entries(item, request)
        entries.values, entries.lines = form.cleaned_data, table.lines() if table else []
        try:
            following = actions.submit(item.pk, by=request.user, entries=entries)
        except Blocked as blocked:
            found = blocked.blockers
        else:
            return _onward(request, item, following)
    _keep(request, item)
    item.owner, item.process = request.user, whole(item.process)
    table = sent_table(item, request.POST)
    if found is None:  # beside what the form says of its fields
        found = [*blockers.of_checklist(item), *of_whole(item, form, table)]
    found = told_at_cells(table, found)
    context = page.context(request.user, item, form, sent=request.POST, found=found, table=table)
    context["mark"] = mark_of(request)
    return render(request, "workflows/step.html", context, status=422)


def _onward(request: WorkerRequest, item: WorkItem, following: WorkItem | None) -> HttpResponse:
    """To the next step if it is the visitor's own, else to the case's page."""
    messages.success(request, _("Done."))
    if following and following.owner_id == request.user.pk and not following.wakes_on:
        return redirect("step", item.process.number, following.pk)
    return redirect("case", item.process.number)


def _upload(request: WorkerRequest, item: WorkItem, code: str) -> HttpResponse:
    """Keep a photo or file as evidence of the checklist item `code`, and the rest as a draft."""
    known = {check["code"] for check in contents.checklist(item.process, item.step)}
    upload = request.FILES.get(f"file-{code}")
    error = ""
    if code not in known or upload is None:
        error = _("Choose a file first.")
    else:
        try:
            actions.attach(item.pk, upload, code=code, by=request.user)
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
    _keep_the_rest(request, item)
    return _after_evidence(request, item, {code: error} if error else {})


def _keep_the_rest(request: WorkerRequest, item: WorkItem) -> None:
    """A plain browser sends the whole form, which has our mark, along with a file: a draft."""
    if "mark" in request.POST:
        draft = _draft(item, request.POST)
        actions.save(item.pk, by=request.user, draft=draft, entries=_entries(item, request))


def _after_evidence(
    request: WorkerRequest, item: WorkItem, errors: dict[str, str] | None = None
) -> HttpResponse:
    """The step's page again: htmx takes the one item from it, a plain browser the whole."""
    if not errors and not request.headers.get("HX-Request"):
        return redirect("step", item.process.number, item.pk)
    item.refresh_from_db(fields=["draft", "owner"])
    item.process = whole(item.process)
    draft = as_data(item.draft)
    form, table = _form(item, draft or None), table_of(item, draft or None)
    context = page.context(request.user, item, form, sent=draft, table=table)
    for check in context["checklist"]:
        check["error"] = (errors or {}).get(check["code"], "")
    context["errors"] = [
        {"text": text, "url": f"#evidence-{code}"} for code, text in (errors or {}).items()
    ]
    context["mark"] = mark_of(request)
    return render(request, "workflows/step.html", context, status=422 if errors else 200)


def _form(item: WorkItem, data: Any = None) -> StepForm:
    node = item.flow_task
    model = node.flow_class.process_class
    known = isinstance(item.process, model)
    instance = item.process if known else model()
    offered = node.suggest(instance) if known and data is None and node.suggest else {}
    empty = (None, "")
    initial = {name: value for name, value in offered.items() if getattr(instance, name) in empty}
    return step_form(model, node.fields)(
        data, instance=instance, initial=initial, optional=node.optional, asked=node.asked
    )


def _entries(item: WorkItem, request: WorkerRequest) -> Entries:
    """Ticks of the step's own checklist and defects said to be mended, from what was sent."""
    sent = request.POST
    checks = contents.checklist(item.process, item.step)
    mended = {
        int(found[1]): clean(sent.get(f"note-{found[1]}", ""))[:500]
        for found in map(_MENDED.fullmatch, sent)
        if found
    }
    ticked = {check["code"] for check in checks if f"tick-{check['code']}" in sent}
    return Entries(ticked=ticked, mended=mended)


def _draft(item: WorkItem, sent: Any) -> dict[str, list[str]]:
    """What was typed into the step's form, raw, so that also what is wrong is not lost.

    With it the answers to what was asked back, see cases/widgets.py.
    """
    names, rows = item.flow_task.fields, item.flow_task.rows
    typed = {
        name: [clean(value) for value in sent.getlist(name)]
        for name in sent
        if name.removesuffix("-meant").removesuffix("-asked") in names or _of_defect(name)
    }
    return typed | drafted(rows, sent) if rows else typed


def _of_defect(name: str) -> bool:
    return name.startswith(("mended-", "note-"))
