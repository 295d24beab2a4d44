"""What a finished step recorded over time, and what a correction changes, in words."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import contents
from cases.models import Case, Decision, Document, Event, User, WorkItem
from cases.models.event import EventKind
from workflows import corrections
from workflows import versions as trail
from workflows.pages import lines, parts
from workflows.rows import LINES
from workflows.steps import Fill


def of_item(user: User, item: WorkItem) -> dict[str, Any]:
    """What the page of a finished step says of its versions, and whether it may be corrected."""
    if item.is_open or not isinstance(item.flow_task, Fill):
        return {}
    known = trail.of_step(item.process, item.step)
    return {
        "versions": [head(item, each, len(known)) for each in reversed(known)],
        "correct_url": correct_url(user, item),
    }


def correct_url(user: User, item: WorkItem) -> str:
    """Where `user` may correct what `item` recorded; "" where they may not."""
    if not corrections.may_correct(user, item):
        return ""
    return reverse("correct", args=[item.process.number, item.pk])


def head(item: WorkItem, version: trail.Version, total: int) -> dict[str, Any]:
    """One version in short: its number, whose it is, since when, why."""
    return {
        "number": version.number,
        "total": total,
        "current": version.number == total,
        "correction": version.is_correction,
        "who": str(version.event.by or _("Sajja")),
        "at": version.event.at,
        "reason": version.reason,
        "erased": version.record is None,
        "url": reverse("version", args=[item.process.number, item.pk, version.number]),
    }


def one(user: User, item: WorkItem, number: int) -> dict[str, Any] | None:
    """All of version `number` of what the step of `item` recorded; None if there is none such."""
    case, step = item.process, item.flow_task
    known = trail.of_step(case, step.name)
    if not 1 <= number <= len(known):
        return None
    version = known[number - 1]
    shown: dict[str, Any] = {"version": head(item, version, len(known))}
    if version.record is not None:
        held = trail.entered(case, step, version.record)
        shown["facts"] = parts.facts(held, tuple(step.fields))
        shown["recorded"] = lines.shown(step.rows, held, user) if step.rows else None
    if version.is_correction:
        shown["changes"] = changes_of(user, case, version.event)
        shown["depends"] = depends(case, version.event.codes["depends"])
    return shown


def changes_of(user: User, case: Case, event: Event) -> list[dict[str, str]]:
    """What a correction changed, as its event keeps it; nothing where the text was erased."""
    if not hasattr(event, "text"):
        return []
    before, after = _both(case, event)
    return changes(user, case, event.step, before, after)


def changes(
    user: User, case: Case, step: str, before: trail.Record, after: trail.Record
) -> list[dict[str, str]]:
    """What differs, with its old and new values in words; an empty one is a dash."""
    node = case.flow_class.instance.node(step)
    names = trail.differing(before.values, after.values)
    found = [_change(case, node, before, after, name) for name in names]
    if node.rows:
        gone, came = trail.differing_lines(before, after)
        if gone or came:
            old, new = (lines.told(node.rows, each, user, case) or "–" for each in (gone, came))
            found.append({"label": str(node.rows.title), "before": old, "after": new})
    return found


def told(case: Case, event: Event) -> str:
    """A correction in the timeline: why, and what stands now in place of what.

    Of lines their number alone; the version's own page names them.
    """
    if not hasattr(event, "text"):
        return _("The text was erased.")
    node = case.flow_class.instance.node(event.step)
    before, after = _both(case, event)
    names = trail.differing(before.values, after.values)
    changed = [_change(case, node, before, after, name) for name in names]
    texts = [_("%(label)s: %(after)s, before: %(before)s") % change for change in changed]
    if LINES in event.codes["fields"]:
        count = max(map(len, trail.differing_lines(before, after)))
        lines_told = ngettext("%(count)s line corrected", "%(count)s lines corrected", count)
        texts.append(f"{node.rows.title}: {lines_told % {'count': count}}")
    return "\n".join([event.text.body["reason"], *texts])


def _both(case: Case, event: Event) -> tuple[trail.Record, trail.Record]:
    """The whole before and the whole after of a correction whose text is there."""
    node, body = case.flow_class.instance.node(event.step), event.text.body
    unchanged = {n: v for n, v in body["after"].items() if n not in event.codes["fields"]}
    before = trail.recorded(case, node, unchanged | body["before"])
    return before, trail.recorded(case, node, body["after"])


def _change(
    case: Case, node: Fill, before: trail.Record, after: trail.Record, name: str
) -> dict[str, str]:
    column: Any = case.flow_class.process_class._meta.get_field(name)
    facts = (parts.facts(trail.entered(case, node, each), (name,)) for each in (before, after))
    old, new = (found[0]["value"] if found else "–" for found in facts)
    return {"label": str(column.verbose_name), "before": old, "after": new}


def depends(case: Case, refs: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """What rests on a step, in words: {text, who, at}, in the order in which it came."""
    decisions = case.decisions.filter(pk__in=refs.get("decision", []))
    papers = case.documents.filter(pk__in=refs.get("paper", []))
    steps = case.task_set.filter(pk__in=refs.get("step", []))
    found = [
        *(_decided(case, each) for each in decisions.select_related("decided_by")),
        *(_paper(each) for each in papers.select_related("uploaded_by")),
        *(_done(case, each) for each in steps.select_related("owner")),
    ]
    return sorted(found, key=lambda each: each["at"]) + [
        _state(case, state) for state in refs.get("state", [])
    ]


def _decided(case: Case, made: Decision) -> dict[str, Any]:
    step = contents.pick(contents.step_texts(case, made.step))
    text = f"{made.get_outcome_display()}: {step}"
    return {"text": text, "who": str(made.decided_by), "at": made.decided_at}


def _paper(kept: Document) -> dict[str, Any]:
    text = _("Paper made: %(name)s") % {"name": kept.name}
    return {"text": text, "who": str(kept.uploaded_by), "at": kept.uploaded_at}


def _done(case: Case, item: WorkItem) -> dict[str, Any]:
    step = contents.pick(contents.step_texts(case, item.step))
    text = f"{EventKind.STEP_DONE.label}: {step}"
    return {"text": text, "who": str(item.owner or ""), "at": item.closed_at}


def _state(case: Case, state: str) -> dict[str, Any]:
    label = contents.pick(contents.body_of(case)["states"].get(state)) or state
    return {"text": _("The case came to be: %(state)s") % {"state": label}}
