"""Which days and numbers of the procedures an office may choose, and within which bounds.

The flow and the content give the defaults (docs/decisions/offices-set-days-and-numbers.md).
"""

from dataclasses import dataclass
from typing import Any, Literal

from cases import contents, office_settings
from cases.collation import sort_key
from cases.due import is_counted, unit_of
from workflows.contents import procedures

MOST = 365  # days, people, per cent: none of these is ever larger

Unit = Literal["working_days", "days", "number"]


@dataclass(frozen=True)
class OfficeNumber:
    """One number that offices may choose: its key, its texts in every language, its bounds."""

    key: str
    texts: contents.Texts
    unit: Unit
    default: int
    lowest: int = 1
    highest: int = MOST
    by_law: bool = False  # then an office may only ask for less

    @property
    def title(self) -> str:
        """What the number is, in the reader's language."""
        return contents.pick(self.texts)


@dataclass(frozen=True)
class Chapter:
    """The numbers of one procedure: how long its steps may take, and what its guards ask for."""

    title: str
    days: list[OfficeNumber]
    numbers: list[OfficeNumber]


def chapters() -> list[Chapter]:
    """Every procedure with what offices may choose, in the order of the settings."""
    return [_chapter(flow) for flow in procedures()]


def of_procedure(code: str) -> dict[str, OfficeNumber]:
    """What offices may choose in the procedure with `code`, by key; empty for no procedure."""
    flow = next((flow for flow in procedures() if flow.code == code), None)
    chapter = _chapter(flow) if flow else Chapter("", [], [])
    return {number.key: number for number in (*chapter.days, *chapter.numbers)}


def _chapter(flow: Any) -> Chapter:
    body = contents.current(flow.code).body
    numbers = [_number(flow.code, body, name) for name in body.get("numbers", {})]
    in_order = sorted(numbers, key=lambda number: sort_key(number.title))
    return Chapter(contents.pick(body["title"]), _days(flow, body), in_order)


def _number(code: str, body: dict[str, Any], name: str) -> OfficeNumber:
    """A number of the content; `between` bounds it, and what a law fixes only goes down."""
    default, by_law = body["numbers"][name], name in body.get("fixed", ())
    lowest, highest = body.get("between", {}).get(name, (1, MOST))
    return OfficeNumber(
        key=office_settings.number_key(code, name),
        texts=body.get("number_titles", {}).get(name) or {"en": name},
        unit="number",
        default=default,
        lowest=lowest,
        highest=default if by_law else highest,
        by_law=by_law,
    )


def _days(flow: Any, body: dict[str, Any]) -> list[OfficeNumber]:
    """The steps and spans whose time is counted in days; a legal day is not for choosing."""
    titles = {name: body.get("spans", {}).get(name) for name in flow.spans}
    titles |= {step.name: body["steps"].get(step.name, {}).get("title") for step in flow.steps()}
    rules = {name: span.due for name, span in flow.spans.items()}
    rules |= {step.name: step.due for step in flow.steps() if step.due}
    return [
        OfficeNumber(
            key=office_settings.due_key(flow.code, name),
            texts=titles[name] or {"en": name},
            unit="working_days" if unit_of(rule) == "working_days" else "days",
            default=next(iter(rule.values())),
        )
        for name, rule in rules.items()
        if is_counted(rule)
    ]
