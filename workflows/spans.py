"""Deadlines of a case itself, over several of its steps: stage spans, "day 30" (DESIGN 4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cases import clock, deadlines, pauses
from cases.models import Case, Deadline, WorkItem


@dataclass(frozen=True)
class Span:
    """A deadline from the first opening of one step until another one is done.

    It ends with the case too, rests while the case is returned or waits, and `role` answers for
    it: whoever has open work of that role in the case. Its texts stand in content.yaml.

    `due` is a rule as `cases.due` takes it, `extend` as for a step.
    """

    starts: str
    ends: str
    role: str
    due: Mapping[str, Any]
    ladder: str = "default"
    extend: int | None = None


def step_opened(item: WorkItem) -> None:
    """Begin the spans that start with a step just opened; let them rest while the case waits.

    A step that is opened again by a return began its spans the first time.
    """
    case, step, at = item.process, item.flow_task, item.opened_at
    starting = [] if item.returned_by else list(begun(item))
    if starting:
        names = [deadline.name for deadline in starting]
        known = set(case.deadlines.filter(name__in=names).values_list("name", flat=True))
        Deadline.objects.bulk_create(each for each in starting if each.name not in known)
    if step.flow_class.spans and _waits(item):
        pauses.pause(case, at=at, why=pauses.WAITING)


def begun(item: WorkItem) -> Iterator[Deadline]:
    """The spans that start with the step of `item`, just opened; nothing is written."""
    case, step, at = item.process, item.flow_task, item.opened_at
    for name, span in step.flow_class.spans.items():
        if span.starts == step.name and deadlines.due_on(case, span.due, at=at):
            yield deadlines.begun_span(case, name, span.role, span.due, at=at, ladder=span.ladder)


def step_done(item: WorkItem, case: Case, *, back: bool) -> None:
    """Close the deadline of a step just done, and the spans that end with it or with the case.

    They rest when it sends the case `back`, and go on when it was what had been sent back.
    """
    spans: Mapping[str, Span] = item.flow_task.flow_class.spans
    at = clock.now()
    if case.closed_at:
        deadlines.close_all(case, at=at)
        return
    ended = [name for name, span in spans.items() if span.ends == item.step and not back]
    deadlines.close([item.pk], at=at, case=case, names=ended)
    if spans and back:
        pauses.pause(case, at=at, why=pauses.RETURNED)
    elif spans and (item.returned_by_id or _waits(item)):
        pauses.resume(case, at=at)


def _waits(item: WorkItem) -> bool:
    return bool(item.flow_task.task_type == "WAIT")
