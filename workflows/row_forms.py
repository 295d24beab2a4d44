"""The table in which the lines of a step are typed: a formset over the step's `Rows`.

Line numbers of the browser are kept as they come, so that a message stays at its cell; empty
lines are no lines. What was typed is kept raw, as the drafts of fields are.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, cast

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import lazy

from cases.text import clean
from workflows.forms import form_field
from workflows.rows import Column, Line, Rows

PREFIX = "rows"
LONGEST = 1000  # lines of a form that are looked at
_NAME = re.compile(r"rows-(0|[1-9][0-9]{0,2})-([a-z_]{1,40})(-asked|-meant)?")
_TOTAL = f"{PREFIX}-TOTAL_FORMS"


class LineForm(forms.Form):
    """One line. A line in which nothing but presets stands is none: it is never wrong."""

    rows: Rows

    def is_blank(self) -> bool:
        """Whether nobody has filled in anything of the line yet."""
        names = [column.name for column in self.rows.columns if not column.preset]
        if not self.is_bound:
            return not any(self.initial.get(name) for name in names)
        return not any(clean(self.data.get(self.add_prefix(name), "")) for name in names)

    def full_clean(self) -> None:
        if self.is_bound and self.is_blank():
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()


class BaseLineSet(forms.BaseFormSet):
    """All lines of a step's page."""

    rows: Rows

    @cached_property
    def filled(self) -> list[LineForm]:
        """The lines that somebody has filled in, in their order."""
        return [form for form in self.forms if not form.is_blank()]

    def lines(self) -> list[Line]:
        """The filled lines, cleaned; call where the set is valid.

        Copies, since an error that is told later takes its cell out of the cleaned ones.
        """
        return [dict(form.cleaned_data) for form in self.filled]

    def tell(self, problems: list[Any]) -> None:
        """Put what the lines break to their cells; `problems` count the filled lines."""
        for problem in problems:
            self.filled[problem.line].add_error(problem.column, problem.text)

    def cell(self, problem: Any) -> str:
        """The id of the cell that a problem is about; `problem` counts the filled lines."""
        return str(self.filled[problem.line][problem.column].id_for_label)

    def hide_empty_errors(self) -> None:
        """In a draft an empty cell is no error yet; what was typed wrongly is."""
        for form in self.filled:
            for name, errors in list(form.errors.items()):
                if all(error.code == "required" for error in errors.as_data()):
                    del form.errors[name]


def line_set(rows: Rows, case: Any, data: Mapping[str, Any] | None = None) -> BaseLineSet:
    """The table as `data` was typed, else with the lines that are kept, or those to begin with.

    Below the filled lines stand `rows.spare` empty ones.
    """
    made = _line_set(rows)
    if data is not None and _TOTAL in data:
        return made(_with_total(rows, cast("QueryDict", data)), prefix=PREFIX)
    lines = rows.lines(case) or rows.start(case)
    unbound = made(prefix=PREFIX, initial=lines)
    unbound.extra = rows.spare
    return unbound


def drafted(rows: Rows, sent: QueryDict) -> dict[str, list[str]]:
    """What was typed into the table, raw, under its names; nothing that is not of the table."""
    names = {column.name for column in rows.columns} | {rows.key}
    found = {
        name: [clean(value) for value in sent.getlist(name)]
        for name in sent
        if (match := _NAME.fullmatch(name)) and match[2] in names
    }
    return found | {_TOTAL: ["0"]} if found or _TOTAL in sent else {}


def appended(rows: Rows, sent: QueryDict, lines: Sequence[Mapping[str, str]]) -> QueryDict:
    """`sent` with `lines` of raw values below the last line that somebody has filled in."""
    data = sent.copy()
    first = max(_filled_numbers(rows, data), default=-1) + 1
    for number, line in enumerate(lines, first):
        for column in rows.columns:
            data[f"{PREFIX}-{number}-{column.name}"] = line.get(column.name, "")
    data[_TOTAL] = "0"
    return data


def lengthened(rows: Rows, sent: QueryDict) -> QueryDict:
    """`sent` with `rows.spare` more empty lines below all that there are."""
    data = sent.copy()
    last = max((int(m[1]) for m in map(_NAME.fullmatch, sent) if m), default=-1)
    number = min(last + rows.spare, LONGEST - 1)
    data.setdefault(f"{PREFIX}-{number}-{rows.columns[0].name}", "")
    data[_TOTAL] = "0"
    return data


@cache
def _line_set(rows: Rows) -> type[BaseLineSet]:
    fields: dict[str, Any] = {column.name: field_of(rows, column) for column in rows.columns}
    if rows.key:
        hidden = forms.HiddenInput
        fields[rows.key] = forms.IntegerField(required=False, min_value=1, widget=hidden)
    form = type("Line", (LineForm,), {"rows": rows, **fields})
    made: Any = forms.formset_factory(
        form, formset=BaseLineSet, extra=0, max_num=LONGEST, absolute_max=LONGEST
    )
    made.rows = rows
    return cast("type[BaseLineSet]", made)


def field_of(rows: Rows, column: Column) -> forms.Field:
    """How a cell is typed: as the model's column elsewhere, choices from a list."""
    own: Any = rows.model._meta.get_field(column.name)
    label = lazy(rows.label, str)(column)  # the form is made once, for readers of all languages
    field: Any
    if column.field is not None:
        field = column.field(label=label)
    elif own.choices:
        field = forms.ChoiceField(choices=own.choices, label=label, initial=own.default)
    else:
        field = form_field(own)
        field.label, field.help_text = label, ""
    field.required = not column.optional
    field.widget.example = str  # it stands once, over the table
    if column.suggested:
        field.widget.attrs["list"] = f"{PREFIX}-{column.name}-list"
    return cast("forms.Field", field)


def _with_total(rows: Rows, sent: QueryDict) -> QueryDict:
    """`sent` with the management data of Django, which counts lines by what is there."""
    data = sent.copy()
    last = max((int(m[1]) for m in map(_NAME.fullmatch, sent) if m), default=-1)
    filled = max(_filled_numbers(rows, sent), default=-1)
    total = min(max(last + 1, filled + 1 + rows.spare), LONGEST)
    data[_TOTAL], data[f"{PREFIX}-INITIAL_FORMS"] = str(total), "0"
    return data


def _filled_numbers(rows: Rows, sent: QueryDict) -> Iterator[int]:
    telling = {column.name for column in rows.columns if not column.preset}
    for match in map(_NAME.fullmatch, sent):
        if match and match[2] in telling and clean(str(sent[match[0]])):
            yield int(match[1])
