"""The bell and the page of choices: what one was told, and how one wants to hear."""

from typing import Any

import pytest
from django.test import Client

from cases.models import User
from notifications import bell, choices, outbox
from notifications.models import LineAccount, Message
from tests.cases.running import at, person
from tests.contract.places_of_messages import FACTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def somchai() -> User:
    return person("somchai", language="th")


@pytest.fixture
def client(somchai: User) -> Client:
    made = Client()
    made.force_login(somchai)
    return made


def tell(to: User, key: str, template: str = "overdue", **more: Any) -> Message:
    outbox.queue(
        to=to, template=template, context=FACTS | more, key=key, at=at("2026-11-26", "10:00")
    )
    return Message.objects.get(key=key)


def test_matters_stand_newest_first_in_the_readers_language(client: Client, somchai: User) -> None:
    tell(somchai, "a", case="SGF-42-2570-0001")
    tell(somchai, "b", "reminder", case="SGF-42-2570-0002")
    tell(somchai, "c", "password_reset")
    tell(person("other"), "d")
    subjects = [subject for _told, subject in client.get("/bell/").context["rows"]]
    assert subjects == [
        "SGF-42-2570-0002: ครบกำหนด 23 พฤศจิกายน 2569 – ศึกษาข้อมูลหมู่บ้าน",
        "SGF-42-2570-0001: เกินกำหนด 3 วันทำการ – ศึกษาข้อมูลหมู่บ้าน",
    ]
    client.cookies["django_language"] = "lo"
    assert "ສຶກສາຂໍ້ມູນບ້ານ" in client.get("/bell/").content.decode()


def test_the_badge_counts_what_is_not_seen_yet(client: Client, somchai: User) -> None:
    assert 'class="bell"' in client.get("/work/").content.decode()
    assert client.get("/work/").context["page"]["unseen"] == 0
    for n in range(101):
        tell(somchai, f"k{n}")
    page = client.get("/work/")
    assert page.context["page"]["unseen"] == bell.CAP + 1
    assert ">99+<" in page.content.decode()


def test_following_a_matter_marks_it_and_goes_there(client: Client, somchai: User) -> None:
    told = tell(somchai, "a", url="/cases/SGF-42-2570-0001/")
    tell(somchai, "b")
    response = client.get(f"/bell/{told.pk}/")
    assert response["Location"] == "/cases/SGF-42-2570-0001/"
    told.refresh_from_db()
    first = told.seen_at
    assert first is not None
    client.get(f"/bell/{told.pk}/")
    told.refresh_from_db()
    assert told.seen_at == first
    assert bell.unseen(somchai) == 1


def test_nobody_reads_or_marks_what_another_was_told(client: Client) -> None:
    theirs = tell(person("other"), "a")
    assert client.get(f"/bell/{theirs.pk}/").status_code == 404
    client.post("/bell/seen/", {"newest": str(theirs.pk)})
    theirs.refresh_from_db()
    assert theirs.seen_at is None


def test_all_is_what_the_page_listed_and_not_what_came_since(client: Client, somchai: User) -> None:
    tell(somchai, "a")
    newest = client.get("/bell/").context["newest"]
    tell(somchai, "b")
    client.post("/bell/seen/", {"newest": str(newest)})
    assert list(Message.objects.filter(seen_at=None).values_list("key", flat=True)) == ["b"]


@pytest.mark.parametrize("newest", ["", "all", "-1", "9" * 30])
def test_nonsense_marks_nothing(client: Client, somchai: User, newest: str) -> None:
    tell(somchai, "a")
    assert client.post("/bell/seen/", {"newest": newest}).status_code == 302
    assert bell.unseen(somchai) == 1


def test_one_that_cannot_be_worded_hides_no_other(client: Client, somchai: User) -> None:
    tell(somchai, "a", case="SGF-1", late_days="many")
    tell(somchai, "b", case="SGF-2")
    subjects = [subject for _told, subject in client.get("/bell/").context["rows"]]
    assert subjects[0].startswith("SGF-2: ")
    assert subjects[1] == "SGF-1"


def test_a_long_list_has_pages(client: Client, somchai: User) -> None:
    for n in range(60):
        tell(somchai, f"k{n}")
    assert len(client.get("/bell/").context["rows"]) == 50
    assert len(client.get("/bell/?page=2").context["rows"]) == 10


def test_choices_are_kept_and_shown(client: Client, somchai: User) -> None:
    LineAccount.objects.create(user=somchai, line_id="U1", linked_at=at("2026-11-01"))
    sent = {"work": ["LINE"], "reminders": ["EMAIL", "LINE"], "daily": ["EMAIL"]}
    assert client.post("/accounts/notifications/", sent).status_code == 302
    kept = choices.chosen_by(somchai)
    assert kept["work"] == ["LINE"]
    assert kept["reminders"] == ["EMAIL", "LINE"]
    assert (kept["weekly"], kept["daily"]) == ([], ["EMAIL"])
    assert kept["decisions"] == kept["months"] == []
    for kind in choices.KINDS:
        assert ("EMAIL" in kept[kind.code]) or not kind.kept
    ticks = {
        (tick.name, tick.value): (tick.checked, tick.locked)
        for _title, rows in client.get("/accounts/notifications/").context["tables"]
        for row in rows
        for tick in row.ticks
        if tick
    }
    assert ticks["work", "LINE"] == (True, False)
    assert ticks["work", "EMAIL"] == (False, False)
    assert ticks["escalations", "EMAIL"] == (True, True)
    assert ("account", "LINE") not in ticks


def test_without_a_line_account_its_boxes_are_locked_and_keep_what_they_said(
    client: Client, somchai: User
) -> None:
    choices.choose(somchai, {"work": ["LINE"]})
    page = client.get("/accounts/notifications/")
    boxes = [
        tick
        for _title, rows in page.context["tables"]
        for row in rows
        for tick in row.ticks
        if tick and tick.value == "LINE"
    ]
    assert all(tick.locked for tick in boxes)
    client.post("/accounts/notifications/", {"work": ["EMAIL"], "reminders": ["EMAIL"]})
    kept = choices.chosen_by(somchai)
    assert (kept["work"], kept["reminders"]) == (["EMAIL", "LINE"], ["EMAIL"])
