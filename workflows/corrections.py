"""Correcting a finished step: a new version with a reason, the old one stays (handbook 8, 10).

`propose` says what a correction would change and what rests on the step; `correct` makes it, in
one transaction under the case's lock, with one event.
"""

import copy
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cases import audit
from cases.audit import EventKind
from cases.dates import format_datetime
from cases.models import Case, User, WorkItem
from workflows import assignment, consequences, versions
from workflows.blockers import Blocker
from workflows.errors import AlreadyDone, Blocked, NotYours, Outdated, Refused, StillOpen
from workflows.lock import locked_item
from workflows.procedure import filled
from workflows.rights import post_to_correct
from workflows.steps import Fill, Wait


@dataclass(frozen=True)
class Proposal:
    """What a correction changes: the whole of it before and after, and what rests on it."""

    before: dict[str, Any]
    after: dict[str, Any]
    fields: list[str]
    depends: dict[str, list[Any]]


def correct(pk: int, *, by: User, values: dict[str, Any], reason: str, version: int) -> WorkItem:
    """Correct the finished work item `pk` to `values`; fields without a new value stay.

    `version` is the number of the version that `by` was shown. Raises what `propose` raises.
    """
    with locked_item(pk) as item:
        post, case = post_to_correct(by, item), item.process
        proposal = propose(item, by=by, values=values, version=version)
        if not reason.strip():
            raise Blocked([Blocker(_("A correction needs a reason."), "id_correction-reason")])
        for name in proposal.fields:
            setattr(case, name, proposal.after[name])
        case.save(update_fields=proposal.fields)
        case.corrected(proposal.fields)
        _wake_on(case, proposal.fields)
        event = audit.record(
            case,
            EventKind.STEP_CORRECTED,
            by=by,
            post=post,
            step=item.step,
            codes={
                "item": item.pk,
                "version": version + 1,
                "fields": proposal.fields,
                "depends": proposal.depends,
            },
            text={
                "reason": reason,
                "before": {name: proposal.before[name] for name in proposal.fields},
                "after": filled(proposal.after),
            },
        )
        assignment.tell_the_correction(item, event, reason=reason, by=by)
        return item


def propose(item: WorkItem, *, by: User, values: dict[str, Any], version: int) -> Proposal:
    """What correcting `item` to `values` changes; `item.process` is its procedure's own model.

    Raises NotYours, StillOpen for a step that is open, Outdated when another correction came in
    since `version`, AlreadyDone when it was this very one, Blocked with what would no longer hold.
    """
    known = correctable(item, by)
    case, step = item.process, item.flow_task
    before = {name: getattr(case, name) for name in step.fields}
    after = {name: values.get(name, before[name]) for name in step.fields}
    fields = versions.differing(before, after)
    if len(known) != version:
        raise _overtaken(known, version, by, same=not fields)
    if not fields:
        raise Blocked([Blocker(_("Nothing differs from what is recorded already."))])
    corrected = copy.copy(case)
    for name in fields:
        setattr(corrected, name, after[name])
    missing = consequences.broken(case, corrected, step.name)
    if missing:
        raise Blocked(missing)
    return Proposal(before, after, fields, consequences.depends(case, item, fields))


def correctable(item: WorkItem, by: User) -> list[versions.Version]:
    """The versions of what `item` recorded, if `by` may correct it; else raises Refused."""
    case, step = item.process, item.flow_task
    if not isinstance(step, Fill) or not step.fields:
        raise NotYours(_("Only what a form recorded is corrected; a decision is made anew."))
    post_to_correct(by, item)
    newest = case.task_set.filter(flow_task=step).latest("pk")
    if newest.is_open:
        raise StillOpen(_("This step is open: change it there."), newest.pk)
    if newest.pk != item.pk:
        raise Refused(_("This step was done again since then: correct the newer entries."))
    known = versions.of_step(case, step.name)
    last = known[-1].values
    if last is not None and versions.differing(last, {n: getattr(case, n) for n in step.fields}):
        raise Refused(_("What was recorded here no longer counts: the case went on anew."))
    return known


def may_correct(user: User, item: WorkItem) -> bool:
    """Whether to offer `user` to correct `item`; asks nothing of the database but their posts."""
    if item.is_open or not isinstance(item.flow_task, Fill) or not item.flow_task.fields:
        return False
    try:
        post_to_correct(user, item)
    except Refused:
        return False
    return True


def _overtaken(known: list[versions.Version], version: int, by: User, *, same: bool) -> Refused:
    """Somebody was first; with the very same correction of one's own it is a second click."""
    last = known[-1].event
    what = {"name": last.by or "Sajja", "when": format_datetime(last.at)}
    if same and last.by_id == by.pk:
        return AlreadyDone(_("%(name)s corrected this step on %(when)s.") % what, by=by.pk)
    return Outdated(_("%(name)s corrected this step on %(when)s, while you wrote.") % what, version)


def _wake_on(case: Case, fields: list[str]) -> None:
    """A wait that is running ends on the corrected day."""
    for item in case.task_set.filter(closed_at__isnull=True, wakes_on__isnull=False):
        if isinstance(item.flow_task, Wait) and item.flow_task.until in fields:
            item.wakes_on = getattr(case, item.flow_task.until)
            item.save(update_fields=["wakes_on"])
