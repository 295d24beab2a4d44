"""A supervisor decides: the whole record on one page, then approve, return or reject."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cases import contents
from cases.models import Decision, WorkItem
from cases.text import clean
from workflows import actions, blockers
from workflows.entries import Entries
from workflows.errors import Blocked
from workflows.forms import DecisionForm
from workflows.pages import case as case_page
from workflows.pages import record, seats
from workflows.pages import step as page
from workflows.steps import Decide
from workflows.views.access import WorkerRequest, kept_entries, mark_of, whole


def decide(request: WorkerRequest, item: WorkItem) -> HttpResponse:
    """Show what was recorded and take the decision."""
    if request.method != "POST":
        kept = kept_entries(request)
        sent = {name: values[-1] for name, values in (kept or item.draft or {}).items()}
        form = _form(item, initial=sent)
        return _page(request, item, form, sent, restored=kept is not None)
    if "save" in request.POST:
        _keep(request, item)
        messages.success(request, _("Saved. You can go on later."))
        return redirect("step", item.process.number, item.pk)
    form, found = _form(item, request.POST), None
    if form.is_valid():
        try:
            actions.decide(item.pk, by=request.user, verdict=form.verdict())
        except Blocked as blocked:
            found = blocked.blockers
        else:
            messages.success(request, _("Your decision is recorded."))
            return redirect("case", item.process.number)
    _keep(request, item)
    item.owner = request.user
    return _page(request, item, form, request.POST, found=found, status=422)


def _keep(request: WorkerRequest, item: WorkItem) -> None:
    """Save what was typed as a draft of the decision."""
    names = ["outcome", "reason", "return_to", *DecisionForm.DEFECT_NAMES]
    draft = {name: [clean(request.POST[name])] for name in names if name in request.POST}
    actions.save(item.pk, by=request.user, draft=draft, entries=Entries())


def _form(item: WorkItem, *args: Any, **kwargs: Any) -> DecisionForm:
    node: Decide = item.flow_task
    return DecisionForm(
        *args,
        outcomes=[(outcome["value"], outcome["label"]) for outcome in outcomes(node)],
        return_steps=[
            (step.name, contents.pick(contents.step_texts(item.process, step.name)))
            for step in node.returns
        ],
        **kwargs,
    )


def outcomes(node: Decide) -> list[dict[str, Any]]:
    """The outcomes that a decision step offers, in words."""
    offered = [
        {
            "value": Decision.Outcome.APPROVED.value,
            "label": _("Approve"),
            "help": _("Everything is in order; the case goes on.")
            if node.noted is None
            else _("Accepted. What you write as the reason is kept as a remark."),
            "needs_reason": False,
        }
    ]
    if node.returns:
        offered.append(
            {
                "value": Decision.Outcome.RETURNED.value,
                "label": _("Return to be mended"),
                "help": _("Say what is wrong and to which step the case goes back."),
                "needs_reason": True,
            }
        )
    if node.rejection:
        offered.append(
            {
                "value": Decision.Outcome.REJECTED.value,
                "label": _("Reject"),
                "help": _("The case ends here; a reason is needed."),
                "needs_reason": True,
            }
        )
    return offered


def _page(
    request: WorkerRequest,
    item: WorkItem,
    form: DecisionForm,
    sent: Any,
    *,
    found: list[Any] | None = None,
    restored: bool = False,
    status: int = 200,
) -> HttpResponse:
    item.process = whole(item.process)
    # What keeps a case from being approved is shown from the start: the chief decides on it.
    missing = blockers.of_item(item) if found is None and item.is_open else found
    context = page.context(request.user, item, form, sent={}, found=missing, restored=restored)
    typed = [sent.get(name, "") for name in DecisionForm.DEFECT_NAMES]
    filled = [line for line in typed if line]
    rows = filled + [""] * max(DecisionForm.DEFECTS - len(filled), 1)
    context |= {
        "record": record.record(request.user, item.process),
        "warnings": case_page.warnings(item.process),
        "seats": seats.of_group(item.process.party) if item.process.party else None,
        "decisions": case_page.decisions(item.process),
        "outcomes": outcomes(item.flow_task),
        "return_steps": form["return_to"].field.widget.choices,
        "defect_rows": rows,
        "documents": [],
        "mark": mark_of(request),
    }
    return render(request, "workflows/decide.html", context, status=status)
