"""What a finished step recorded over time, and what a correction changes, in words."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases import contents
from cases.models import Case, Decision, Document, Event, User, WorkItem
from cases.models.event import EventKind
from workflows import corrections
from workflows import versions as trail
from workflows.pages import parts
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
        "erased": version.values is None,
        "url": reverse("version", args=[item.process.number, item.pk, version.number]),
    }


def one(item: WorkItem, number: int) -> dict[str, Any] | None:
    """All of version `number` of what the step of `item` recorded; None if there is none such."""
    case, known = item.process, trail.of_step(item.process, item.step)
    if not 1 <= number <= len(known):
        return None
    version = known[number - 1]
    shown: dict[str, Any] = {"version": head(item, version, len(known))}
    if version.values is not None:
        fields = tuple(item.flow_task.fields)
        shown["facts"] = parts.facts(_holding(case, version.values), fields)
    if version.is_correction:
        shown["changes"] = changes_of(case, version.event)
        shown["depends"] = depends(case, version.event.codes["depends"])
    return shown


def changes_of(case: Case, event: Event) -> list[dict[str, str]]:
    """What a correction changed, as its event keeps it; nothing where the text was erased."""
    if not hasattr(event, "text"):
        return []
    body = event.text.body
    before, after = trail.typed(case, body["before"]), trail.typed(case, body["after"])
    return changes(case, before, after, event.codes["fields"])


def changes(
    case: Case, before: dict[str, Any], after: dict[str, Any], names: list[str]
) -> list[dict[str, str]]:
    """The columns `names` with their old and new values in words; an empty one is a dash."""
    meta = case.flow_class.process_class._meta
    return [
        {
            "label": str(meta.get_field(name).verbose_name),
            "before": _worded(case, before, name),
            "after": _worded(case, after, name),
        }
        for name in names
    ]


def told(case: Case, event: Event) -> str:
    """A correction in the timeline: why, and what stands now in place of what."""
    if not hasattr(event, "text"):
        return _("The text was erased.")
    lines = [
        _("%(label)s: %(after)s, before: %(before)s") % change for change in changes_of(case, event)
    ]
    return "\n".join([event.text.body["reason"], *lines])


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


def _holding(case: Case, values: dict[str, Any]) -> Any:
    """A case that is nowhere kept and holds `values`, to be worded like one that is."""
    return case.flow_class.process_class(**values)


def _worded(case: Case, values: dict[str, Any], name: str) -> str:
    facts = parts.facts(_holding(case, {name: values[name]}), (name,)) if name in values else []
    return facts[0]["value"] if facts else "–"
