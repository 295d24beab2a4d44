"""Lines copied from a spreadsheet, as the cells of a step's table: for checking, not yet kept."""

import csv
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import translation

from cases.text import clean, fold_digits, normalise
from workflows.rows import Column, Rows

Cells = dict[str, str]
_NO_LETTER = re.compile(r"[\W_]+")


def parse(rows: Rows, text: str) -> list[Cells]:
    """The lines of `text` by column: tabs between cells as Excel copies them, or a CSV.

    A first line of headings puts the columns in their order; without one they stand as in the
    table, and a running number before them is left out. Empty lines are dropped.
    """
    table = [[clean(cell) for cell in line] for line in _cells(text)]
    table = [line for line in table if any(line)]
    order = _headings(rows, table[0]) if table else {}
    if order:
        table = table[1:]
    else:
        if _is_numbered(table):
            table = [line[1:] for line in table]
        order = dict(enumerate(rows.columns))
    codes = _codes(rows)
    return [
        {
            column.name: codes.get((column.name, _bare(line[at])), line[at])
            for at, column in order.items()
            if at < len(line)
        }
        for line in table
    ]


def _cells(text: str) -> Iterable[list[str]]:
    """Cells by their separator; one that stands in quotes is part of its cell."""
    lines = text.replace("\0", "").splitlines(keepends=True)
    mark = "\t" if "\t" in text else max(",;", key=text.count)
    try:
        return list(csv.reader(lines, delimiter=mark))
    except csv.Error:  # a cell without end, for example
        return [line.rstrip("\r\n").split(mark) for line in lines]


def _headings(rows: Rows, line: list[str]) -> dict[int, Column]:
    """Which cell belongs to which column, if this is a line of headings; two have to be known."""
    known: dict[str, Column] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {_bare(rows.label(column)): column for column in rows.columns}
    known |= {_bare(column.name): column for column in rows.columns}
    found = {at: known[_bare(cell)] for at, cell in enumerate(line) if _bare(cell) in known}
    return found if len(found) > 1 else {}


def _is_numbered(table: list[list[str]]) -> bool:
    """Whether each line begins with a number, as lists do, and goes on with something else."""
    return bool(table) and all(
        len(line) > 1 and fold_digits(line[0]).rstrip(".").isdecimal() and not line[1].isdecimal()
        for line in table
    )


def _codes(rows: Rows) -> dict[tuple[str, str], str]:
    """The code of each choice, by its column and by its words in any of our languages."""
    found: dict[tuple[str, str], str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for column in rows.columns:
                own: Any = rows.model._meta.get_field(column.name)
                for code, label in own.choices or ():
                    found[column.name, _bare(str(label))] = code
                    found[column.name, _bare(str(code))] = code
    return found


def _bare(text: str) -> str:
    return _NO_LETTER.sub("", fold_digits(normalise(text))).casefold()
