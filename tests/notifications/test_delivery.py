"""Delivery over a real SMTP server: at least once, failures kept, nobody held up."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from cases.models import User
from notifications import delivery, outbox
from notifications.channels.email import message_id
from notifications.models import Message
from tests.cases.running import at, person
from tests.notifications.post_office import PostOffice, open_post_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as opened:
        yield opened


def queue(to: User, key: str, template: str = "overdue", **context: Any) -> Message:
    matter = {
        "case": "SGF-42-2570-0001",
        "title": {"th": "กลุ่มออมทรัพย์บ้านนาซ่าว", "en": "Ban Na Sao savings group"},
        "step": {"th": "ศึกษาข้อมูลหมู่บ้าน", "en": "Study village data"},
        "area": {"th": "นาซ่าว · เชียงคาน · เลย", "en": "Na Sao · Chiang Khan · Loei"},
        "due_on": "2026-11-23",
        "late_days": 3,
        "url": "/cases/SGF-42-2570-0001/",
    }
    outbox.queue(
        to=to, template=template, context={**matter, **context}, key=key, at=at("2026-11-26")
    )
    return Message.objects.get(key=key)


def test_a_message_arrives_in_thai_and_whole(office: PostOffice) -> None:
    message = queue(person("somchai", name="สมชาย ใจดี", language="th"), "rung:1:2:3")
    assert delivery.deliver_due(at=at("2026-11-26")) == 1
    (letter,) = office.letters
    assert letter["To"] == "somchai@example.org"
    assert "ศึกษาข้อมูลหมู่บ้าน" in letter["Subject"]
    assert "SGF-42-2570-0001" in letter["Subject"]
    assert letter["Message-ID"] == message_id("rung:1:2:3")
    assert letter["Date"].datetime == at("2026-11-26")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    text = letter.get_body(("plain",)).get_content()
    assert "สมชาย ใจดี" in text
    assert "นาซ่าว · เชียงคาน · เลย" in text
    assert "http://localhost:8000/cases/SGF-42-2570-0001/" in text
    message.refresh_from_db()
    assert message.sent_at
    assert (message.attempts, message.error) == (1, "")


def test_the_subject_travels_as_ascii(office: PostOffice) -> None:
    queue(person("somchai", language="th"), "a")
    delivery.deliver_due(at=at("2026-11-26"))
    raw = office.letters[0].as_bytes().split(b"\n\n")[0]
    assert raw.isascii()
    assert b"=?utf-8?" in raw.lower()


def test_a_refused_address_keeps_its_error_and_holds_up_no_other(office: PostOffice) -> None:
    office.refused = {"second@example.org"}
    first, second, third = (queue(person(n), n) for n in ("first", "second", "third"))
    assert delivery.deliver_due(at=at("2026-11-26")) == 2
    assert [letter["To"] for letter in office.letters] == ["first@example.org", "third@example.org"]
    second.refresh_from_db()
    assert "550" in second.error
    assert "no such mailbox" in second.error
    assert second.sent_at is None
    assert delivery.deliver_due(at=at("2026-11-26")) == 0  # it waits
    assert timedelta(0) < second.try_at - timezone.now() <= 1.2 * delivery.WAITS[0]
    for sent in (first, third):
        sent.refresh_from_db()
        assert sent.sent_at


def test_waits_grow_and_in_the_end_it_is_given_up(office: PostOffice) -> None:
    office.refused = {"gone@example.org"}
    message = queue(person("gone"), "a")
    waits = []
    for _ in range(50):
        delivery.deliver_due(at=at("2026-11-26"))
        message.refresh_from_db()
        if message.given_up_at:
            break
        waits.append((message.try_at - timezone.now()).total_seconds() / 60)
        Message.objects.update(try_at=timezone.now())
    assert len(waits) == 8
    for wait, least in zip(waits, [1, 5, 15, 60, 180, 360, 720, 1440], strict=True):
        assert least - 0.1 < wait < 1.2 * least
    assert message.attempts == 9
    assert "no such mailbox" in message.error
    office.refused = set()
    Message.objects.update(try_at=timezone.now())
    assert delivery.deliver_due(at=at("2026-11-26")) == 0


def test_a_connection_that_breaks_costs_one_message_a_retry(office: PostOffice) -> None:
    office.hangs_up = 1
    for name in ("first", "second", "third"):
        queue(person(name), name)
    assert delivery.deliver_due(at=at("2026-11-26")) == 2
    assert [letter["To"] for letter in office.letters] == [
        "second@example.org",
        "third@example.org",
    ]
    Message.objects.filter(key="first").update(try_at=timezone.now())
    assert delivery.deliver_due(at=at("2026-11-26")) == 1


def test_while_the_server_is_away_everything_waits() -> None:
    message = queue(person("first"), "a")
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=1,
    ):
        assert delivery.deliver_due(at=at("2026-11-26")) == 0
    message.refresh_from_db()
    assert "ConnectionRefusedError" in message.error
    assert message.try_at > timezone.now()
    with open_post_office() as office:
        Message.objects.update(try_at=timezone.now())
        assert delivery.deliver_due(at=at("2026-11-26")) == 1
        assert len(office.letters) == 1


@pytest.mark.parametrize(
    ("values", "reason"), [({"email": ""}, "no_address"), ({"is_active": False}, "not_active")]
)
def test_who_cannot_receive_is_given_up_with_the_reason(
    office: PostOffice, values: dict[str, Any], reason: str
) -> None:
    message = queue(person("nobody", **values), "a")
    assert delivery.deliver_due(at=at("2026-11-26")) == 0
    message.refresh_from_db()
    assert message.given_up_at
    assert message.error == reason
    assert office.letters == []


def test_no_header_can_be_smuggled_in(office: PostOffice) -> None:
    injected = "Study\r\nBcc: victim@example.org\r\n\r\nI am the body"
    queue(person("first"), "a", step={"en": injected}, case="SGF-1\nX-Evil: 1")
    queue(person("second", email="second@example.org\nBcc: victim@example.org"), "b")
    queue(person("third"), "c")
    assert delivery.deliver_due(at=at("2026-11-26")) == 2
    first, third = office.letters
    assert first["Bcc"] is None
    assert first["X-Evil"] is None
    assert "Study Bcc: victim@example.org I am the body" in first["Subject"]
    assert third["To"] == "third@example.org"
    assert "Invalid address" in Message.objects.get(key="b").error


def test_a_broken_message_holds_up_no_other(office: PostOffice) -> None:
    queue(person("first"), "a", due_on="not a date")
    queue(person("second"), "b")
    assert delivery.deliver_due(at=at("2026-11-26")) == 1
    assert "Invalid isoformat" in Message.objects.get(key="a").error


def test_a_message_whose_worker_died_is_sent_again_with_the_same_id(office: PostOffice) -> None:
    message = queue(person("first"), "a")
    delivery._claim(at("2026-11-26"), set())  # … and the worker is killed
    assert delivery.deliver_due(at=at("2026-11-26")) == 0
    Message.objects.update(try_at=timezone.now())  # its lease is over
    assert delivery.deliver_due(at=at("2026-11-26")) == 1
    message.refresh_from_db()
    assert message.attempts == 2
    assert office.letters[0]["Message-ID"] == message_id("a")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "BATCH", 2)
    keys = [f"key{n}" for n in range(30)]
    for key in keys:
        queue(person(key), key)
    together = threading.Barrier(2)

    def worker() -> None:
        together.wait()
        delivery.deliver_due(at=at("2026-11-26"))
        connection.close()

    workers = [threading.Thread(target=worker) for _ in range(2)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert sorted(letter["Message-ID"] for letter in office.letters) == sorted(
        map(message_id, keys)
    )


def test_a_key_is_queued_once(django_assert_num_queries: Any) -> None:
    to = person("first")
    queue(to, "a", late_days=1)
    with django_assert_num_queries(1):
        outbox.queue(
            to=to, template="overdue", context={"late_days": 2}, key="a", at=at("2026-11-27")
        )
    assert Message.objects.get().context["late_days"] == 1


def test_what_is_rolled_back_is_never_sent(office: PostOffice) -> None:
    with transaction.atomic():
        queue(person("first"), "a")
        transaction.set_rollback(True)
    assert delivery.deliver_due(at=at("2026-11-26")) == 0
    assert office.letters == []


def test_an_unknown_template_is_refused_when_queued() -> None:
    with pytest.raises(ValueError, match="no message template 'hello'"):
        outbox.queue(to=person("first"), template="hello", context={}, key="a", at=at("2026-11-26"))
