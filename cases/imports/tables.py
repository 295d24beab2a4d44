"""A spreadsheet as somebody sends it: rows of text with the place of each cell.

CSV and xlsx look alike behind `opened`. What a cell cannot tell (merged, a formula without its
value, lost letters) is kept as the cell's trouble; a file that cannot be read at all is refused
whole, in words.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any, NoReturn

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from cases.text import quoted

MOST_BYTES = 20 * 1024 * 1024
MOST_LINES = 100_000
SEARCHED = 20  # rows among which the headings are looked for: titles may stand above them

Recognise = Callable[[Sequence[str]], int]
"""How many of the cells of a row are headings of known columns."""


class Trouble(StrEnum):
    """Why a cell has no text to rely on."""

    MERGED = "MERGED"
    NO_VALUE = "NO_VALUE"
    FAULT = "FAULT"
    LOST = "LOST"


class UnreadableTableError(ValueError):
    """The whole file cannot be taken; the message says why and what to do, to the reader."""


@dataclass
class Row:
    """One row: its number as Excel shows it, and its cells as text from column A on."""

    number: int
    cells: list[str]
    troubles: dict[int, Trouble] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not any(self.cells) and not self.troubles


@dataclass
class Table:
    """A file that can be read: its headings, how many lines follow, and how it was understood.

    `notes` holds codes for the page: encoding, delimiter, sheet, sheets left out.
    """

    headings: Row
    total: int
    notes: dict[str, Any]
    rows: Callable[[], Iterator[Row]]

    def lines(self, after: int = 0) -> Iterator[Row]:
        """The rows below the headings that hold anything, those behind row `after` only."""
        start = max(after, self.headings.number)
        return (row for row in self.rows() if row.number > start and not row.is_blank)


def opened(file: IO[bytes], recognise: Recognise) -> Table:
    """The table in `file`, which stays open and is read anew by each walk over its lines.

    Looks the whole file through once. Raises UnreadableTableError for what is no table of ours:
    other formats, too large, broken, without headings or lines.
    """
    from cases.imports import csv_tables, xlsx_tables

    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise UnreadableTableError(_("The file is empty. Choose it again."))
    if size > MOST_BYTES:
        refuse_size(size)
    head = file.read(8)
    file.seek(0)
    refuse_other_kinds(head)
    if head.startswith(b"PK"):
        return xlsx_tables.opened(file, recognise)
    return csv_tables.opened(file, recognise)


def refuse_size(size: int) -> NoReturn:
    """Raise UnreadableTableError for a file of `size` bytes."""
    sizes = {"size": filesizeformat(size), "most": filesizeformat(MOST_BYTES)}
    raise UnreadableTableError(
        _("The file has %(size)s; it may have %(most)s at most. Send it in parts.") % sizes
    )


_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "PDF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"Rar!", "RAR"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
)


def refuse_other_kinds(head: bytes) -> None:
    """Raise UnreadableTableError for the first bytes of a kind of file that is no table."""
    found = next((name for start, name in _OTHERS if head.startswith(start)), "")
    if found == "xls":
        raise UnreadableTableError(
            _(
                "This is an Excel file of the old kind (xls), or one with a password. Open it in "
                "Excel, take the password away and save it as xlsx."
            )
        )
    if found:
        raise UnreadableTableError(
            _("This is a file of the kind %(kind)s. Send a table as xlsx or CSV.") % {"kind": found}
        )


def heading_row(rows: Iterator[Row], recognise: Recognise) -> Row | None:
    """The row with the most known headings among the first ones; None if none has two."""
    first = [row for _n, row in zip(range(SEARCHED), rows, strict=False)]
    best = max(first, key=lambda row: recognise(row.cells), default=None)
    return best if best is not None and recognise(best.cells) > 1 else None


def counted(table: Table) -> Table:
    """`table` with its lines counted. Raises UnreadableTableError for none or too many."""
    for _row in table.lines():
        table.total += 1
        refuse_amount(table.total, at_least=0)
    refuse_amount(table.total)
    return table


def refuse_amount(lines: int, at_least: int = 1) -> None:
    """Raise UnreadableTableError for too many lines or none."""
    if lines > MOST_LINES:
        raise UnreadableTableError(
            _("The file has more than %(most)s lines. Send it in parts.")
            % {"most": f"{MOST_LINES:,}"}
        )
    if lines < at_least:
        raise UnreadableTableError(_("Below the headings of the file there is no line."))


def no_headings(rows: Iterator[Row]) -> UnreadableTableError:
    """The refusal of a file in which no row of headings was found; shows what stands first."""
    first = next((row for row in rows if not row.is_blank), None)
    seen = quoted(" · ".join(cell for cell in first.cells if cell), 80) if first else ""
    return UnreadableTableError(
        _(
            "No row with the headings of this kind was found; the first one reads “%(seen)s”. "
            "Download the template, copy your data into it and send that."
        )
        % {"seen": seen}
    )


def address(column: int, row: int) -> str:
    """A cell's address as Excel shows it: (0, 5) is A5, (26, 1) is AA1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
