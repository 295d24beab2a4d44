"""Makes tables as people send them, and takes them through both passes of an import."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from cases.imports import arrivals, runs
from cases.models import ImportRun, User

Rows = Sequence[Sequence[Any]]


def as_csv(rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Rows as CSV; nothing is quoted."""
    return "\r\n".join(delimiter.join(map(str, row)) for row in rows).encode(encoding)


def as_xlsx(rows: Rows) -> bytes:
    """Rows as the first sheet of an Excel file."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def sent(kind: str, content: bytes, by: User, name: str = "ตาราง.xlsx") -> ImportRun:
    """The file as it has arrived, not checked yet."""
    return arrivals.receive(kind, SimpleUploadedFile(name, content), by=by, language="th")


def checked(kind: str, rows: Rows | bytes, by: User) -> ImportRun:
    """The file after the dry run."""
    run = sent(kind, rows if isinstance(rows, bytes) else as_xlsx(rows), by)
    runs.advance(run.pk)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.CHECKED
    return run


def imported(kind: str, rows: Rows | bytes, by: User) -> ImportRun:
    """The file after the import, which did what the dry run had said."""
    run = checked(kind, rows, by)
    assert runs.confirm(run)
    runs.advance(run.pk)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.DONE
    assert run.predicted == {
        name: getattr(run, name) for name in ("added", "changed", "unchanged", "refused")
    }
    return run
