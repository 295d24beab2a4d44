"""The lines of a step on its pages: the table to type in, and the record to read."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from cases import people
from cases.dates import format_date
from cases.eras import format_year
from cases.models import Case, User
from cases.numbers import format_number
from workflows.row_forms import PREFIX, BaseLineSet, LineForm
from workflows.rows import Column, Line, Rows

TOLD = 20  # errors that the summary names; the others stand at their cells
SHOWN_DIGITS = 3  # of a masked phone number


def entry(rows: Rows, case: Case, table: BaseLineSet) -> dict[str, Any]:
    """The table to type in, with a blank line for the script that adds one."""
    keyed = any(_key(rows, form) for form in table.forms)
    first_blank = next((n for n, form in enumerate(table.forms) if form.is_blank()), -1)
    return {
        "title": str(rows.title),
        "hint": str(rows.hint),
        "summary": rows.summary(case, rows.lines(case)) if rows.lines(case) else "",
        "columns": [_heading(rows, column) for column in rows.columns],
        "lines": [
            _line(rows, form, number, keyed, number == first_blank)
            for number, form in enumerate(table.forms)
        ],
        "blank": _line(rows, table.empty_form, 0, True, True),
        "lists": [
            {"id": f"{PREFIX}-{name}-list", "options": options}
            for name, options in rows.suggestions(case).items()
        ],
        "spare": rows.spare,
        "order": ", ".join(rows.label(column) for column in rows.columns),
        "prefix": PREFIX,
    }


def errors(rows: Rows, table: BaseLineSet) -> list[dict[str, str]]:
    """What is wrong in the cells, for the summary: each links to its cell."""
    found = []
    for number, form in enumerate(table.forms):
        for name, texts in form.errors.items():
            what = {"line": number + 1, "column": rows.label(rows.column(name)), "text": texts[0]}
            text = _("Line %(line)s, %(column)s: %(text)s") % what
            found.append({"text": text, "url": f"#{form[name].id_for_label}"})
    more = len(found) - TOLD
    if more > 0:
        text = _("… and %(count)s more, each at its line.") % {"count": more}
        found[TOLD:] = [{"text": text, "url": f"#{PREFIX}"}]
    return found


def shown(rows: Rows, case: Case, user: User) -> dict[str, Any] | None:
    """The lines that `case` recorded, to read; None where there are none.

    Phone and date of birth are masked for whoever can do no step of the case (DESIGN 5).
    """
    lines = rows.lines(case)
    if not lines:
        return None
    masked = not may_read(user, case)
    columns = [column for column in rows.columns if _tells(column, lines)]
    return {
        "title": str(rows.title),
        "summary": rows.summary(case, lines),
        "masked": masked and any(column.personal for column in columns),
        "columns": [_heading(rows, column) for column in columns],
        "lines": [
            {
                "number": line.get(rows.key) or number,
                "cells": [_cell(rows, column, line, masked) for column in columns],
            }
            for number, line in enumerate(lines, 1)
        ],
    }


def told(rows: Rows, lines: list[Line], user: User, case: Case) -> str:
    """Lines in words, one in a row, masked as `shown` masks them."""
    masked = not may_read(user, case)
    return "\n".join(_in_words(rows, line, masked) for line in lines)


def _in_words(rows: Rows, line: Line, masked: bool) -> str:
    texts = (_cell(rows, column, line, masked)["text"] for column in rows.columns)
    return ", ".join(filter(None, (str(line.get(rows.key, "")), *texts)))


def _tells(column: Column, lines: list[Line]) -> bool:
    """Whether a column says anything: it is filled in, and not with one preset everywhere."""
    values = {line.get(column.name) for line in lines} - {None, ""}
    return bool(values) and not (column.preset and not column.lead and len(values) == 1)


def may_read(user: User, case: Case) -> bool:
    """Whether `user` holds a post that does steps of such a case here."""
    roles = {step.role for step in case.flow_class.steps()}
    return any(people.post_for(user, role, case.area_id) for role in roles)


def _heading(rows: Rows, column: Column) -> dict[str, Any]:
    return {"name": column.name, "label": rows.label(column), "optional": column.optional}


def _line(rows: Rows, form: LineForm, number: int, keyed: bool, unfolded: bool) -> dict[str, Any]:
    key = _key(rows, form)
    names = [str(form[c.name].value() or "") for c in rows.columns if c.brief]
    return {
        "number": key or ("+" if keyed else number + 1),
        "hidden": form[rows.key] if rows.key else "",
        "lead": " · ".join(filter(None, (_chosen(form[c.name]) for c in rows.columns if c.lead))),
        "title": " ".join(filter(None, names)),
        "wrong": bool(form.is_bound and form.errors),
        "unfolded": unfolded or bool(form.is_bound and form.errors),
        "cells": [{"column": c.name, "field": form[c.name]} for c in rows.columns],
    }


def _chosen(field: Any) -> str:
    """What is chosen from a list, in words."""
    return str(dict(field.field.choices).get(field.value(), "")) if field.value() else ""


def _key(rows: Rows, form: LineForm) -> Any:
    return form[rows.key].value() if rows.key else None


def _cell(rows: Rows, column: Column, line: dict[str, Any], masked: bool) -> dict[str, Any]:
    value = line.get(column.name)
    text = _hidden(value) if masked and column.personal else _written(rows, column, value)
    return {"column": column.name, "label": rows.label(column), "text": text, "brief": column.brief}


def _hidden(value: Any) -> str:
    """A masked value: of a day its year, of a phone its last digits."""
    if isinstance(value, date):
        return f"••/••/{format_year(value.year)}"
    return f"•••{value[-SHOWN_DIGITS:]}" if value else ""


def _written(rows: Rows, column: Column, value: Any) -> str:
    own: Any = rows.model._meta.get_field(column.name)
    if value in (None, ""):
        return ""
    if own.choices:
        return str(dict(own.flatchoices).get(value, value))
    if isinstance(value, date):
        return format_date(value, style="short")
    if isinstance(own, models.DecimalField):
        return format_number(value)
    return str(value)
