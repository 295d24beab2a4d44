"""What the step page shows: the form, the checklist with its evidence, what is missing."""

from typing import Any

from django.urls import reverse

from cases import contents
from cases.models import Case, User, WorkItem
from workflows import blockers, rights
from workflows.errors import Refused
from workflows.pages import lines, parts, versions
from workflows.steps import Wait


def context(
    user: User,
    item: WorkItem,
    form: Any,
    *,
    sent: Any = None,
    found: list[Any] | None = None,
    restored: bool = False,
    table: Any = None,
) -> dict[str, Any]:
    """Everything on the page of `item` for `user`.

    `sent` is what was typed (a draft, or a form that was refused); `found` are the blockers that
    refused it; `table` are the step's lines. "Why can't I go on?" is shown once somebody has begun.
    """
    case = item.process
    reason, can_act = _may_act(user, item)
    checks = checklist(item, sent, can_act)
    begun = bool(sent) or any(check["ticked"] for check in checks)
    missing = found if found is not None else blockers.of_step(item) if begun and can_act else []
    return {
        "case": case_head(case),
        "item": item_head(item, can_act),
        "form": form,
        "checklist": checks,
        "defects": _defects(item, sent),
        "returned": _returned(item),
        "blockers": [linked(blocker, table) for blocker in missing],
        "warnings": [w.text for w in blockers.warnings(case, [item.flow_task])] if begun else [],
        "can_act": can_act,
        "readonly_reason": reason,
        "unsaved_restored": restored,
        "wait": isinstance(item.flow_task, Wait),
        "wakes_on": item.wakes_on,
        **versions.of_item(user, item),
        **_lines(user, item, table, can_act),
    }


def _lines(user: User, item: WorkItem, table: Any, can_act: bool) -> dict[str, Any]:
    """The step's lines: the table to type in with its errors, or the record to read."""
    rows = item.flow_task.rows
    if rows is None:
        return {}
    if can_act and table is not None:
        return {
            "rows": lines.entry(rows, item.process, table),
            "errors": lines.errors(rows, table) if table.is_bound else [],
        }
    rows.forget(item.process)
    return {"recorded": lines.shown(rows, item.process, user)}


def case_head(case: Case) -> dict[str, Any]:
    """The case in short: what stands on top of its pages."""
    body = contents.body_of(case)
    return {
        "number": case.number,
        "title": case.title,
        "group_name": case.party.name if case.party else "",
        "group_url": reverse("group", args=[case.party_id]) if case.party_id else "",
        "register_number": case.party.register_number if case.party else "",
        "url": reverse("case", args=[case.number]),
        "area_path": case.area.path,
        "state": case.state,
        "state_label": contents.pick(body["states"].get(case.state)) or case.state,
        "procedure_title": contents.pick(body["title"]),
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
    }


def item_head(item: WorkItem, can_act: bool) -> dict[str, Any]:
    """The work item in short: title, help, when it is due, whose it is."""
    step = contents.body_of(item.process)["steps"].get(item.step, {})
    args = [item.process.number, item.pk]
    return {
        "title": contents.pick(step.get("title")),
        "help": contents.pick(step.get("help")),
        "owner_name": str(item.owner) if item.owner else "",
        "claim_url": reverse("claim", args=args),
        "release_url": reverse("release", args=args),
        "why_url": parts.why_url(item.process, getattr(item, "deadline", None)),
        **(parts.due(item) if item.is_open else {"due_on": item.due_on, "due_state": ""}),
    }


def checklist(item: WorkItem, sent: Any, can_act: bool) -> list[dict[str, Any]]:
    """The items to tick, each with its evidence; ticks as sent, else as kept."""
    case, step = item.process, item.step
    items = contents.checklist(case, step)
    if not items:
        return []
    ticks = {t.item: t for t in case.ticks.filter(step=step).select_related("ticked_by")}
    kept = case.documents.filter(step=step, removed_at__isnull=True)
    documents: dict[str, list[Any]] = {}
    for document in kept.select_related("uploaded_by"):
        shown = parts.document(document, case)
        args = [case.number, item.pk, document.pk]
        shown["remove_url"] = reverse("remove-document", args=args)
        documents.setdefault(document.item, []).append(shown)
    # a form as sent, kept through signing in too, names its button; a draft holds fields alone
    ticked_in_form = not {"submit", "save", "upload", "more", "paste"}.isdisjoint(sent or {})
    return [
        {
            "code": check["code"],
            "field_name": f"tick-{check['code']}",
            "text": contents.pick(check["text"]),
            "required": check["required"],
            "evidence_required": check["evidence"],
            "ticked": (
                f"tick-{check['code']}" in sent if ticked_in_form else check["code"] in ticks
            ),
            "ticked_by": str(ticks[check["code"]].ticked_by) if check["code"] in ticks else "",
            "ticked_at": ticks[check["code"]].ticked_at if check["code"] in ticks else None,
            "documents": documents.get(check["code"], []),
            "upload_url": reverse("step", args=[case.number, item.pk]) if can_act else "",
        }
        for check in items
    ]


def _may_act(user: User, item: WorkItem) -> tuple[str, bool]:
    """Why the visitor may not do this step, or nothing and True."""
    try:
        rights.post_to_act(user, item)
    except Refused as refusal:
        return refusal.text, False
    return "", True


def _defects(item: WorkItem, sent: Any) -> list[dict[str, Any]]:
    if not item.is_open:
        return []
    open_defects = item.process.defects.filter(step=item.step)
    if item.returned_by_id:
        open_defects = open_defects.filter(decision=item.returned_by_id) | open_defects.filter(
            mended_at__isnull=True
        )
    else:
        open_defects = open_defects.filter(mended_at__isnull=True)
    return [
        {
            "id": defect.pk,
            "text": defect.text,
            "field_name": f"mended-{defect.pk}",
            "note_field_name": f"note-{defect.pk}",
            "mended": bool(defect.mended_at) or f"mended-{defect.pk}" in (sent or {}),
            "note": (sent or {}).get(f"note-{defect.pk}") or defect.mended_note,
        }
        for defect in open_defects
    ]


def _returned(item: WorkItem) -> dict[str, Any] | None:
    made = item.returned_by
    if made is None or not item.is_open:
        return None
    return {"who": str(made.decided_by), "at": made.decided_at, "reason": made.reason}


def linked(blocker: blockers.Blocker, table: Any = None) -> dict[str, str]:
    """A blocker with where on the page it is mended: in the `table` of lines at its cell."""
    at_cell = table is not None and blocker.line is not None
    anchor = table.cell(blocker) if at_cell else blocker.anchor
    return {"text": blocker.text, "url": f"#{anchor}" if anchor else ""}
