"""Files kept with a case: under random names, told to the audit trail, cleared after rollbacks."""

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.utils import translation
from PIL import Image

from cases import clock, documents, uploads
from cases.models import Case, Document, Event, EventText
from notifications import endpoints
from tests.cases import sample_files as files
from tests.cases.bare_case import bare_case, officer
from tests.cases.sample_files import upload


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A folder of its own for each test, and messages in English."""
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"):
        yield tmp_path


def keep(case: Case, name: str, content: bytes, **place: str) -> Document:
    """As the step page does it."""
    place = {"step": "study", "item": "map", **place}
    return documents.keep(case, upload(name, content), **place, by=case.opened_by, at=clock.now())


@pytest.mark.django_db
def test_a_photo_is_kept_under_a_random_name_with_its_event(media: Path) -> None:
    case = bare_case()
    document = keep(case, "สำรวจ บ้าน.png", files.photo(form="PNG"))
    kept = Document.objects.get()
    assert kept == document
    assert (kept.name, kept.media_type) == ("สำรวจ บ้าน.jpg", "image/jpeg")
    path = media / kept.file.name
    assert path.parent == media / "cases" / str(case.pk)
    assert len(path.stem) == 32
    content = path.read_bytes()
    assert kept.size == len(content)
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    with Image.open(media / kept.thumbnail.name) as thumbnail:
        assert thumbnail.width == 320

    event = Event.objects.get()
    assert (event.kind, event.step) == ("DOCUMENT_ADDED", "study")
    assert event.codes["sha256"] == kept.sha256
    assert "สำรวจ" not in str(event.codes)
    assert EventText.objects.get().body == {"name": "สำรวจ บ้าน.jpg"}


@pytest.mark.django_db
def test_other_files_are_kept_as_they_are(media: Path) -> None:
    document = keep(bare_case(), "ระเบียบ.docx", files.WORD)
    assert (media / document.file.name).read_bytes() == files.WORD
    assert not document.thumbnail
    assert document.media_type == uploads.WORD.media_type


@pytest.mark.django_db
def test_the_same_file_is_kept_once_in_its_place(django_assert_num_queries: Any) -> None:
    case, by = bare_case(), officer()
    sent = {"step": "study", "item": "map", "by": by, "at": clock.now()}
    endpoints.active()  # from memory from now on
    with django_assert_num_queries(3):
        documents.keep(case, upload("a.jpg", files.photo()), **sent)
    with pytest.raises(ValidationError, match="kept here already, as “a"):
        documents.keep(case, upload("b.jpg", files.photo()), **sent)
    keep(case, "c.jpg", files.photo(), item="list")
    first = Document.objects.get(name="a.jpg")
    first.case = case
    documents.remove(first, by=by, at=clock.now())
    keep(case, "a.jpg", files.photo())
    assert Document.objects.filter(removed_at__isnull=True).count() == 2


@pytest.mark.django_db
def test_a_removed_document_stays_for_the_audit(media: Path) -> None:
    case, by = bare_case(), officer()
    document = keep(case, "a.pdf", files.PDF)
    for _ in range(2):
        documents.remove(document, by=by, at=clock.now())
    kept = Document.objects.get()
    assert (kept.removed_by, kept.removed_at) == (by, document.removed_at)
    assert (media / kept.file.name).exists()
    assert list(Event.objects.values_list("kind", flat=True)) == [
        "DOCUMENT_ADDED",
        "DOCUMENT_REMOVED",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "code"),
    [(files.photo()[:2000], "damaged"), (b"\xff\xd8\xff\xe0" + b"x" * 500, "damaged")],
)
def test_a_damaged_photo_leaves_nothing(media: Path, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        keep(bare_case(), "a.jpg", content)
    assert refused.value.code == code
    assert "“a.jpg” is damaged" in refused.value.messages[0]
    assert not Document.objects.exists()
    assert not list(media.rglob("*"))


@pytest.mark.django_db(transaction=True)
def test_what_a_rollback_leaves_behind_is_cleared(media: Path, capsys: Any) -> None:
    case = bare_case()
    with transaction.atomic():
        kept = keep(case, "a.jpg", files.photo())
    with transaction.atomic():
        keep(case, "b.jpg", files.photo((50, 40)))
        transaction.set_rollback(True)
    assert len([path for path in media.rglob("*") if path.is_file()]) == 4
    assert documents.clear_orphans() == 0  # too young: its transaction may still be open
    yesterday = (clock.now() - timedelta(days=2)).timestamp()
    for path in media.rglob("*.jpg"):
        os.utime(path, (yesterday, yesterday))
    call_command("clear_orphan_files")
    assert capsys.readouterr().out == "2 files deleted.\n"
    assert {path.name for path in media.rglob("*.jpg")} == {
        Path(kept.file.name).name,
        Path(kept.thumbnail.name).name,
    }
