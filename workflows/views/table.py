"""The table of lines on a step's page: what was typed, longer, and with lines pasted into it."""

from typing import Any

from django.http import QueryDict

from cases.models import WorkItem
from workflows import blockers, pasting
from workflows.blockers import Blocker
from workflows.forms import StepForm
from workflows.row_forms import BaseLineSet, appended, lengthened, line_set

MORE, PASTE, PASTED = "more", "paste", "rows-pasted"


def table_of(item: WorkItem, data: Any = None) -> BaseLineSet | None:
    """The table of an item's step, as typed or as kept; None for a step without lines.

    What was typed stands for the case's lines from here on, so that guards judge it.
    """
    rows = item.flow_task.rows
    if rows is None:
        return None
    table = line_set(rows, item.process, data)
    if table.is_bound:
        rows.enter(item.process, table.lines() if table.is_valid() else None)
    return table


def sent_table(item: WorkItem, sent: QueryDict) -> BaseLineSet | None:
    """The table of a form that was sent; without any lines it is empty, not as kept."""
    data = sent.copy()
    data.setdefault("rows-TOTAL_FORMS", "0")
    return table_of(item, data)


def extended(item: WorkItem, sent: QueryDict) -> tuple[QueryDict, int]:
    """What was sent, with more empty lines or with pasted ones, and how many were pasted."""
    rows = item.flow_task.rows
    if PASTE not in sent:
        return lengthened(rows, sent), 0
    lines = pasting.parse(rows, sent.get(PASTED, ""))
    return appended(rows, sent, lines), len(lines)


def told_at_cells(table: BaseLineSet | None, found: list[Blocker]) -> list[Blocker]:
    """Put what is wrong with single lines to their cells; what is left has no cell."""
    cells = [each for each in found if each.line is not None]
    if table is not None:
        table.tell(cells)
    return [each for each in found if each.line is None]


def of_whole(item: WorkItem, form: StepForm, table: BaseLineSet | None) -> list[Blocker]:
    """What the lines break together, where the fields of the step are not all right yet."""
    if table is None or not table.is_valid():
        return []
    for name, value in form.cleaned_data.items():
        setattr(item.process, name, value)
    return blockers.of_lines(item.process, item.flow_task)
