"""What people do with cases and work items; every function is one transaction.

Each asks `workflows/rights.py` whether the person may, holds the case's lock, writes one event
and either does the whole or raises `workflows.errors.Refused` and does nothing.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed
from viewflow.workflow.status import STATUS

from cases import audit, clock, documents, people
from cases.audit import EventKind
from cases.dates import format_datetime
from cases.models import Area, Case, Decision, Document, User, WorkItem
from workflows import assignment, blockers
from workflows.entries import Entries, keep
from workflows.errors import AlreadyEnded, Blocked, NotYours, Refused
from workflows.lock import locked_case, locked_item
from workflows.procedure import Procedure, filled
from workflows.rights import post_to_act
from workflows.rows import LINES
from workflows.steps import Branch, Decide, Fill, Wait
from workflows.verdicts import Verdict, branch_of, write


def open_case(procedure: type[Procedure], *, by: User, area: Area, values: dict[str, Any]) -> Any:
    """Open a case of `procedure` about `area`. Raises NotYours without the post for it."""
    node = procedure.start_node()
    post = people.post_for(by, node.role, area.code)
    if post is None:
        raise NotYours(_("You hold no post that may open this for the area."))
    with transaction.atomic():
        return procedure.open(by=by, post=post, area=area, values=values)


def save(pk: int, *, by: User, draft: dict[str, Any], entries: Entries) -> WorkItem:
    """Keep a half-filled step: raw form values as a draft, ticks and mended defects as facts."""
    with locked_item(pk) as item:
        post = post_to_act(by, item)
        claimed = item.owner_id != by.pk
        item.owner, item.status, item.draft = by, STATUS.ASSIGNED, draft
        item.save(update_fields=["owner", "status", "draft"])
        codes = keep(item, by, entries)
        if codes or claimed:
            kind = EventKind.STEP_SAVED if codes else EventKind.STEP_CLAIMED
            audit.record(item.process, kind, by=by, post=post, step=item.step, codes=codes)
        return item


def attach(pk: int, upload: Any, *, code: str, by: User) -> Document:
    """Keep a file as evidence of the checklist item `code` of an open step.

    Raises ValidationError for a file that cannot be kept, with the reason in words.
    """
    with locked_item(pk) as item:
        post = post_to_act(by, item)
        return documents.keep(
            item.process, upload, step=item.step, item=code, by=by, at=clock.now(), post=post
        )


def detach(pk: int, document: int, *, by: User) -> None:
    """Take a wrong file away from an open step; the trail keeps that it was there."""
    with locked_item(pk) as item:
        post = post_to_act(by, item)
        kept = item.process.documents.filter(pk=document, step=item.step, removed_at__isnull=True)
        found = kept.first()
        if found is not None:
            found.case = item.process
            documents.remove(found, by=by, at=clock.now(), post=post)


def submit(pk: int, *, by: User, entries: Entries) -> WorkItem | None:
    """Finish a step with its entries and go on; returns the work item that this opened.

    Raises Blocked with all that is missing.
    """
    with locked_item(pk) as item:
        if not isinstance(item.flow_task, Fill):
            raise NotYours(_("This step is not finished by a form."))
        post = post_to_act(by, item)
        case = item.process
        codes = keep(item, by, entries) | _record(item, entries)
        branch = _onward(item)
        if missing := blockers.of_transition(case, branch):
            raise Blocked(missing)
        straight_on = branch.moves is None and isinstance(branch.node, Fill)
        opened = _go_on(item, by, branch, item.returned_by if straight_on else None)
        if case.closed_at:
            assignment.tell_the_end(case, item.step, by=by)
        codes |= {"item": item.pk, "to": branch.node.name, "state": case.state}
        audit.record(
            case,
            EventKind.STEP_DONE,
            by=by,
            post=post,
            step=item.step,
            codes=codes,
            text=_recorded(item, entries),
        )
        return opened


def _record(item: WorkItem, entries: Entries) -> dict[str, Any]:
    """Let the case have what was entered, if nothing is missing, and keep its lines; codes of it.

    Raises Blocked with all that is missing.
    """
    case, step = item.process, item.flow_task
    for name, value in entries.values.items():
        setattr(case, name, value)
    if step.rows:
        step.rows.enter(case, entries.lines)
    if missing := blockers.of_step(item, entries.ticked):
        raise Blocked(missing)
    if step.rows:
        step.rows.keep(case, entries.lines)
    if step.writes:
        step.writes(case)
    return {"lines": len(entries.lines)} if step.rows else {}


def _recorded(item: WorkItem, entries: Entries) -> dict[str, Any]:
    """What was recorded, for the event's text: values by their column, and the lines."""
    text = filled(entries.values)
    if item.flow_task.rows:
        text[LINES] = [filled(line) for line in entries.lines]
    return text


