"""A file arrives: looked at as a whole, then kept with what was understood of it."""

import secrets
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from cases import uploads
from cases.imports import kinds, tables
from cases.imports.tables import MOST_BYTES, UnreadableTableError
from cases.models import ImportRun, User

FOLDER = "imports"


def receive(code: str, upload: Any, *, by: User, language: str) -> ImportRun:
    """Keep an uploaded file of the kind `code` as a run that is to be checked.

    `language` is that in which dates, numbers and reasons are understood and told. Raises
    UnreadableTableError, in words, for a file that cannot be taken as a whole; KeyError for a
    kind that this house does not have.
    """
    kind = kinds.known()[code](by)
    if upload.size > MOST_BYTES:
        tables.refuse_size(upload.size)
    content = ContentFile(upload.read())
    table = tables.opened(content, kind.headings.count)
    cells = table.headings.cells
    if missing := kind.headings.missing(cells):
        message = _("These columns are missing: %(columns)s. Compare with the template.")
        raise UnreadableTableError(message % {"columns": ", ".join(missing)})
    notes = {**table.notes, "unknown": kind.headings.unknown(cells)}
    ending = "xlsx" if "sheet" in table.notes else "csv"
    content.seek(0)
    run = ImportRun(
        kind=code,
        area_id=kind.administered[0],
        by=by,
        language=language,
        name=uploads.clean_name(upload.name),
        sha256=sha256(content.read()).hexdigest(),
        notes=notes,
        headings=cells,
        total=table.total,
    )
    run.file.save(f"{FOLDER}/{secrets.token_hex(16)}.{ending}", content, save=False)
    run.save(force_insert=True)
    return run


def earlier(run: ImportRun) -> ImportRun | None:
    """The last import of the very same file, if it was imported before."""
    same = ImportRun.objects.filter(kind=run.kind, sha256=run.sha256, pk__lt=run.pk)
    return same.filter(status=ImportRun.Status.DONE).select_related("by").order_by("-pk").first()
