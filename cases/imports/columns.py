"""Columns of a file: how their headings are recognised and their cells understood.

A heading is known by its name in Thai, Lao or English, in any order; a cell by the same fields
as on the pages (`cases.fields`), so that both take and refuse the same.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cases import dates, fields, text
from cases.imports.tables import Row, Trouble

LANGUAGES = [code for code, _name in settings.LANGUAGES]

TROUBLES = {
    Trouble.MERGED: gettext_lazy(
        "The cell is merged with others. Unmerge them and write the value into each line."
    ),
    Trouble.NO_VALUE: gettext_lazy(
        "The formula has no value yet. Open the file in Excel and save it, or type the value."
    ),
    Trouble.FAULT: gettext_lazy("The formula gives an error. Mend it, or type the value."),
    Trouble.LOST: gettext_lazy("Letters were lost here (“�”). Type the text again."),
}


@dataclass(frozen=True)
class Column:
    """One column: its `name` in code, its heading (translated lazily), its field.

    `example` and `hint` stand in the template, `more` are further headings that people write.
    """

    name: str
    heading: Any
    field: forms.Field
    example: str = ""
    hint: Any = ""
    more: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        return self.field.required

    @property
    def shown_example(self) -> str:
        """The example as it stands in the template: of a choice its name to the reader."""
        if isinstance(self.field, ChoiceCell) and self.example:
            return self.field.name_of(self.example)
        return self.example

    @property
    def examples(self) -> set[str]:
        """The example in every spelling that a template of ours may have."""
        spellings = {self.example}
        for language in LANGUAGES:
            with override(language):
                spellings.add(self.shown_example)
        return spellings

    @property
    def spellings(self) -> set[str]:
        """Everything by which the heading is known, made comparable."""
        said = [self.name, *self.more]
        for language in LANGUAGES:
            with override(language):
                said.append(str(self.heading))
        return {comparable(each) for each in said}


@dataclass
class Line:
    """One line as understood: values of its good cells, and what is wrong with the others.

    `faults` has the reasons by the column's name, "" for the whole line.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, column: str, reason: str) -> None:
        """Note why the line cannot be taken; `column` is "" for the line as a whole."""
        self.faults.setdefault(column, []).append(reason)

    def get(self, column: str) -> Any:
        """The value of a good cell; None for an empty, missing or refused one."""
        return self.values.get(column)


class Headings:
    """Which column of a kind stands where in a file."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._known = {said: column for column in columns for said in column.spellings}

    def count(self, cells: Iterable[str]) -> int:
        """How many different columns the cells name."""
        return len({found.name for cell in cells if (found := self._find(cell))})

    def places(self, cells: Sequence[str]) -> dict[str, int]:
        """Name of the column → its place in the file; of two alike the first."""
        found: dict[str, int] = {}
        for place, cell in enumerate(cells):
            if column := self._find(cell):
                found.setdefault(column.name, place)
        return found

    def unknown(self, cells: Sequence[str]) -> list[str]:
        """Headings of which nothing is read, as they stand; those that stand twice as well."""
        used = set(self.places(cells).values())
        return [text.quoted(cell) for n, cell in enumerate(cells) if cell and n not in used]

    def missing(self, cells: Sequence[str]) -> list[str]:
        """Headings that the file must have and has not, in the reader's language."""
        there = self.places(cells)
        return [str(c.heading) for c in self._columns if c.required and c.name not in there]

    def _find(self, cell: str) -> Column | None:
        return self._known.get(comparable(cell)) if cell else None


def understand(row: Row, columns: Sequence[Column], places: dict[str, int]) -> Line:
    """The line in `row`, each cell by its column's field, reasons in the active language."""
    line = Line(row.number)
    if is_example(row, columns, places):
        line.refuse("", _("This is the example of the template. Leave it out."))
        return line
    for column in columns:
        place = places.get(column.name, -1)
        trouble = row.troubles.get(place)
        if trouble:
            line.refuse(column.name, str(TROUBLES[trouble]))
            continue
        typed = row.cells[place] if 0 <= place < len(row.cells) else ""
        try:
            line.values[column.name] = column.field.clean(typed)
        except ValidationError as error:
            for message in error.messages:
                line.refuse(column.name, message)
    return line


