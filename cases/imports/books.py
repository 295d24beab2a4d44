"""Files for offices: a template to fill in, and the refused lines with their reasons.

What somebody typed may begin with = + - or @: in a report it stays text and is never a formula.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from cases.imports.columns import ChoiceCell, Column
from cases.imports.kinds import Kind
from cases.imports.tables import address
from cases.models import ImportRun, RefusedLine

XLSX, CSV = "xlsx", "csv"
MEDIA_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOLD, _TINTED = Font(bold=True), PatternFill("solid", start_color="E8EEF6")
_TEXT = "@"  # Excel's own name of the format that keeps zeros
_WIDEST = 60  # characters of a column


def template(kind: Kind, ending: str) -> bytes:
    """A file with the headings of `kind` in the reader's language and one invented line."""
    headings = [str(column.heading) for column in kind.columns]
    example = [column.shown_example for column in kind.columns]
    if ending == CSV:
        return _csv([headings, example])
    book = Workbook()
    sheet: Any = book.active
    sheet.title = str(kind.title)[:31]
    sheet.append(headings)
    sheet.append(example)
    for number, column in enumerate(kind.columns, 1):
        _dress(sheet, number, column)
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet(_("Explanation")), kind)
    return _saved(book)


def report(run: ImportRun, language: str, ending: str) -> bytes:
    """The refused lines as they stood in the file, each with its reasons; may be sent again."""
    headings = [*run.headings, _("Line"), _("Reasons")]
    lines = run.refused_lines.iterator(chunk_size=2000)
    rows = (_with_reasons(line, len(run.headings), language) for line in lines)
    if ending == CSV:
        return _csv(_chained(headings, ([_harmless(cell) for cell in row] for row in rows)))
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Refused lines"))
    for row in _chained(headings, rows):
        sheet.append([_as_text(sheet, cell) for cell in row])
    return _saved(book)


def reasons(line: RefusedLine, language: str) -> list[tuple[str, int, str]]:
    """Why a line was refused: the cell's address ("" for the whole line), its place, the words."""
    told = line.reasons.get(language) or next(iter(line.reasons.values()))
    return [
        (address(place, line.number) if place >= 0 else "", place, text) for place, text in told
    ]


def _with_reasons(line: RefusedLine, width: int, language: str) -> list[str]:
    cells = [*line.cells, *[""] * width][:width]
    told = "\n".join(
        f"{where}: {text}" if where else text for where, _p, text in reasons(line, language)
    )
    return [*cells, str(line.number), told]


def _chained(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield headings
    yield from rows


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    """CSV in UTF-8 with the mark by which Excel knows it."""
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _as_text(sheet: Any, value: str) -> Any:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # whatever it begins with
    cell.number_format = _TEXT
    return cell


def _dress(sheet: Any, number: int, column: Column) -> None:
    letter = get_column_letter(number)
    width = max(len(str(column.heading)), len(column.shown_example)) + 4
    sheet.column_dimensions[letter].width = min(width, _WIDEST)
    sheet.column_dimensions[letter].number_format = _TEXT
    sheet[f"{letter}2"].number_format = _TEXT
    sheet[f"{letter}1"].font, sheet[f"{letter}1"].fill = _BOLD, _TINTED


def _explain(sheet: Any, kind: Kind) -> None:
    sheet.append([_("Column"), _("Needed?"), _("What to write"), _("Example")])
    for column in kind.columns:
        needed = _("needed") if column.required else _("optional")
        sheet.append([str(column.heading), needed, explanation(column), column.shown_example])
    for letter, width in zip("ABCD", (30, 14, _WIDEST, 30), strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font, sheet[f"{letter}1"].fill = _BOLD, _TINTED
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = _TEXT


def explanation(column: Column) -> str:
    """What goes into a column, in words; of a choice all that can be chosen."""
    words = [str(column.hint)] if column.hint else []
    if isinstance(column.field, ChoiceCell):
        words.append(_("One of: %(names)s.") % {"names": ", ".join(column.field.names())})
    return " ".join(words)


def _saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()
