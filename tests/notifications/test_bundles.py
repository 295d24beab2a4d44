"""Several matters for one person go as one e-mail, and none is lost on the way."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from notifications import delivery, wording
from notifications.channels.email import message_id
from notifications.models import Message
from tests.cases.running import at, person
from tests.notifications.post_office import PostOffice, open_post_office
from tests.notifications.test_delivery import queue

pytestmark = pytest.mark.django_db
NOW = at("2026-11-26")


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as opened:
        yield opened


def text_of(letter: Any) -> str:
    return str(letter.get_body(("plain",)).get_content())


def again() -> int:
    """Every wait is over."""
    Message.objects.update(try_at=timezone.now())
    return delivery.deliver_due(at=NOW)


def test_twenty_silent_groups_are_one_e_mail(office: PostOffice) -> None:
    chief = person("chief")
    for n in range(20):
        url = f"/cases/SGM-42-2570-{n:04}/"
        queue(chief, f"k{n}", "escalated", case=f"SGM-42-2570-{n:04}", late_days=n, url=url)
    assert delivery.deliver_due(at=NOW) == 20
    (letter,) = office.letters
    assert letter["Subject"].strip() == (
        "SGM-42-2570-0019: please see to it, 19 working days late – Study village data "
        "(and 19 more matters)"
    )
    for body in (text_of(letter), letter.get_body(("html",)).get_content()):
        for n in range(20):
            assert f"http://localhost:8000/cases/SGM-42-2570-{n:04}/" in body
            assert f"{20 - n}. SGM-42-2570-{n:04}: please see to it" in body
    assert set(Message.objects.values_list("bundle", flat=True)) == {"k19"}
    assert letter["Message-ID"] == message_id("k19")
    assert not Message.objects.filter(sent_at=None).exists()


def test_what_is_urgent_or_personal_goes_alone(office: PostOffice) -> None:
    to = person("first")
    for key in ("a", "b", "c"):
        queue(to, key)
    Message.objects.filter(key="b").update(urgent=True)
    queue(to, "d", "password_reset")
    queue(person("second"), "e")
    assert delivery.deliver_due(at=NOW) == 5
    assert len(office.letters) == 4
    assert set(Message.objects.exclude(bundle="").values_list("key", flat=True)) == {"a", "c"}


def test_the_first_waits_for_others_but_none_longer_than_the_window(office: PostOffice) -> None:
    to = person("first")
    with override_settings(BUNDLE_SECONDS=300):
        queue(to, "a")
        queue(to, "b", "password_reset")
        assert delivery.deliver_due(at=NOW) == 1
        assert Message.objects.get(key="b").sent_at
        Message.objects.filter(key="a").update(try_at=timezone.now())
        queue(to, "c")
        assert Message.objects.get(key="c").try_at > timezone.now() + timedelta(seconds=290)
    assert delivery.deliver_due(at=NOW) == 2
    assert len(office.letters) == 2


def test_what_is_held_does_not_go_along(office: PostOffice) -> None:
    to = person("first")
    for key in ("a", "b", "c"):
        queue(to, key)
    Message.objects.filter(key="b").update(hold_until=NOW + timedelta(hours=1))
    assert delivery.deliver_due(at=NOW) == 2
    assert delivery.deliver_due(at=NOW + timedelta(minutes=59)) == 0
    assert delivery.deliver_due(at=NOW + timedelta(hours=1)) == 1
    assert office.letters[1]["Message-ID"] == message_id("b")
    assert office.letters[1]["Date"].datetime == NOW + timedelta(hours=1)


def test_after_a_crash_the_same_matters_come_with_the_same_id_and_new_ones_apart(
    office: PostOffice,
) -> None:
    to = person("first")
    for key in ("a", "b"):
        queue(to, key)
    delivery._claim(NOW, set())  # … and the worker is killed, before or after it sent
    queue(to, "c")
    assert delivery.deliver_due(at=NOW) == 1
    assert again() == 2
    ids = [letter["Message-ID"] for letter in office.letters]
    assert ids == [message_id("c"), message_id("a")]
    assert set(Message.objects.values_list("attempts", "bundle")) == {(2, "a"), (1, "")}


def test_a_refused_e_mail_is_tried_again_whole(office: PostOffice) -> None:
    office.refused = {"first@example.org"}
    to = person("first")
    for key in ("a", "b", "c"):
        queue(to, key)
    assert delivery.deliver_due(at=NOW) == 0
    assert Message.objects.filter(error__contains="no such mailbox").count() == 3
    office.refused = set()
    assert again() == 3
    assert [letter["Message-ID"] for letter in office.letters] == [message_id("a")]


def test_one_that_cannot_be_worded_leaves_the_others_to_go(office: PostOffice) -> None:
    to = person("first")
    queue(to, "a", "escalated", due_on="not a date")  # it would carry the others
    for key in ("b", "c"):
        queue(to, key)
    assert delivery.deliver_due(at=NOW) == 2
    broken = Message.objects.get(key="a")
    assert (broken.sent_at, broken.bundle) == (None, "")
    assert "Invalid isoformat" in broken.error
    assert set(Message.objects.filter(sent_at__isnull=False).values_list("bundle", flat=True)) == {
        "b"
    }
    assert again() == 0


def test_what_lost_its_carrier_still_goes(office: PostOffice) -> None:
    to = person("first")
    for key in ("a", "b", "c"):
        queue(to, key)
    delivery._claim(NOW, set())
    Message.objects.filter(key="a").update(given_up_at=NOW)
    assert again() == 2
    assert text_of(office.letters[0]).count("Look at the case") == 2


def test_no_e_mail_has_more_matters_than_one_can_read(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.bundles.MOST", 4)
    monkeypatch.setattr(delivery, "BATCH", 3)
    to = person("first")
    for n in range(10):
        queue(to, f"k{n}")
    assert delivery.deliver_due(at=NOW) == 10
    assert len(office.letters) == 3
    assert sorted(m.key for m in Message.objects.exclude(sent_at=None)) == [
        f"k{n}" for n in range(10)
    ]


def test_few_statements_however_many_matters(
    office: PostOffice, django_assert_max_num_queries: Any
) -> None:
    to = person("first")
    for n in range(30):
        queue(to, f"k{n}")
    with django_assert_max_num_queries(9):
        assert delivery.deliver_due(at=NOW) == 30
    assert len(office.letters) == 1


@pytest.mark.parametrize("language", ["th", "lo", "en"])
def test_matters_of_a_person_stand_together_in_their_language(language: str) -> None:
    to = person("first", language=language)
    words = [wording.worded(queue(to, key)) for key in ("a", "b")]
    both = wording.together(to, words)
    assert both.subject.startswith(words[0].subject)
    assert len(both.matters) == 2
    assert both.html.count("<h2") == 2
    assert "&lt;" not in both.html
