"""Recognising what somebody sends, by its content (handbook 8, rule 7)."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cases import uploads
from tests.cases import sample_files as files
from tests.cases.sample_files import upload


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def refusal(name: str, content: bytes) -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        uploads.recognise(upload(name, content))
    return refused.value


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.jpg", files.photo(), uploads.JPEG),
        ("A.JPEG", files.photo(), uploads.JPEG),
        ("ภาพ", files.photo(), uploads.JPEG),
        ("รายงาน ครั้งที่ 1.2", files.PDF, uploads.PDF),
        ("a.png", files.photo(form="PNG"), uploads.PNG),
        ("a.webp", files.photo(form="WEBP"), uploads.WEBP),
        ("ระเบียบ.pdf", files.PDF, uploads.PDF),
        ("a.docx", files.WORD, uploads.WORD),
        ("a.xlsx", files.EXCEL, uploads.EXCEL),
    ],
)
def test_files_are_recognised_by_their_content(
    name: str, content: bytes, kind: uploads.Kind
) -> None:
    assert uploads.recognise(upload(name, content)) == kind


@pytest.mark.parametrize(
    ("name", "content", "code", "message"),
    [
        ("a.pdf", files.photo(), "misnamed", "“a.pdf” is called PDF, but its content is JPEG."),
        ("a.jpg", files.PDF, "misnamed", "“a.jpg” is called JPEG, but its content is PDF."),
        ("a.docx", files.EXCEL, "misnamed", "Word (docx), but its content is Excel (xlsx)"),
        ("a.exe", files.PDF, "misnamed", "“a.exe” is called EXE, but its content is PDF."),
        ("a.jpg", b"MZ" + b"\x00" * 99, "misnamed", "called JPEG, but its content is EXE"),
        ("a.jpg", b"Dear all,", "misnamed", "“a.jpg” is called JPEG, but is none"),
        (
            "a.docx",
            b"PK\x03\x04" + b"x" * 99,
            "misnamed",
            "called Word (docx), but its content is ZIP",
        ),
        ("a.zip", files.office("a.txt"), "unwelcome", "“a.zip” cannot be taken."),
        ("a.mp4", b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 99, "unwelcome", "cannot be taken"),
        ("a.txt", b"Dear all,", "unwelcome", "Send a photo (JPEG, PNG), PDF, Word or Excel."),
        ("a.svg", b"<svg onload='alert(1)'/>", "unwelcome", "cannot be taken"),
        ("a.html", b"<script>1</script>", "unwelcome", "cannot be taken"),
        ("IMG_1.HEIC", files.HEIC, "heic", "Settings, Camera, Formats, Most Compatible"),
        ("IMG_1.jpg", files.HEIC, "heic", "“IMG_1.jpg” is a photo in the format HEIC"),
        ("a.jpg", b"", "empty", "“a.jpg” is empty."),
        ("%s%(x)s.txt", b"x", "unwelcome", "“s(x)s.txt” cannot be taken."),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(
    name: str, content: bytes, code: str, message: str
) -> None:
    refused = refusal(name, content)
    assert refused.code == code
    assert message in refused.messages[0]


def test_a_file_beyond_the_limit_is_refused(settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 1000
    refused = refusal("a.pdf", files.PDF + b" " * 1500)
    assert refused.code == "too_large"
    assert "at most" in refused.messages[0]


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"%PDF", b"\xff\xd8\xff"]))
def test_no_content_breaks_the_door(content: bytes, start: bytes) -> None:
    with suppress(ValidationError):
        assert uploads.recognise(upload("a.docx", start + content)) == uploads.WORD


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\สมชาย\\ภาพ น้ํา.jpg", "ภาพ น้ำ.jpg"),
        ("ก\u202egpj.exe\u200b", "กgpj.exe"),
        ('a<b>:"|?*.pdf', "ab.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        (".htaccess", "htaccess"),
        ("...", "-"),
        ("ก" * 400 + ".docx", "ก" * 195 + ".docx"),
    ],
)
def test_names_are_cleaned_and_thai_is_kept(name: str, cleaned: str) -> None:
    assert uploads.clean_name(name) == cleaned


@given(st.text())
def test_a_kept_name_is_harmless(name: str) -> None:
    kept = uploads.kept_name(name, uploads.JPEG)
    assert kept.endswith(".jpg")
    assert len(kept) <= uploads.LONGEST_NAME
    assert not set(kept) & set('/\\<>:"|?*\x00\r\n')
    assert not kept.startswith(".")
