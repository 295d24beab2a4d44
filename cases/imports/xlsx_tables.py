"""xlsx by openpyxl, row by row; what openpyxl does not tell, one look at the sheet's XML does.

Macros are never run, hidden sheets are not read. A formula counts by the value that Excel kept
beside it. Limits are asked before anything is unpacked.
"""

import zipfile
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import IO, Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import coordinate_to_tuple, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from cases.imports.tables import (
    Recognise,
    Row,
    Table,
    Trouble,
    UnreadableTableError,
    heading_row,
    no_headings,
    refuse_amount,
)

_MB = 1024 * 1024
# What a part may have unpacked: the sheet is read as a stream, the texts stay in memory.
_SHEET, _TEXTS, _OTHER = 250 * _MB, 64 * _MB, 16 * _MB
_WIDEST = 200  # columns among which headings are looked for
_LAST_ROW = 1_048_576  # of any sheet of Excel
_MOST_MERGED = 1000
_LARGEST_EXACT = 10**15  # above it a number of Excel has lost digits

# Whatever zipfile, the XML parser and openpyxl raise for a damaged file.
_DAMAGED = (
    *(zipfile.BadZipFile, InvalidFileException, expat.ExpatError, SyntaxError, EOFError, OSError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError),
)


@dataclass
class _Marks:
    """What a sheet's XML tells beyond its values."""

    filled: array = field(default_factory=lambda: array("L"))  # rows that hold anything
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    without_value: dict[int, set[int]] = field(default_factory=dict)  # row → columns from 0


def opened(file: IO[bytes], recognise: Recognise) -> Table:
    """The table in the xlsx `file`; see `cases.imports.tables.opened`."""
    try:
        _refuse_bombs(file)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        return _first_table(book, recognise)
    except UnreadableTableError:
        raise
    except _DAMAGED as error:
        raise _damaged() from error


def _damaged() -> UnreadableTableError:
    return UnreadableTableError(
        _("The file is no xlsx or is damaged. Open it in Excel, save it as xlsx and send that.")
    )


def _refuse_bombs(file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise UnreadableTableError(
                _("This archive is no Excel file. Save the table as xlsx and send that.")
            )
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and part.file_size > _most(part.filename):
                raise UnreadableTableError(
                    _("Unpacked, the file is too large. Copy the lines into a new file.")
                )


def _most(name: str) -> int:
    if name.startswith("xl/worksheets/"):
        return _SHEET
    return _TEXTS if name.lower().endswith("sharedstrings.xml") else _OTHER


def _first_table(book: Any, recognise: Recognise) -> Table:
    """The first visible sheet that has headings; the names of the others are noted."""
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in visible:
        sheet.reset_dimensions()  # programs write wrong ones
        marks = _marks(sheet)
        headings = heading_row(_rows(sheet, marks, _WIDEST), recognise)
        if headings is None:
            continue
        while headings.cells and not headings.cells[-1]:
            headings.cells.pop()
        _refuse_many_merged(marks)
        total = len(marks.filled) - bisect_right(marks.filled, headings.number)
        refuse_amount(total)
        others = [each.title for each in book.worksheets if each is not sheet]
        notes = {"sheet": sheet.title, "other_sheets": others}
        rows = partial(_rows, sheet, marks, len(headings.cells))
        return Table(headings, total, notes, rows)
    raise no_headings(_rows(visible[0], _Marks(), _WIDEST) if visible else iter(()))


def _refuse_many_merged(marks: _Marks) -> None:
    if len(marks.merged) > _MOST_MERGED:
        raise UnreadableTableError(
            _("The sheet has %(count)s merged cells. Mark it all in Excel and unmerge.")
            % {"count": f"{len(marks.merged):,}"}
        )


def _rows(sheet: Any, marks: _Marks, width: int) -> Iterator[Row]:
    try:
        for number, values in enumerate(sheet.iter_rows(max_col=width, values_only=True), 1):
            yield _row(number, values, marks)
    except _DAMAGED as error:
        raise _damaged() from error


def _row(number: int, values: tuple[Any, ...], marks: _Marks) -> Row:
    row = Row(number, [_text(value) for value in values])
    for column, text in enumerate(row.cells):
        if text in ERROR_CODES:
            row.troubles[column] = Trouble.FAULT
        elif "\ufffd" in text:
            row.troubles[column] = Trouble.LOST
    for column in marks.without_value.get(number, ()):
        if column < len(values):
            row.troubles[column] = Trouble.NO_VALUE
    for left, top, right, bottom in marks.merged:
        if top <= number <= bottom:
            columns = range(left - 1, min(right, len(values)))
            row.troubles |= dict.fromkeys(columns, Trouble.MERGED)
    return row


def _text(value: Any) -> str:
    """A value as somebody would type it: dates day first, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "").strip()
    if isinstance(value, datetime | date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _LARGEST_EXACT
        return str(int(value)) if whole else format(value, ".15g")
    return str(value)


def _marks(sheet: Any) -> _Marks:
    """One walk over the sheet's XML: rows that hold something, merges, formulas without value.

    Raises UnreadableTableError for rows that no sheet of Excel has, ExpatError for broken XML.
    """
    marks = _Marks()
    watcher = _Watcher(marks)
    parser = expat.ParserCreate()
    parser.StartElementHandler = watcher.start
    parser.EndElementHandler = watcher.end
    parser.CharacterDataHandler = watcher.data
    parser.StartDoctypeDeclHandler = watcher.doctype
    with sheet._get_source() as source:  # openpyxl has no other way to a sheet's XML
        parser.ParseFile(source)
    return marks


class _Watcher:
    """Handlers of the XML parser; called some times a cell, so they do little."""

    def __init__(self, marks: _Marks) -> None:
        self._marks = marks
        self._row = 0
        self._cell = ""
        self._formula = self._inside = self._value = self._any = self._text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell, self._formula, self._value = attributes.get("r", ""), False, False
            self._text = attributes.get("t") == "str"  # what a formula made, perhaps no letters
        elif name in ("v", "t"):
            self._inside, self._value = True, self._value or self._text
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._row, self._any = int(attributes.get("r", self._row + 1)), False
            if not 0 < self._row <= _LAST_ROW:
                raise _damaged()
        elif name == "mergeCell":
            left, top, right, bottom = range_boundaries(attributes["ref"])
            self._marks.merged.append((left or 1, top or 1, right or _WIDEST, bottom or _LAST_ROW))

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("v", "t"):
            self._inside = False
        elif name == "c":
            self._any |= self._value or self._formula
            if self._formula and not self._value and self._cell:
                row, column = coordinate_to_tuple(self._cell)
                self._marks.without_value.setdefault(row, set()).add(column - 1)
        elif name == "row" and self._any:
            self._marks.filled.append(self._row)

    def data(self, text: str) -> None:
        if self._inside and not text.isspace():
            self._value = True

    def doctype(self, *_declaration: Any) -> None:
        raise _damaged()
