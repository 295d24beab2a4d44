"""Keeping a paper with its case exactly as it was made (handbook 8, rule 10).

What was made is never made over: making a paper again gives a further version beside the older
ones, whatever has changed in the case, in the letterhead or in the layout since.
"""

import secrets
from hashlib import sha256

from django.core.files.base import ContentFile

from cases import audit, clock
from cases.audit import EventKind
from cases.documents import FOLDER
from cases.models import Case, Document, Post, User
from cases.papers.words import thai_digits
from cases.uploads import PDF, kept_name


def keep(case: Case, code: str, title: str, content: bytes, *, by: User, post: Post) -> Document:
    """Keep the PDF `content` as the next version of the paper `code`, and write the event.

    `title` is Thai and becomes the file's name, with the case's number and the version. The
    caller holds the case's lock in a transaction.
    """
    at = clock.now()
    version = Document.objects.filter(case=case, paper=code).count() + 1
    name = thai_digits(f"{title} {case.number} ฉบับที่ {version}")
    document = Document(
        case=case,
        paper=code,
        name=kept_name(f"{name}.pdf", PDF),
        media_type=PDF.media_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        uploaded_by=by,
        uploaded_at=at,
    )
    path = f"{FOLDER}/{case.pk}/{secrets.token_hex(16)}.pdf"
    document.file.save(path, ContentFile(content), save=False)
    document.save(force_insert=True)
    codes = {
        "document": document.pk,
        "paper": code,
        "version": version,
        "seen": case.event_count,  # the last event that the paper knows of
        "size": document.size,
        "sha256": document.sha256,
    }
    text = {"name": document.name}
    audit.record(case, EventKind.PAPER_MADE, by=by, post=post, codes=codes, text=text, at=at)
    return document
