"""The demonstration's mailbox: reads what Django's file-based backend wrote, and only that."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client

from project.demo import mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


def send(*letters: tuple[str, str, str]) -> None:
    """Send (receiver, subject, date) over one connection, as delivery does with a batch."""
    with get_connection() as mail:
        for to, subject, date in letters:
            email = EmailMultiAlternatives(subject, "ถึง คุณ\n" + "-" * 80, to=[to], connection=mail)
            email.extra_headers["Date"] = f"{date} 09:00:00 +0700"
            email.attach_alternative("<p>ถึง คุณ</p>", "text/html")
            email.send()


def test_several_letters_of_one_connection_are_read_newest_first(client: Client) -> None:
    send(
        ("a@example.org", "เก่า", "Mon, 23 Nov 2026"),
        ("b@example.org", "ใหม่กว่า", "Wed, 25 Nov 2026"),
        ("a@example.org", "กลาง", "Tue, 24 Nov 2026"),
    )
    page = client.get("/demo/mail/")
    assert [row["subject"] for row in page.context["letters"]] == ["ใหม่กว่า", "กลาง", "เก่า"]
    assert page.context["receivers"] == ["a@example.org", "b@example.org"]
    read = client.get(page.context["letters"][0]["url"])
    letter = read.context["letter"]
    assert (letter.to, letter.sender) == ("b@example.org", "Sajja <sajja@localhost>")
    assert letter.text.startswith("ถึง คุณ")
    assert "<p>ถึง คุณ</p>" in letter.html


def test_only_the_letters_of_one_receiver(client: Client) -> None:
    send(("a@example.org", "x", "Mon, 23 Nov 2026"), ("b@example.org", "y", "Mon, 23 Nov 2026"))
    page = client.get("/demo/mail/", {"to": "b@example.org"})
    assert [row["to"] for row in page.context["letters"]] == ["b@example.org"]


def test_only_the_letters_in_which_a_word_stands(client: Client) -> None:
    send(("a@example.org", "x", "Mon, 23 Nov 2026"))
    for about, listed in (("ถึง", 1), ("SGF-42", 0)):
        page = client.get("/demo/mail/", {"to": "a@example.org", "about": about})
        assert len(page.context["letters"]) == listed


def test_a_letter_that_is_still_being_written_is_left_out(folder: Path) -> None:
    send(("a@example.org", "whole", "Mon, 23 Nov 2026"))
    (path,) = folder.iterdir()
    with path.open("ab") as file:
        file.write(b"Subject: half\n\nnot yet")
    assert [letter.subject for letter in mailbox.letters()] == ["whole"]


def test_a_separator_within_a_text_breaks_nothing(folder: Path) -> None:
    folder.mkdir()
    whole = b"Date: Mon, 23 Nov 2026 09:00:00 +0700\nSubject: whole\n\nbefore\n"
    line = b"-" * 79 + b"\n"
    (folder / "20261123-090000-1.log").write_bytes(whole + line + b"after\n" + line + whole + line)
    assert [letter.id for letter in mailbox.letters()] == [
        "20261123-090000-1-3",
        "20261123-090000-1-1",
    ]


def test_an_empty_mailbox_says_so(client: Client) -> None:
    page = client.get("/demo/mail/")
    assert page.status_code == 200
    assert list(page.context["letters"]) == []


@pytest.mark.parametrize(
    "address",
    [
        "../secret-1",
        "..%2fsecret-1",
        "secret-1",
        "20261123-090000-1",
        "20261123-090000-1-1",
        "20261123-090000-1-99999999999999999999",
    ],
)
def test_no_other_file_can_be_read(client: Client, folder: Path, address: str) -> None:
    folder.mkdir()
    for path in (folder.parent / "secret.log", folder / "secret.log"):
        path.write_bytes(b"Subject: secret\n\nsecret\n" + b"-" * 79 + b"\n")
    assert client.get(f"/demo/mail/{address}/").status_code == 404
    assert mailbox.letter(address) is None
    assert mailbox.letters() == []
