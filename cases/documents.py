"""Keeping files with a case: photos, minutes, scans as evidence (handbook 8, rule 7).

A file is written before its row is committed: a committed document always has its file. What a
rollback or a crash leaves behind is a file that no row names; `clear_orphans` removes those.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import audit, photos, uploads
from cases.audit import EventKind
from cases.models import Case, Document

FOLDER = "cases"  # one folder a case below it, named by the case's id


def keep(
    case: Case,
    upload: Any,
    *,
    step: str,
    item: str,
    by: Any,
    at: datetime,
    post: Any = None,
) -> Document:
    """Keep an uploaded file as evidence of `item` of `step`, and write the event.

    The caller holds the case's lock in a transaction. Raises ValidationError, with a message
    for the user, for a file that cannot be taken or is kept here already.
    """
    kind = uploads.recognise(upload)
    content, thumbnail = _content(upload, kind)
    if kind.is_photo:
        kind = uploads.JPEG
    document = Document(
        case=case,
        step=step,
        item=item,
        name=uploads.kept_name(upload.name, kind),
        media_type=kind.media_type,
        size=content.size,
        sha256=_sha256(content),
        uploaded_by=by,
        uploaded_at=at,
    )
    _refuse_twice(document)
    stem = f"{FOLDER}/{case.pk}/{secrets.token_hex(16)}"
    document.file.save(f"{stem}.{kind.endings[0]}", content, save=False)
    if thumbnail:
        document.thumbnail.save(f"{stem}.thumb.jpg", thumbnail, save=False)
    document.save(force_insert=True)
    _tell(document, EventKind.DOCUMENT_ADDED, by, post, at)
    return document


def remove(document: Document, *, by: Any, at: datetime, post: Any = None) -> None:
    """Take a document out of the case; its row and file stay for the audit. Twice is once.

    The caller holds the case's lock, and `document.case` is the locked case.
    """
    if document.removed_at is not None:
        return
    document.removed_by, document.removed_at = by, at
    document.save(update_fields=["removed_by", "removed_at"])
    _tell(document, EventKind.DOCUMENT_REMOVED, by, post, at)


def clear_orphans(age: timedelta = timedelta(days=1)) -> int:
    """Delete files older than `age` that no document names; returns how many."""
    if not default_storage.exists(FOLDER):
        return 0
    newest, cleared = timezone.now() - age, 0
    for folder in filter(str.isdecimal, default_storage.listdir(FOLDER)[0]):
        kept = Document.objects.filter(case_id=int(folder)).values_list("file", "thumbnail")
        named = set(chain.from_iterable(kept))
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            path = f"{FOLDER}/{folder}/{name}"
            if path not in named and default_storage.get_modified_time(path) < newest:
                default_storage.delete(path)
                cleared += 1
    return cleared


def _content(upload: Any, kind: uploads.Kind) -> tuple[File, File | None]:
    """What is kept of an upload: photos made small with a thumbnail, other files as they are."""
    if not kind.is_photo:
        return upload, None
    name = {"name": uploads.clean_name(upload.name)}
    try:
        photo = photos.shrink(upload)
    except photos.TooManyPixelsError as error:
        message = _("“%(name)s” has too many pixels. Make the photo smaller and send it again.")
        raise ValidationError(message, code="too_many_pixels", params=name) from error
    except photos.UnreadablePhotoError as error:
        message = _("“%(name)s” is damaged and cannot be shown. Take or send the photo again.")
        raise ValidationError(message, code="damaged", params=name) from error
    return ContentFile(photo.content), ContentFile(photo.thumbnail)


def _sha256(content: File) -> str:
    digest = sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


def _refuse_twice(document: Document) -> None:
    place = {name: getattr(document, name) for name in ("case", "step", "item", "sha256")}
    known = Document.objects.filter(**place, removed_at__isnull=True).first()
    if known:
        message = _("This file is kept here already, as “%(name)s”.")
        raise ValidationError(message, code="duplicate", params={"name": known.name})


def _tell(document: Document, kind: EventKind, by: Any, post: Any, at: datetime) -> None:
    codes = {
        "document": document.pk,
        "item": document.item,
        "type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
    }
    audit.record(
        document.case,
        kind,
        by=by,
        post=post,
        step=document.step,
        codes=codes,
        text={"name": document.name},
        at=at,
    )
