"""The versions of what a step recorded, read from the audit trail (handbook 8, rule 10).

There is no second truth: each time a step is done or corrected, the event's text keeps what was
recorded. A text that was erased leaves a version without values, never a gap in the numbers.
"""

from dataclasses import dataclass
from typing import Any

from cases.models import Case, Event
from cases.models.event import EventKind
from workflows.rows import LINES

EMPTY = (None, "")


@dataclass(frozen=True)
class Version:
    """What a step recorded at one time; `number` counts 1, 2, 3 … within the case.

    `values` holds what was filled in, by column; None where the text was erased.
    """

    number: int
    event: Event
    values: dict[str, Any] | None
    reason: str = ""

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


def typed(case: Case, kept: dict[str, Any]) -> dict[str, Any]:
    """Values as an event's text keeps them, as the case's columns hold them; empty ones go."""
    meta = case.flow_class.process_class._meta
    return {
        name: meta.get_field(name).to_python(value)
        for name, value in kept.items()
        if value not in EMPTY and name != LINES
    }


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The names whose values differ; a missing value, None and "" are the same."""
    names = dict.fromkeys((*before, *after))
    return [n for n in names if _value(before, n) != _value(after, n)]


def _value(values: dict[str, Any], name: str) -> Any:
    value = values.get(name)
    return None if value in EMPTY else value


def _version(case: Case, number: int, event: Event) -> Version:
    if not event.text_digest:  # a step without entries
        return Version(number, event, {})
    if not hasattr(event, "text"):
        return Version(number, event, None)
    body = event.text.body
    if event.kind == EventKind.STEP_CORRECTED:
        return Version(number, event, typed(case, body["after"]), body["reason"])
    return Version(number, event, typed(case, body))
