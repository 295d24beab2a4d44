"""A founding step that is late: its messages climb three rungs, and stop once somebody has seen
them; work goes on, or they come back (handbook 4.3).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cases import clock
from cases.models import Deadline, User
from cases.tasks import sweep
from notifications.models import Message
from tests.cast import Cast, item_of, open_founding
from workflows import claims

BUTTON = "I have seen this"


@pytest.fixture
def late(cast: Cast) -> Iterator[Deadline]:
    """The officer's study, three rungs late; it is the moment after the third one."""
    deadline = item_of(open_founding(cast)).deadline
    told: set[tuple[str, str]] = set()
    while len(told) < 6 and deadline.next_at:
        with clock.travel(deadline.next_at):
            sweep()
        told = set(Message.objects.filter(key__startswith="rung:").values_list("to", "template"))
        deadline.refresh_from_db()
        now = deadline.next_at
    with clock.travel(now - timedelta(minutes=1)):
        yield deadline


def page_of(user: User, deadline: Deadline) -> str:
    with translation.override("en"):
        return str(browser(user).get(f"/cases/{deadline.case.number}/").content.decode())


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def say(user: User, deadline: Deadline) -> Any:
    url = reverse("acknowledge", args=[deadline.case.number, deadline.pk])
    return browser(user).post(url, follow=True)


def rungs_told(deadline: Deadline, at: datetime) -> int:
    """How many a sweep at that moment tells of the deadline."""
    with clock.travel(at):
        sweep()
    return Message.objects.filter(key__startswith=f"rung:{deadline.pk}:", queued_at=at).count()


def test_the_button_stands_where_somebody_was_told(late: Deadline, cast: Cast) -> None:
    assert BUTTON in page_of(cast.officer, late)
    assert BUTTON in page_of(cast.chief, late)
    assert BUTTON not in page_of(cast.colleague, late)
    answer = say(cast.chief, late)
    assert "Thank you" in answer.content.decode()
    for user in (cast.officer, cast.chief, cast.colleague):
        page = page_of(user, late)
        assert BUTTON not in page
        assert f"Seen by {cast.chief}" in page


def test_a_second_one_is_told_who_was_quicker(late: Deadline, cast: Cast) -> None:
    say(cast.chief, late)
    answer = say(cast.officer, late)
    assert answer.status_code == 409
    assert str(cast.chief) in answer.content.decode()
    again = say(cast.chief, late)  # a second click of the first one
    assert (again.status_code, len(again.redirect_chain)) == (200, 1)


def test_messages_stop_while_work_goes_on(late: Deadline, cast: Cast) -> None:
    assert rungs_told(late, late.next_at) == 1  # the province, and every five working days from now
    late.refresh_from_db()
    again = late.next_at
    with clock.travel(again - timedelta(hours=1)):
        assert "Thank you" in say(cast.academic, late).content.decode()
    with clock.travel(again):
        claims.release(late.work_item_id, by=cast.officer)
    assert rungs_told(late, again) == 0
    assert rungs_told(late, again + timedelta(days=60)) == 0


def test_messages_come_back_where_nothing_happens(late: Deadline, cast: Cast) -> None:
    rungs_told(late, late.next_at)
    late.refresh_from_db()
    again = late.next_at
    with clock.travel(again - timedelta(hours=1)):
        say(cast.academic, late)
    assert rungs_told(late, again) == 0
    assert rungs_told(late, again + timedelta(days=9)) == 1


def test_nobody_else_may(late: Deadline, cast: Cast) -> None:
    assert say(cast.colleague, late).status_code == 403
    assert say(cast.outsider, late).status_code == 404
    late.refresh_from_db()
    assert late.acknowledged_at is None
