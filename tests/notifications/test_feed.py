"""A person's deadlines as a calendar: theirs only, under an address that nobody guesses."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from cases import clock
from cases.models import Deadline, User
from notifications import feeds
from notifications.models import Feed
from tests.cast import Cast, assemble, bring_to, item_of, open_founding
from workflows import claims

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def read(secret: str, query: str = "", **headers: str) -> Any:
    return Client().get(f"/calendar/{secret}.ics{query}", headers=headers)


def events(secret: str, query: str = "") -> list[Any]:
    """Those of steps; spans of cases come beside them."""
    response = read(secret, query)
    assert response.status_code == 200
    found = Calendar.from_ical(response.content).walk("VEVENT")
    return [event for event in found if "/steps/" in event["URL"]]


def test_it_shows_the_days_on_which_the_persons_own_work_is_due(cast: Cast) -> None:
    mine, other = open_founding(cast), open_founding(cast, by=cast.colleague)
    (event,) = events(feeds.make(cast.officer))
    item = item_of(mine)
    assert event["DTSTART"].dt == item.due_on
    assert type(event["DTSTART"].dt) is date, "all day"
    assert event["DTEND"].dt == item.due_on + timedelta(days=1)
    assert mine.number in event["SUMMARY"]
    assert "ศึกษาข้อมูล" in event["SUMMARY"]
    assert event["URL"] == f"http://localhost:8000/cases/{mine.number}/steps/{item.pk}/"
    assert other.number not in read(feeds.make(cast.officer)).content.decode()


def test_what_nobody_has_taken_comes_when_wished(cast: Cast) -> None:
    free = open_founding(cast)
    claims.release(item_of(free).pk, by=cast.officer)
    secret, far = feeds.make(cast.officer), feeds.make(cast.outsider)
    assert events(secret) == []
    assert [free.number in str(event["SUMMARY"]) for event in events(secret, "?all=1")] == [True]
    assert events(far, "?all=1") == []


def test_what_is_done_or_rests_stands_there_no_more(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "analyse", cast)
    secret = feeds.make(cast.officer)
    assert len(events(secret)) == 1
    Deadline.objects.filter(case=case, closed_at=None).update(paused_at=clock.now())
    assert events(secret) == []


def test_it_names_nobody(cast: Cast) -> None:
    open_founding(cast)
    text = read(feeds.make(cast.officer), "?all=1").content.decode().replace("\r\n ", "")
    for person in User.objects.all():
        assert str(person) not in text
        assert person.email not in text


def test_long_lines_are_folded_and_thai_is_whole(cast: Cast) -> None:
    open_founding(cast)
    body = read(feeds.make(cast.officer)).content
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert "ศึกษาข้อมูล" in body.decode().replace("\r\n ", "")


def test_it_speaks_the_persons_language(cast: Cast) -> None:
    open_founding(cast)
    User.objects.filter(pk=cast.officer.pk).update(language="en")
    (event,) = events(feeds.make(cast.officer))
    assert "Study" in event["SUMMARY"]


def test_nobody_keeps_it_and_what_is_unchanged_is_not_sent_again(cast: Cast) -> None:
    open_founding(cast)
    secret = feeds.make(cast.officer)
    first = read(secret)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, no-cache"
    assert first["X-Robots-Tag"] == "noindex, nofollow"
    assert first["Referrer-Policy"] == "no-referrer"
    assert "sessionid" not in first.cookies
    same = read(secret, **{"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    open_founding(cast, area=cast.second_village)
    assert read(secret, **{"If-None-Match": first["ETag"]}).status_code == 200


def test_the_page_shows_the_address_once_replaces_and_revokes_it(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.officer)
    secrets = []
    for _ in range(2):
        page = client.post("/accounts/calendar/", {"make": "1"}, follow=True).content.decode()
        found = re.search(r"http://localhost:8000/calendar/([\w-]+)\.ics\"", page)
        assert found is not None
        secrets.append(found[1])
        assert found[1] not in client.get("/accounts/calendar/").content.decode()
        assert found[1] not in str(Feed.objects.values())
    assert [read(secret).status_code for secret in secrets] == [404, 200]
    client.post("/accounts/calendar/", {"revoke": "1"})
    assert read(secrets[1]).status_code == 404


def test_a_closed_account_has_no_calendar(cast: Cast) -> None:
    secret = feeds.make(cast.officer)
    User.objects.filter(pk=cast.officer.pk).update(is_active=False)
    assert read(secret).status_code == 404


@settings(max_examples=30)
@given(st.data())
def test_no_other_secret_leads_there(data: st.DataObject) -> None:
    secret = feeds.make(User.objects.get_or_create(username="u", email="u@example.org")[0])
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    at = data.draw(st.integers(0, len(secret) - 1))
    sign = data.draw(st.sampled_from(alphabet.replace(secret[at], "")))
    changed = [secret[:at] + sign + secret[at + 1 :], secret[:at], secret + sign]
    assert [feeds.owner(each) for each in changed] == [None] * 3
    assert feeds.owner(secret) is not None


def test_its_price_does_not_grow_with_the_work(cast: Cast, django_assert_num_queries: Any) -> None:
    secret = feeds.make(cast.officer)
    for number in range(6):
        open_founding(cast, area=(cast.village, cast.second_village)[number % 2])
    events(secret, "?all=1")
    with django_assert_num_queries(3):
        assert len(events(secret, "?all=1")) == 6
