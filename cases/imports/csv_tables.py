"""CSV as programs of three countries write it: encoding and delimiter are recognised and told."""

import codecs
import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext as _

from cases.imports.tables import (
    Recognise,
    Row,
    Table,
    Trouble,
    UnreadableTableError,
    counted,
    heading_row,
    no_headings,
)

_DELIMITERS = (",", ";", "\t")
_PIECE = 1 << 20
_LOST = "\ufffd"  # what a program writes where it could not read a letter
# UTF-8 read as TIS-620 and saved again: every Thai letter becomes two, the first one of these.
_GARBLED = ("เธ", "เน")


class _Guess(NamedTuple):
    """A delimiter, how many headings it shows, and in which row."""

    known: int = 0
    delimiter: str = ""
    headings: Row | None = None


def opened(file: IO[bytes], recognise: Recognise) -> Table:
    """The table in the CSV `file`; see `cases.imports.tables.opened`."""
    encoding = _encoding_of(file)
    best, broken = _Guess(), None
    for delimiter in _DELIMITERS:
        try:
            found = heading_row(_rows(file, encoding, delimiter), recognise)
        except UnreadableTableError as error:  # quotes that are none under another delimiter
            broken = broken or error
            continue
        if found and recognise(found.cells) > best.known:
            best = _Guess(recognise(found.cells), delimiter, found)
    if best.headings is None:
        raise broken or no_headings(_rows(file, encoding, ","))
    headings, delimiter = best.headings, best.delimiter
    notes: dict[str, Any] = {"encoding": encoding, "delimiter": delimiter}
    return counted(Table(headings, 0, notes, lambda: _rows(file, encoding, delimiter)))


def _encoding_of(file: IO[bytes]) -> str:
    """utf-8-sig, utf-16…, or cp874 (TIS-620), by trying on the whole file.

    Raises UnreadableTableError for none of them.
    """
    start = file.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif start.count(0) * 20 > len(start):  # digits and commas of UTF-16 have a byte of zero
        little = start[1::2].count(0) > start[::2].count(0)
        candidates = ["utf-16-le" if little else "utf-16-be"]
    else:
        candidates = ["utf-8-sig", "cp874"]
    failed: UnicodeDecodeError | None = None
    for encoding in candidates:
        try:
            _try(file, encoding)
        except UnicodeDecodeError as error:
            failed = failed or error
        else:
            return encoding
    message = _(
        "The letters of the file cannot be read, first in line %(line)s. Open it in the program "
        "it comes from and save it as xlsx, or as “CSV UTF-8”."
    )
    raise UnreadableTableError(message % {"line": _line_of(file, failed)})


def _try(file: IO[bytes], encoding: str) -> None:
    """Read all of `file`; raises UnicodeDecodeError, with `start` counted from its beginning."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    read, letters, pairs = 0, 0, 0
    while piece := file.read(_PIECE):
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            error.start += read
            raise
        read += len(piece)
        letters += sum(text.count(c) for c in "กขคงจชดตทนบปพมยรลวสหอ")
        pairs += sum(text.count(pair) for pair in _GARBLED)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        error.start = read
        raise
    if pairs > 20 and pairs * 4 > letters:
        raise UnreadableTableError(
            _(
                "The Thai letters of the file are garbled (like “เธเน”): it was opened in the "
                "wrong encoding once and saved. Go back to the original file."
            )
        )


def _line_of(file: IO[bytes], failed: UnicodeDecodeError | None) -> int:
    file.seek(0)
    return file.read(failed.start if failed else 0).count(b"\n") + 1


def _rows(file: IO[bytes], encoding: str, delimiter: str) -> Iterator[Row]:
    """The rows from the beginning; raises UnreadableTableError where quotes are not closed."""
    file.seek(0)
    stream = TextIOWrapper(file, encoding, newline="")
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            yield _row(number, cells)
    except csv.Error as error:
        message = _("Line %(line)s cannot be read as CSV: a quotation mark is missing there.")
        raise UnreadableTableError(message % {"line": reader.line_num}) from error
    finally:
        stream.detach()


def _row(number: int, cells: list[str]) -> Row:
    texts = [cell.replace("\0", "").strip() for cell in cells]
    return Row(number, texts, {n: Trouble.LOST for n, text in enumerate(texts) if _LOST in text})
