"""One's own account: the link to a password, the way back in, details, another password."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.utils import translation

from cases import staffing
from cases.models import Change, User
from notifications import links
from notifications.models import Message
from notifications.wording import worded
from tests.cast import Cast, assemble
from tests.contract.answers import is_safe, is_well_made

pytestmark = pytest.mark.django_db
GOOD = "สามคำ ไม่เกี่ยวกัน 7"
SET = "/accounts/set-password/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def new(cast: Cast) -> User:
    """Somebody who was added and invited, in English."""
    user = staffing.add_person(
        by=cast.admin, name="Noi Dee", email="noi@example.org", language="en"
    )
    staffing.invite(user, by=cast.admin)
    return user


def link(user: User, template: str = "invited") -> str:
    """The link in the newest such message, as its receiver finds it."""
    message = Message.objects.filter(to=user, template=template).latest("pk")
    found = re.search(r"http://localhost:8000(\S+)", worded(message).text)
    assert found is not None
    return found[1]


def typed(client: Client, one: str, two: str | None = None) -> Any:
    return client.post(SET, {"new_password1": one, "new_password2": one if two is None else two})


def test_an_invited_person_sets_a_password_and_signs_in(new: User) -> None:
    client = Client()
    page = client.get(link(new), follow=True)
    assert page.redirect_chain == [(SET, 302)], "the secret leaves the address"
    assert "noi" in page.content.decode()
    is_well_made(page, "en")
    done = typed(client, GOOD)
    assert (done.status_code, done.url) == (302, "/accounts/login/")
    answer = client.post("/accounts/login/", {"username": "noi", "password": GOOD})
    assert answer.url == "/work/"
    assert list(Change.objects.filter(kind="PASSWORD_SET").values_list("by", flat=True)) == [new.pk]


def test_a_link_works_once(new: User) -> None:
    url, client = link(new), Client()
    other = Client()
    other.get(url)
    client.get(url)
    typed(client, GOOD)
    for response in (Client().get(url), typed(other, "somebody else's words 9"), client.get(SET)):
        assert response.status_code == 410
        is_safe(response)
    assert Client().login(username="noi", password=GOOD)


def test_a_link_works_for_three_days(new: User, monkeypatch: pytest.MonkeyPatch) -> None:
    url = link(new)
    for days, status in ((2.9, 302), (3.1, 410)):
        later = datetime.now() + timedelta(days=days)
        monkeypatch.setattr(default_token_generator, "_now", lambda later=later: later)
        assert Client().get(url).status_code == status


@pytest.mark.parametrize(
    "secret", ["", "x", "1.", ".", "1.abc-def", "๑.x", "-1.x", "9" * 30 + ".x", "\x00.x", "1.\x00"]
)
def test_a_forged_link_says_what_to_do(new: User, secret: str) -> None:
    page = Client().get(SET, {"link": secret}, headers={"accept-language": "en"})
    assert page.status_code == 410
    is_well_made(page, "en")
    assert "/accounts/forgotten/" in page.content.decode()


def test_anothers_number_opens_nothing(new: User, cast: Cast) -> None:
    token = link(new).rpartition(".")[2]
    assert Client().get(f"{SET}?link={cast.admin.pk}.{token}").status_code == 410


def test_a_new_address_or_a_closed_account_ends_the_link(new: User, cast: Cast) -> None:
    first = link(new)
    staffing.change_person(new, by=cast.admin, email="noi2@example.org")
    assert Client().get(first).status_code == 410
    new.refresh_from_db()
    second = links.personal_link(new).removeprefix("http://localhost:8000")
    assert Client().get(second).status_code == 302
    staffing.close_account(new, by=cast.admin)
    assert Client().get(second).status_code == 410
    staffing.open_account(new, by=cast.admin)
    assert Client().get(second).status_code == 410


@pytest.mark.parametrize(
    ("one", "two", "words"),
    [
        ("", "", "This field is required"),
        ("short 1", None, "too short"),
        ("12345678901", None, "entirely numeric"),
        ("password123", None, "too common"),
        ("noi@example.org", None, "too similar"),
        (GOOD, "something else", "match"),
        ("a\x00" + GOOD, None, "Null characters"),
    ],
)
def test_a_weak_password_is_refused_in_words(
    new: User, one: str, two: str | None, words: str
) -> None:
    client = Client()
    client.get(link(new))
    page = typed(client, one, two)
    assert page.status_code == 422
    is_well_made(page, "en")
    assert words in page.content.decode()
    new.refresh_from_db()
    assert not new.has_usable_password()


def test_a_link_opens_no_account_that_was_closed_in_another_way(new: User) -> None:
    url = link(new)
    User.objects.filter(pk=new.pk).update(is_active=False)
    assert Client().get(url).status_code == 410


def test_setting_a_password_signs_out_whoever_was_here(new: User, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.admin)
    client.get(link(new))
    typed(client, GOOD)
    assert client.get("/office/").status_code == 302


def test_asking_for_a_lost_password_tells_nobody_anything(cast: Cast) -> None:
    pages = []
    for account in ("officer", "nobody of this name", "officer"):
        page = Client().post("/accounts/forgotten/", {"account": account}, follow=True)
        pages.append(re.sub(r'value="\w{64}"', "", page.content.decode()))
        assert page.redirect_chain == [("/accounts/login/", 302)]
    assert len(set(pages)) == 1
    assert Message.objects.filter(template="password_reset").count() == 1


def test_a_lost_password_is_set_anew_and_ends_old_sessions(cast: Cast) -> None:
    elsewhere = Client()
    elsewhere.force_login(cast.officer)
    Client().post("/accounts/forgotten/", {"account": "officer"})
    client = Client()
    client.get(link(cast.officer, "password_reset"))
    assert typed(client, GOOD).status_code == 302
    assert elsewhere.get("/work/").status_code == 302
    assert Client().login(username="officer", password=GOOD)


@pytest.mark.parametrize("account", ["", " ", "x" * 300, "\x00"])
def test_nonsense_is_no_account(cast: Cast, account: str) -> None:
    page = Client().post("/accounts/forgotten/", {"account": account})
    assert page.status_code == 422


@pytest.fixture
def officer(cast: Cast) -> Iterator[Client]:
    client = Client()
    client.force_login(cast.officer)
    with translation.override("en"):
        yield client


def test_details_are_changed_by_the_person(officer: Client, cast: Cast) -> None:
    sent = {"name": "ชื่อ  ใหม่", "phone": "๐๘๑-234 5678", "language": "lo", "email": "x@y.org"}
    assert officer.post("/accounts/me/", sent).url == "/accounts/me/"
    cast.officer.refresh_from_db()
    kept = (cast.officer.name, cast.officer.phone, cast.officer.language, cast.officer.email)
    assert kept == ("ชื่อ ใหม่", "0812345678", "lo", "officer@example.org")
    assert officer.get("/accounts/me/").headers["Content-Language"] == "lo"
    assert Change.objects.get().by == cast.officer


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "ก" * 151}, {"phone": "12"}, {"language": "de"}]
)
def test_wrong_details_are_shown_again(officer: Client, wrong: dict[str, str]) -> None:
    sent = {"name": "ชื่อ", "phone": "", "language": "th"} | wrong
    page = officer.post("/accounts/me/", sent)
    assert page.status_code == 422
    assert not Change.objects.exists()


def test_a_password_is_changed_knowing_the_present_one(officer: Client, cast: Cast) -> None:
    elsewhere = Client()
    elsewhere.force_login(cast.officer)
    sent = {"old_password": "wrong", "new_password1": GOOD, "new_password2": GOOD}
    assert officer.post("/accounts/password/", sent).status_code == 422
    assert (
        officer.post("/accounts/password/", sent | {"old_password": "officer"}).status_code == 302
    )
    assert officer.get("/work/").status_code == 200
    assert elsewhere.get("/work/").status_code == 302
    assert Client().login(username="officer", password=GOOD)
