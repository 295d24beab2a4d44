"""Files go only to those who may read their case, and never run under our address (DESIGN 5)."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from cases import clock, documents
from cases.models import Case, Document, User
from cases.roles import Role
from tests.cases import sample_files as files
from tests.cases.bare_case import bare_case, officer
from tests.cases.sample_files import upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case() -> Case:
    return bare_case()


def kept(case: Case, name: str = "ภาพ บ้าน.jpg", content: bytes = b"") -> Document:
    sent = upload(name, content or files.photo())
    return documents.keep(case, sent, step="study", item="map", by=case.opened_by, at=clock.now())


def address(document: Document, number: str = "") -> str:
    return f"/cases/{number or document.case.number}/documents/{document.pk}/"


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def read(response: Any) -> bytes:
    """The whole file; read to its end it is closed."""
    return b"".join(response.streaming_content)


def test_a_reader_of_the_case_gets_the_file(client: Client, case: Case) -> None:
    document = kept(case)
    response = signed_in(client, officer()).get(address(document))
    assert response.status_code == 200
    content = read(response)
    assert content == Path(document.file.path).read_bytes()
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Disposition"] == f"inline; filename*=utf-8''{quote('ภาพ บ้าน.jpg')}"
    small = client.get(address(document) + "thumb/")
    assert len(read(small)) < len(content)


@pytest.mark.parametrize(
    ("name", "content", "how"),
    [
        ("a.pdf", files.PDF, "inline"),
        ("a.docx", files.WORD, "attachment"),
        ("a.xlsx", files.EXCEL, "attachment"),
    ],
)
def test_only_photos_and_pdf_open_in_the_browser(
    client: Client, case: Case, name: str, content: bytes, how: str
) -> None:
    document = kept(case, name, content)
    response = signed_in(client, officer()).get(address(document))
    assert response["Content-Disposition"] == f'{how}; filename="{name}"'
    assert read(response) == content
    assert client.get(address(document) + "thumb/").status_code == 404


@pytest.mark.parametrize(
    ("area", "role"),
    [("TH4204", Role.FIELD_OFFICER), ("TH42030102", Role.FIELD_OFFICER), ("TH42", Role.MEMBER)],
)
def test_others_do_not_learn_that_there_is_a_file(
    client: Client, case: Case, area: str, role: str
) -> None:
    document = kept(case)
    signed_in(client, officer(area=area, role=role))
    for tail in ("", "thumb/"):
        assert client.get(address(document) + tail).status_code == 404
    Client.logout(client)
    assert client.get(address(document)).status_code == 302


def test_a_file_stands_under_its_own_case_only(client: Client, case: Case) -> None:
    document, other = kept(case), bare_case()
    signed_in(client, officer())
    assert client.get(address(document, other.number)).status_code == 404
    assert client.get(address(document, "..%2f..")).status_code == 404
    assert client.get(f"/cases/{case.number}/documents/999999/").status_code == 404
    assert client.get(f"/cases/{case.number}/documents/{'9' * 30}/").status_code == 404


def test_a_removed_file_is_given_to_nobody(client: Client, case: Case) -> None:
    document = kept(case)
    documents.remove(document, by=case.opened_by, at=clock.now())
    assert signed_in(client, officer()).get(address(document)).status_code == 404


def test_a_lost_file_is_a_clear_page_and_a_line_in_the_log(
    client: Client, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    document = kept(case)
    Path(document.file.path).unlink()
    assert signed_in(client, officer()).get(address(document)).status_code == 404
    assert f"document {document.pk} of case {case.pk} has lost its file" in caplog.text


def test_a_browser_asks_each_time_and_gets_the_file_once(client: Client, case: Case) -> None:
    document, user = kept(case), officer()
    first = signed_in(client, user).get(address(document))
    assert read(first)
    again = client.get(address(document), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    user.posts.update(ends_on="2020-12-31")
    denied = client.get(address(document), headers={"If-None-Match": first["ETag"]})
    assert denied.status_code == 404
    assert client.post(address(document)).status_code == 405


def test_a_file_costs_few_queries(
    client: Client, case: Case, django_assert_num_queries: Any
) -> None:
    document = kept(case)
    signed_in(client, officer())
    with django_assert_num_queries(4):  # session, user, posts, document
        response = client.get(address(document))
    assert read(response)
