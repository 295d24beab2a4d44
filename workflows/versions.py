"""The versions of what a step recorded, read from the audit trail (handbook 8, rule 10).

There is no second truth: each time a step is done or corrected, the event's text keeps what was
recorded. A text that was erased leaves a version without values, never a gap in the numbers.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cases.models import Case, Event
from cases.models.event import EventKind
from workflows.procedure import filled
from workflows.rows import LINES, Line, Rows
from workflows.steps import Fill

EMPTY = (None, "")


@dataclass(frozen=True)
class Record:
    """What a step recorded: its fields by column, and its lines where it has any."""

    values: dict[str, Any]
    lines: Sequence[Line] = ()


@dataclass(frozen=True)
class Version:
    """What a step recorded at one time; `number` counts 1, 2, 3 … within the case.

    `record` holds what was filled in; None where the text was erased.
    """

    number: int
    event: Event
    record: Record | None
    reason: str = ""

    @property
    def values(self) -> dict[str, Any] | None:
        """What was filled in, by column; None where the text was erased."""
        return self.record.values if self.record is not None else None

    @property
    def is_correction(self) -> bool:
        """Whether it corrects the version before; else the step was done, or done again."""
        return self.event.kind == EventKind.STEP_CORRECTED


def of_step(case: Case, step: str) -> list[Version]:
    """The versions of `step`, oldest first; also of rounds before a return. One query."""
    kinds = (EventKind.STEP_DONE, EventKind.STEP_CORRECTED)
    events = case.events.filter(step=step, kind__in=kinds).select_related("by", "text", "post")
    return [
        _version(case, number, event)
        for number, event in enumerate(events.order_by("number"), start=1)
    ]


def standing(case: Case, step: Fill) -> Record:
    """What `step` recorded as it stands; its lines without what only the database knows."""
    values = {name: getattr(case, name) for name in step.fields}
    if step.rows is None:
        return Record(values)
    return Record(values, plain(step.rows, step.rows.lines(case)))


def plain(rows: Rows, lines: Sequence[Line]) -> list[Line]:
    """Lines with what is typed of them alone: their columns, and the number that names them."""
    known = [*([rows.key] if rows.key else []), *(column.name for column in rows.columns)]
    return [{name: line[name] for name in known if name in line} for line in lines]


def recorded(case: Case, step: Fill, kept: dict[str, Any]) -> Record:
    """What an event's text keeps of `step`, as the columns hold it; empty values go."""
    values = {name: kept[name] for name in step.fields if name in kept}
    record = Record(_typed(case.flow_class.process_class, values))
    if step.rows is None:
        return record
    lines = plain(step.rows, kept.get(LINES, []))
    return Record(record.values, [_typed(step.rows.model, line) for line in lines])


def entered(case: Case, step: Fill, record: Record) -> Any:
    """The case as it is with `record` in place of what `step` recorded; never saved."""
    other = copy.copy(case)
    other.__dict__["_lines"] = dict(case.__dict__.get("_lines", {}))
    for name in step.fields:
        setattr(other, name, record.values.get(name))
    if step.rows:
        step.rows.enter(other, record.lines)
    return other


def differing_lines(before: Record, after: Record) -> tuple[list[Line], list[Line]]:
    """The lines of `before` that are not in `after`, and those that came in their place."""
    old, new = ([filled(line) for line in each.lines] for each in (before, after))
    return [line for line in old if line not in new], [line for line in new if line not in old]


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The names whose values differ; a missing value, None and "" are the same."""
    names = dict.fromkeys((*before, *after))
    return [n for n in names if _value(before, n) != _value(after, n)]


def _value(values: dict[str, Any], name: str) -> Any:
    value = values.get(name)
    return None if value in EMPTY else value


def _typed(model: Any, kept: dict[str, Any]) -> dict[str, Any]:
    return {
        name: model._meta.get_field(name).to_python(value)
        for name, value in kept.items()
        if value not in EMPTY
    }


def _version(case: Case, number: int, event: Event) -> Version:
    if not event.text_digest:  # a step without entries
        return Version(number, event, Record({}))
    if not hasattr(event, "text"):
        return Version(number, event, None)
    step, body = case.flow_class.instance.node(event.step), event.text.body
    if event.kind == EventKind.STEP_CORRECTED:
        return Version(number, event, recorded(case, step, body["after"]), body["reason"])
    return Version(number, event, recorded(case, step, body))
