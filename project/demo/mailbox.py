"""The demonstration's mailbox: what Django's file-based e-mail backend has written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.utils import timezone

_SEPARATOR = b"\n" + b"-" * 79 + b"\n"  # after each message; a file holds those of one connection
_FILE = re.compile(r"\d{8}-\d{6}-\d+")  # Django names a file by time and object
_ID = re.compile(rf"({_FILE.pattern})-(\d+)")


@dataclass(frozen=True)
class Letter:
    """One e-mail as it went out; `id` names its file and its place there."""

    id: str
    sender: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str


def letters(to: str = "") -> list[Letter]:
    """All e-mails, or those to the address `to`, newest first."""
    found = [letter for path in _files() for letter in _read(path) if to in ("", letter.to)]
    return sorted(found, key=lambda letter: (letter.at, letter.id), reverse=True)


def letter(id: str) -> Letter | None:
    """The e-mail with this id; None if there is none."""
    match = _ID.fullmatch(id)
    path = _folder() / f"{match[1]}.log" if match else None
    if path is None or not path.is_file():
        return None
    return next((letter for letter in _read(path) if letter.id == id), None)


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _files() -> list[Path]:
    folder = _folder()
    return [path for path in folder.glob("*.log") if _FILE.fullmatch(path.stem)]


def _read(path: Path) -> Iterator[Letter]:
    """The complete messages of a file; one that is still being written is left out."""
    *complete, _rest = path.read_bytes().split(_SEPARATOR)
    for number, data in enumerate(complete, 1):
        message = message_from_bytes(data, policy=policy.default)
        if message["Date"]:  # else a piece of a text that holds the separator
            yield _letter(f"{path.stem}-{number}", message)


def _letter(id: str, message: EmailMessage) -> Letter:
    return Letter(
        id=id,
        sender=str(message["From"]),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=timezone.localtime(message["Date"].datetime),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