def is_example(row: Row, columns: Sequence[Column], places: dict[str, int]) -> bool:
    """Whether the row is the invented line that the template brings."""
    if len(places) < len(columns):
        return False
    cells = dict(enumerate(row.cells))
    return all(cells.get(places[column.name], "") in column.examples for column in columns)


def comparable(heading: str) -> str:
    """A heading or a choice without case, spaces, punctuation and notes in brackets."""
    bare = re.sub(r"\(.*?\)|\*", "", text.fold_digits(text.normalise(heading)))
    return re.sub(r"[\s_./\-–:'’]", "", bare).casefold()


class ChoiceCell(forms.Field):
    """One of `choices` (value, label), by its code or its name in any language; cleaned to the
    value."""

    def __init__(self, choices: Iterable[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._choices = list(choices)
        self._known: dict[str, Any] = {comparable(str(value)): value for value, _l in self._choices}
        for language in LANGUAGES:
            with override(language):
                self._known |= {comparable(str(label)): value for value, label in self._choices}

    def names(self) -> list[str]:
        """The names to choose from, in the reader's language."""
        return [str(label) for _value, label in self._choices]

    def name_of(self, value: str) -> str:
        """The name of a choice in the reader's language, by its code."""
        return next(str(label) for code, label in self._choices if str(code) == value)

    def to_python(self, value: Any) -> Any:
        if not value:
            return None
        typed = comparable(value)
        if typed not in self._known:
            what = {"typed": text.quoted(value), "known": ", ".join(self.names())}
            message = _("“%(typed)s” is none of these: %(known)s.") % what
            raise ValidationError(message, code="choice")
        return self._known[typed]


class DateCell(fields.EraDateField):
    """A date of either era; one with two readings is refused with both, not asked back."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous":
                raise
        try:
            dates.parse(value)
        except dates.AmbiguousDate as question:
            readings = ", ".join(dates.format_date(day) for day in question.candidates[:3])
        what = {"typed": text.quoted(value), "readings": readings}
        message = _("“%(typed)s” can mean %(readings)s. Write the year with four digits.") % what
        raise ValidationError(message, code="ambiguous")


class YearCell(fields.EraYearField):
    """A year of either era; one of two digits is refused, not asked back."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous":
                raise
            message = _("Write the year “%(typed)s” with four digits.")
            what = {"typed": text.quoted(value)}
            raise ValidationError(message % what, code="ambiguous") from error


class CodeCell(forms.Field):
    """An area's official code, digits with or without the country; cleaned to our spelling.

    `lengths` are the numbers of digits that it may have; `country` goes before bare digits.
    """

    def __init__(self, country: str, lengths: Sequence[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._country, self._lengths = country, lengths

    def to_python(self, value: Any) -> str:
        typed = re.sub(r"[\s.\-]", "", text.fold_digits(text.normalise(value or ""))).upper()
        if not typed:
            return ""
        code = typed if typed[:2].isalpha() else self._country + typed
        digits = code[2:]
        if code[:2] not in ("TH", "LA") or not digits.isascii() or not digits.isdecimal():
            message = _("“%(typed)s” is no code of an area: write its digits.")
            raise ValidationError(message % {"typed": text.quoted(value)}, code="code")
        if len(digits) not in self._lengths:
            what = {
                "typed": text.quoted(value),
                "lengths": " / ".join(map(str, self._lengths)),
                "count": len(digits),
            }
            message = _("The code has %(lengths)s digits; “%(typed)s” has %(count)s.") % what
            raise ValidationError(message, code="length")
        return code
