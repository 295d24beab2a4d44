"""What the case page shows: where the case stands, what to do next, what was recorded."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from cases import acknowledging, clock, contents, people
from cases.models import Case, Deadline, Decision, Event, User, WorkItem
from cases.models.event import EventKind
from workflows import blockers, rights, ways
from workflows.pages import deadline as deadlines
from workflows.pages import ledger_words, lines, papers, parts, versions
from workflows.pages.step import case_head
from workflows.steps import Decide, Wait

TIMELINE_LENGTH = 100


def context(user: User, case: Case) -> dict[str, Any]:
    """Everything on the page of `case` for `user`, in a number of queries that does not grow."""
    items = list(
        case.task_set.exclude(role="").select_related("owner", "returned_by").order_by("pk")
    )
    running = _running(case)
    to_acknowledge = acknowledging.acknowledgeable(running, user, clock.now())
    for item in items:
        item.process = case
    kept = list(case.documents.filter(removed_at__isnull=True).select_related("uploaded_by"))
    made = [document for document in kept if document.paper]
    mine = [item for item in items if item.is_open and rights.may_act(user, item)]
    return {
        "case": case_head(case),
        "stages": stages(user, case, items),
        "next_steps": [_next_step(item, user, running) for item in items if item.is_open],
        "blockers": _blockers(mine),
        "warnings": warnings(case),
        "decisions": decisions(case),
        "documents": [parts.document(each, case) for each in kept if not each.paper],
        "papers": papers.context(user, case, made),
        "people": _people(case),
        "timeline": timeline(case),
        "deadlines": [_deadline(case, each, each.pk in to_acknowledge) for each in running],
        "endings": _endings(user, case),
        "facts": _facts(case),
        "tables": _tables(user, case),
    }


def decisions(case: Case) -> list[dict[str, Any]]:
    """What was decided so far, latest first, with the defects and how they were mended."""
    made = case.decisions.select_related("decided_by", "post__acting_for__user")
    latest_first = made.prefetch_related("defects").order_by("-decided_at", "-pk")
    return [parts.decision(each, case) for each in latest_first]


def stages(user: User, case: Case, items: list[WorkItem]) -> list[dict[str, Any]]:
    """The stages with their steps, each done, current, returned or upcoming."""
    flow, body = case.flow_class, contents.body_of(case)
    latest = {item.step: item for item in items}
    before = ways.before_us(case, latest)
    found = []
    for name in flow.stages():
        steps = [_step_row(user, case, s, latest.get(s.name)) for s in _shown(flow, name)]
        for step, row in zip(_shown(flow, name), steps, strict=True):
            if step.name in before and step.name not in latest:
                row["status"] = "before"
        statuses = {"done" if row["status"] == "before" else row["status"] for row in steps}
        status = "upcoming"
        if statuses & {"current", "returned"}:
            status = "current"
        elif "done" in statuses:
            status = "done" if statuses <= {"done"} or _passed(flow, name, latest) else "upcoming"
        title = contents.pick(body["stages"].get(name)) or name
        found.append({"title": title, "status": status, "steps": steps})
    return found


def _shown(flow: Any, stage: str) -> list[Any]:
    return [s for s in flow.steps() if s.stage == stage and not isinstance(s, Wait)]


def _passed(flow: Any, stage: str, latest: dict[str, WorkItem]) -> bool:
    """Whether work has gone on to a later stage, or the last step of this one is done."""
    names = flow.stages()
    later = [s.name for s in flow.steps() if names.index(s.stage) > names.index(stage)]
    last = _shown(flow, stage)[-1].name
    done = last in latest and latest[last].status == STATUS.DONE
    return done or any(name in latest for name in later)


def _step_row(user: User, case: Case, step: Any, item: WorkItem | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "title": contents.pick(contents.step_texts(case, step.name)),
        "status": "upcoming",
        "url": "",
    }
    if item is None or item.status == STATUS.CANCELED:
        return row
    row["url"] = reverse("step", args=[case.number, item.pk])
    if item.is_open:
        row["status"] = "returned" if item.returned_by_id else "current"
        row["who"] = str(item.owner or "")
    else:
        row |= {"status": "done", "who": str(item.owner or ""), "when": item.closed_at}
        row["correct_url"] = versions.correct_url(user, item)
    return row


def _next_step(item: WorkItem, user: User, running: list[Deadline]) -> dict[str, Any]:
    deadline = next((each for each in running if each.work_item_id == item.pk), None)
    can_act = rights.may_act(user, item)
    waits = item.wakes_on is not None
    return {
        "title": contents.pick(contents.step_texts(item.process, item.step)),
        "who": str(item.owner) if item.owner else "" if waits else item.get_role_display(),
        "url": reverse("step", args=[item.process.number, item.pk]),
        "can_act": can_act and not waits,
        "wakes_on": item.wakes_on,
        "why_url": parts.why_url(item.process, deadline),
        **parts.due(item),
    }


def _blockers(mine: list[WorkItem]) -> list[dict[str, str]]:
    """ "Why can't I go on?" for the steps that the visitor may do, with where to mend each."""
    found = []
    for item in mine:
        if isinstance(item.flow_task, Wait):
            continue
        url = reverse("step", args=[item.process.number, item.pk])
        missing = blockers.of_item(item) if isinstance(item.flow_task, Decide) else []
        missing = missing or blockers.of_step(item)
        found += [
            {"text": b.text, "url": f"{url}#{b.anchor}" if b.anchor else url} for b in missing
        ]
    return found


def warnings(case: Case) -> list[str]:
    """What looks wrong in what was recorded so far (integrity rules, handbook 5.2)."""
    return [warning.text for warning in blockers.warnings(case, case.flow_class.steps())]


def _facts(case: Case) -> list[dict[str, Any]]:
    """What was recorded, stage by stage; the last stage of which anything is known stands open."""
    flow, body = case.flow_class, contents.body_of(case)
    opening = {flow.stages()[0]: flow.start_node().fields}
    found = []
    for stage in flow.stages():
        steps = [step.fields for step in flow.steps() if step.stage == stage]
        names = [name for fields in (opening.get(stage, ()), *steps) for name in fields]
        title = contents.pick(body["stages"].get(stage)) or stage
        if facts := parts.facts(case, tuple(dict.fromkeys(names))):
            found.append({"title": title, "facts": facts})
    if found:
        found[-1]["open"] = True
    return found


def _tables(user: User, case: Case) -> list[dict[str, Any]]:
    """What was recorded line by line."""
    tables = [lines.shown(s.rows, case, user) for s in case.flow_class.steps() if s.rows]
    return [table for table in tables if table]


def _people(case: Case) -> list[dict[str, Any]]:
    """Who holds the posts that this procedure needs, for this area, today."""
    roles = dict.fromkeys(step.role for step in case.flow_class.steps())
    posts = [post for role in roles for post in people.holders(role, case.area_id)]
    return [
        {
            "role_label": post.get_role_display(),
            "name": str(post.user),
            "acting_label": _("acting") if post.acting_for_id else "",
        }
        for post in posts
    ]


def timeline(case: Case) -> list[dict[str, Any]]:
    """What happened, newest first, in words: from the audit trail."""
    events = case.events.select_related("by", "text").order_by("-number")[:TIMELINE_LENGTH]
    return [
        {
            "at": event.at,
            "who": str(event.by or _("Sajja")),
            "text": _told(case, event),
            "detail": _reason(case, event),
        }
        for event in events
    ]


def _reason(case: Case, event: Event) -> str:
    """Why a case was ended or more time asked for, how a step was corrected, which paper was made.

    The reasons of decisions stand with them.
    """
    if event.kind == EventKind.STEP_CORRECTED:
        return versions.told(case, event)
    told = {
        EventKind.CASE_ENDED.value: "reason",
        EventKind.PAPER_MADE.value: "name",
        EventKind.EXTENSION_ASKED.value: "reason",
        EventKind.EXTENSION_GRANTED.value: "answer",
        EventKind.EXTENSION_REFUSED.value: "answer",
    }
    if event.kind not in told or not hasattr(event, "text"):
        return ""
    return str(event.text.body.get(told[event.kind], ""))


def _told(case: Case, event: Event) -> str:
    label = str(EventKind(event.kind).label)
    step = contents.pick(contents.step_texts(case, event.step)) if event.step else ""
    if "outcome" in event.codes:
        label = str(Decision.Outcome(event.codes["outcome"]).label)
    if event.codes.get("imported"):
        label = _("Taken over from a file")
    return f"{label}: {step}" if step else label


def _running(case: Case) -> list[Deadline]:
    """The deadlines of the case that run, the next one first."""
    running = case.deadlines.filter(closed_at__isnull=True)
    running = running.select_related("work_item", "acknowledged_by")
    found = list(running.order_by("due_on", "pk"))
    for deadline in found:
        deadline.case = case
        if deadline.work_item is not None:
            deadline.work_item.process = case
    return found


def _deadline(case: Case, deadline: Deadline, acknowledgeable: bool) -> dict[str, Any]:
    url = reverse("acknowledge", args=[case.number, deadline.pk])
    return {
        "title": deadlines.title(case, deadline),
        **deadlines.state(deadline),
        "ledger": ledger_words.in_short(deadline),
        "acknowledge_url": url if acknowledgeable else "",
        "acknowledged_by": str(deadline.acknowledged_by or ""),
        "acknowledged_at": deadline.acknowledged_at,
        "why_url": parts.why_url(case, deadline),
    }


def _endings(user: User, case: Case) -> list[dict[str, str]]:
    if case.closed_at:
        return []
    body = contents.body_of(case)
    return [
        {
            "label": contents.pick(body.get("endings", {}).get(how)) or how,
            "url": reverse("end", args=[case.number, how]),
        }
        for how, ending in case.flow_class.endings.items()
        if ending.moves._django_fsm.has_transition(case.state)
        and people.post_for(user, ending.by, case.area_id)
    ]
