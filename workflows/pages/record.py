"""What was recorded, step by step: what a supervisor decides on."""

from typing import Any

from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from cases import contents
from cases.models import Case, User, WorkItem
from workflows import ways
from workflows.pages import lines, parts
from workflows.steps import Decide, Wait


def record(user: User, case: Case) -> list[dict[str, Any]]:
    """The entries, ticks and papers of each finished step of `case`, in the manual's order."""
    done = case.task_set.filter(status=STATUS.DONE).exclude(role="").select_related("owner")
    latest = {item.step: item for item in done.order_by("pk")}
    ticks: dict[str, set[str]] = {}
    for step, code in case.ticks.values_list("step", "item"):
        ticks.setdefault(step, set()).add(code)
    documents: dict[str, list[Any]] = {}
    kept = case.documents.filter(removed_at__isnull=True).select_related("uploaded_by")
    for document in kept:
        documents.setdefault(document.step, []).append(parts.document(document, case))
    found = _recorded_before(case, latest)
    for step in (case.flow_class.start_node(), *case.flow_class.steps()):
        if step.name not in latest or isinstance(step, Decide | Wait):
            continue
        item = latest[step.name]
        found.append(
            {
                "step_title": contents.pick(contents.step_texts(case, step.name)),
                "who": str(item.owner or ""),
                "when": item.closed_at,
                "facts": parts.facts(case, step.fields),
                "lines": lines.shown(step.rows, case, user) if step.rows else None,
                "checklist": [
                    {
                        "text": contents.pick(check["text"]),
                        "ticked": check["code"] in ticks.get(step.name, ()),
                    }
                    for check in contents.checklist(case, step.name)
                ],
                "documents": documents.get(step.name, []),
            }
        )
    return found


def _recorded_before(case: Case, done: dict[str, WorkItem]) -> list[dict[str, Any]]:
    """What is known of the steps that a case had behind it when it was taken over from a file."""
    flow = case.flow_class
    if flow.start_node().name in done:
        return []
    first = case.task_set.exclude(role="").order_by("pk").first()
    before = ways.before_us(case, [first.step] if first else [])
    rows = [
        {
            "step_title": contents.pick(contents.step_texts(case, step.name)),
            "who": _("before Sajja"),
            "facts": parts.facts(case, step.fields),
        }
        for step in (flow.start_node(), *flow.steps())
        if step.name in before and step.name not in done
    ]
    return [row for row in rows if row["facts"]]
