"""Correcting a finished step: a new version with a reason, the old one stays (handbook 8, 10).

`propose` says what a correction would change and what rests on the step; `correct` makes it. Both
are one transaction under the case's lock; the first is undone, the second writes one event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases import audit, clock, moving
from cases.audit import EventKind
from cases.dates import format_datetime
from cases.models import Case, User, WorkItem
from workflows import assignment, consequences, versions
from workflows.blockers import Blocker
from workflows.errors import AlreadyDone, Blocked, NotYours, Outdated, Refused, StillOpen
from workflows.lock import locked_item
from workflows.procedure import filled
from workflows.rights import post_to_correct
from workflows.rows import LINES, Line
from workflows.steps import Fill, Wait
from workflows.versions import Record


@dataclass(frozen=True)
class Proposal:
    """What a correction changes: the whole of it before and after, and what rests on it.

    `fields` are the columns that differ, with LINES where the lines do.
    """

    before: Record
    after: Record
    fields: list[str]
    depends: dict[str, list[Any]]


def correct(pk: int, *, by: User, reason: str, **sent: Any) -> WorkItem:
    """Correct the finished work item `pk`, with a reason; `sent` as `propose` takes it.

    Raises what `propose` raises.
    """
    with locked_item(pk) as item:
        post = post_to_correct(by, item)
        made = _make(item, by, **sent)
        if not reason.strip():
            raise Blocked([Blocker(_("A correction needs a reason."), "id_correction-reason")])
        event = audit.record(
            item.process,
            EventKind.STEP_CORRECTED,
            by=by,
            post=post,
            step=item.step,
            codes={
                "item": item.pk,
                "version": sent["version"] + 1,
                "fields": made.fields,
                "depends": made.depends,
            },
            text=_text(item, made, reason),
        )
        assignment.tell_the_correction(item, event, reason=reason, by=by)
        return item


def propose(
    pk: int,
    *,
    by: User,
    values: dict[str, Any],
    version: int,
    lines: Sequence[Line] | None = None,
) -> Proposal:
    """What a correction would change: it is made, looked at and undone.

    Fields without a new value stay, so do lines of None. `version` is the number of the version
    that `by` was shown. Raises NotYours, StillOpen for a step that is open, Outdated when another
    correction came in since `version`, AlreadyDone when it was this very one, Blocked with what
    would no longer hold.
    """
    with locked_item(pk) as item:
        made = _make(item, by, values=values, version=version, lines=lines)
        transaction.set_rollback(True)
        return made


def _make(
    item: WorkItem,
    by: User,
    *,
    values: dict[str, Any],
    version: int,
    lines: Sequence[Line] | None = None,
) -> Proposal:
    """Write what is right and judge the case with it; the caller keeps or undoes it."""
    known = correctable(item, by)
    case, step = item.process, item.flow_task
    before = versions.standing(case, step)
    new = {name: values.get(name, before.values[name]) for name in step.fields}
    after = Record(new, before.lines if lines is None else versions.plain(step.rows, lines))
    fields = _differing(before, after)
    if len(known) != version:
        raise _overtaken(known, version, by, same=not fields)
    if not fields:
        raise Blocked([Blocker(_("Nothing differs from what is recorded already."))])
    checks = consequences.standing(case)
    own = [check for check in checks if check.step == step.name]
    if missing := consequences.broken(own, versions.entered(case, step, after), step.name):
        raise Blocked(missing)
    made = Proposal(before, after, fields, consequences.depends(case, item, fields))
    _write(item, made)
    if missing := consequences.broken(checks, type(case).objects.get(pk=case.pk), step.name):
        raise Blocked(missing)
    return made


def correctable(item: WorkItem, by: User) -> list[versions.Version]:
    """The versions of what `item` recorded, if `by` may correct it; else raises Refused."""
    case, step = item.process, item.flow_task
    if not _has_record(step):
        raise NotYours(_("Only what a form recorded is corrected; a decision is made anew."))
    post_to_correct(by, item)
    newest = case.task_set.filter(flow_task=step).latest("pk")
    if newest.is_open:
        raise StillOpen(_("This step is open: change it there."), newest.pk)
    if newest.pk != item.pk:
        raise Refused(_("This step was done again since then: correct the newer entries."))
    known = versions.of_step(case, step.name)
    last, now = known[-1].values, {name: getattr(case, name) for name in step.fields}
    if last is not None and versions.differing(last, now):
        raise Refused(_("What was recorded here no longer counts: the case went on anew."))
    return known


def may_correct(user: User, item: WorkItem) -> bool:
    """Whether to offer `user` to correct `item`; asks nothing of the database but their posts."""
    if item.is_open or not _has_record(item.flow_task):
        return False
    try:
        post_to_correct(user, item)
    except Refused:
        return False
    return True


def _has_record(step: Any) -> bool:
    return isinstance(step, Fill) and bool(step.fields or step.rows)


def _differing(before: Record, after: Record) -> list[str]:
    """The columns whose values differ, and LINES where a line does, or the order of two."""
    fields = versions.differing(before.values, after.values)
    old, new = ([filled(line) for line in each.lines] for each in (before, after))
    return fields if old == new else [*fields, LINES]


def _write(item: WorkItem, made: Proposal) -> None:
    """Let the case, and whatever was made from its columns, have what is right."""
    case, step = item.process, item.flow_task
    replaced = step.rows.lines(case) if step.rows else []
    columns = [name for name in made.fields if name != LINES]
    for name in columns:
        setattr(case, name, made.after.values[name])
    if columns:
        case.save(update_fields=columns)
    if step.rows:
        step.rows.correct(case, replaced, list(made.after.lines))
    if step.writes:
        step.writes(case)
    case.corrected(columns)
    moving.follow(case, at=clock.now())
    _wake_on(case, columns)


def _text(item: WorkItem, made: Proposal, reason: str) -> dict[str, Any]:
    """What the event keeps: why, what it was where it differs, and the whole of what it is now."""
    before = {name: made.before.values.get(name) for name in made.fields if name != LINES}
    after = filled(made.after.values)
    if LINES in made.fields:
        before[LINES] = [filled(line) for line in made.before.lines]
    if item.flow_task.rows:
        after[LINES] = [filled(line) for line in made.after.lines]
    return {"reason": reason, "before": before, "after": after}


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
