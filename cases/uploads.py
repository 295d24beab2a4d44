"""Recognising what somebody sends: by its content, whatever its name says (handbook 8, rule 7).

Accepted are photos, PDF, Word and Excel; everything else is refused in words that say what was
sent and what to send instead.
"""

import mimetypes
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from cases import text

LONGEST_NAME = 200  # characters, as the column has

_HEAD = 8192  # bytes, as much as filetype looks at
_OFFICE = "application/vnd.openxmlformats-officedocument."
# Brands of iPhones' photos; filetype knows the first only.
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


@dataclass(frozen=True)
class Kind:
    """A kind of file that is accepted; the first ending is the one it is kept under."""

    name: str
    media_type: str
    endings: tuple[str, ...]

    @property
    def is_photo(self) -> bool:
        return self.media_type.startswith("image/")


JPEG = Kind("JPEG", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
PNG = Kind("PNG", "image/png", ("png",))
WEBP = Kind("WebP", "image/webp", ("webp",))
PDF = Kind("PDF", "application/pdf", ("pdf",))
WORD = Kind("Word (docx)", f"{_OFFICE}wordprocessingml.document", ("docx",))
EXCEL = Kind("Excel (xlsx)", f"{_OFFICE}spreadsheetml.sheet", ("xlsx",))

_KINDS = {kind.media_type: kind for kind in (JPEG, PNG, WEBP, PDF, WORD, EXCEL)}


def recognise(upload: Any) -> Kind:
    """The kind of an uploaded file by its content, which its name must not contradict.

    Raises ValidationError for an empty, too large, unknown, unwelcome or misnamed file.
    """
    name = clean_name(upload.name)
    if not upload.size:
        raise _refused(_("“%(name)s” is empty. Choose the file again."), "empty", name)
    if upload.size > settings.EVIDENCE_MAX_BYTES:
        sizes = {
            "size": filesizeformat(upload.size),
            "most": filesizeformat(settings.EVIDENCE_MAX_BYTES),
        }
        message = _("“%(name)s” has %(size)s; a file may have %(most)s at most.")
        raise _refused(message, "too_large", name, **sizes)
    upload.seek(0)
    head = upload.read(_HEAD)
    upload.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        raise _refused(_heic_advice(), "heic", name)
    guess = filetype.guess(head)
    kind = _office(upload) if head[:4] == b"PK\x03\x04" else _KINDS.get(guess and guess.mime)
    if kind is None or not _ending_fits(name, kind):
        other = guess.extension.upper() if guess else ""
        raise _unfit(name, kind, kind.name if kind else other)
    return kind


def clean_name(name: str) -> str:
    """A file's name without folders, invisible characters and what file systems refuse.

    Thai and Lao stay; a long name loses the end of its stem, never its ending.
    """
    last = text.normalise(name.replace("\\", "/").rsplit("/", 1)[-1])
    path = PurePath("".join(c for c in last if c not in '<>:"|?*/%').strip(". ") or "-")
    ending = path.suffix if len(path.suffix) <= 10 else ""
    stem = path.name.removesuffix(ending) if ending else path.name
    return stem[: LONGEST_NAME - len(ending)] + ending


def kept_name(name: str, kind: Kind) -> str:
    """The name under which a file of `kind` is given back: always with the kind's own ending."""
    cleaned = clean_name(name)
    stem, dot, ending = cleaned.rpartition(".")
    known = dot and _means(ending)
    own = f".{kind.endings[0]}"
    return (stem if known else cleaned)[: LONGEST_NAME - len(own)] + own


def _office(upload: Any) -> Kind | None:
    """Word or Excel by the part that every such file holds; None for other archives."""
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return None
    finally:
        upload.seek(0)
    if "word/document.xml" in parts:
        return WORD
    return EXCEL if "xl/workbook.xml" in parts else None


def _ending_fits(name: str, kind: Kind) -> bool:
    """A name without an ending that means anything contradicts nothing (รายงาน ครั้งที่ 1.2)."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return ending in kind.endings or not _means(ending)


def _means(ending: str) -> bool:
    """Whether an ending stands for a kind of file at all."""
    lower = ending.lower()
    ours = any(lower in kind.endings for kind in _KINDS.values())
    return ours or mimetypes.guess_type(f"x.{lower}")[0] is not None


def _unfit(name: str, kind: Kind | None, found: str) -> ValidationError:
    """Not what its ending says, or of a kind that is not accepted; `found` may be empty."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    claimed = next((own.name for own in _KINDS.values() if ending in own.endings), "")
    if not claimed and kind is None:
        message = _("“%(name)s” cannot be taken. Send a photo (JPEG, PNG), PDF, Word or Excel.")
        return _refused(message, "unwelcome", name)
    if not found:
        message = _("“%(name)s” is called %(claimed)s, but is none: it may be damaged.")
        return _refused(message, "misnamed", name, claimed=claimed)
    message = _(
        "“%(name)s” is called %(claimed)s, but its content is %(found)s. Save it again in the "
        "right format and send that."
    )
    return _refused(message, "misnamed", name, claimed=claimed or ending.upper(), found=found)


def _heic_advice() -> str:
    return _(
        "“%(name)s” is a photo in the format HEIC, which many computers cannot open. On the "
        "iPhone choose Settings, Camera, Formats, Most Compatible and take it again, or send "
        "the photo as JPEG."
    )


def _refused(message: str, code: str, name: str, **values: str) -> ValidationError:
    return ValidationError(message, code=code, params={"name": text.quoted(name, 60), **values})