def decide(pk: int, *, by: User, verdict: Verdict) -> Case:
    """Approve, return or reject. A return or rejection without a reason is refused."""
    with locked_item(pk) as item:
        if not isinstance(item.flow_task, Decide):
            raise NotYours(_("This step is not a decision."))
        post = post_to_act(by, item)
        case = item.process
        branch = branch_of(item.flow_task, verdict)
        if verdict.outcome != Decision.Outcome.RETURNED:
            missing = blockers.of_transition(case, branch)
            if missing:
                raise Blocked(missing)
        decision = write(item, by, post, verdict)
        returned = verdict.outcome == Decision.Outcome.RETURNED
        _go_on(item, by, branch, decision if returned else None)
        if case.closed_at:
            approved = verdict.outcome == Decision.Outcome.APPROVED
            reason = verdict.reason
            assignment.tell_the_end(case, item.step, by=by, approved=approved, reason=reason)
        codes = {"item": item.pk, "outcome": verdict.outcome, "to": branch.node.name}
        text = {"reason": verdict.reason, "defects": list(verdict.defects)}
        audit.record(
            case,
            EventKind.DECIDED,
            by=by,
            post=post,
            step=item.step,
            codes=codes | {"state": case.state},
            text=text if verdict.reason else None,
        )
        return case


def resume(pk: int, *, by: User | None = None) -> Case:
    """End a wait: because its day has come (`by` is None), or sooner by whoever may."""
    with locked_item(pk) as item:
        if not isinstance(item.flow_task, Wait):
            raise NotYours(_("This step does not wait."))
        over = item.wakes_on is not None and item.wakes_on <= clock.today()
        if by is None and not (item.is_open and over):
            return item.process
        post = post_to_act(by, item) if by else None
        branch = item.flow_task.branch_for(item.process)
        _go_on(item, by, branch)
        codes = {"item": item.pk, "to": branch.node.name, "state": item.process.state}
        audit.record(
            item.process, EventKind.CASE_REOPENED, by=by, post=post, step=item.step, codes=codes
        )
        return item.process


def end(case: Case, *, how: str, by: User, reason: str) -> Case:
    """End a case before its time. Raises NotYours without the post, Refused where ended."""
    procedure = case.flow_class
    ending = procedure.endings[how]
    post = people.post_for(by, ending.by, case.area_id)
    if post is None:
        raise NotYours(_("You hold no post that may end this case."))
    if not reason.strip():
        raise Refused(_("Ending a case needs a reason."))
    try:
        return procedure.end(case, how, by, post, reason)
    except TransitionNotAllowed:
        if Case.objects.filter(pk=case.pk, closed_at=None).exists():
            raise Refused(_("This case cannot end in this way as it stands now.")) from None
        raise _ended(case) from None


def lapse(pk: int, *, how: str) -> bool:
    """End the case `pk` in the way `how` if its day has come; whether it has.

    A case with an open decision stays: nothing lapses while it lies with a supervisor.
    """
    with locked_case(Case.objects.get(pk=pk)) as case:
        day = getattr(case, case.flow_class.endings[how].on)
        open_items = case.task_set.filter(closed_at__isnull=True)
        deciding = any(isinstance(item.flow_task, Decide) for item in open_items)
        if case.closed_at or deciding or day is None or day > clock.today():
            return False
        case.flow_class.end(case, how, None, None, "")
        return True


def _ended(case: Case) -> AlreadyEnded:
    """By whom and when, as the last event of the case tells."""
    last = case.events.select_related("by").latest("number")
    what = {"name": last.by or "Sajja", "when": format_datetime(last.at)}
    return AlreadyEnded(_("%(name)s ended this case on %(when)s.") % what, by=last.by_id)


def _go_on(
    item: WorkItem, by: User | None, branch: Branch, returned_by: Decision | None = None
) -> WorkItem | None:
    """Close the item, follow the branch and save what changed; returns the item this opened."""
    case = item.process
    if by is not None:
        item.owner, item.status = by, STATUS.ASSIGNED
    activation = item.flow_task.activation_class(item)
    activation.by, activation.returned_by = by, returned_by
    if item.status == STATUS.NEW:  # a wait that nobody owns
        item.status = STATUS.ASSIGNED
    activation.start(None)
    activation.follow(branch)
    if branch.moves is not None or case.closed_at:
        case.save()
    elif item.flow_task.fields:
        case.save(update_fields=item.flow_task.fields)
    return activation.opened


def _onward(item: WorkItem) -> Branch:
    """The way on; after a return, past the steps that stay done, back to who sent it back.

    A step whose guards or lines no longer hold after the mending does not stay done.
    """
    case = item.process
    branch = item.flow_task.branch_for(case)
    if item.returned_by_id is None:
        return branch
    finished = case.task_set.filter(status=STATUS.DONE).values_list("flow_task", flat=True)
    done = set(finished.distinct())
    while (
        branch.moves is None
        and isinstance(branch.node, Fill)
        and branch.node in done
        and blockers.stays_done(case, branch.node)
    ):
        done.discard(branch.node)
        branch = branch.node.branch_for(case)
    return branch
