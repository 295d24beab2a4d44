"""LINE over real HTTP: one retry key for all tries, and its answers taken for what they are."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.utils import timezone

from cases.models import User
from notifications import delivery
from notifications.channels import line
from notifications.models import LineAccount, Message
from tests.cases.running import person
from tests.notifications.post_office import open_post_office
from tests.notifications.test_delivery import queue
from tests.notifications.web_server import WebServer, open_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Iterator[WebServer]:
    with open_line() as opened:
        yield opened


def linked(name: str = "somchai") -> User:
    user = person(name, name="สมชาย ใจดี", language="th")
    LineAccount.objects.create(user=user, line_id=f"U{name}", linked_at=timezone.now())
    return user


def by_line(to: User, key: str = "rung:1:2:3") -> Message:
    message = queue(to, key)
    Message.objects.filter(pk=message.pk).update(channel="LINE")
    return message


def again(message: Message) -> Message:
    """Its wait is over."""
    Message.objects.filter(pk=message.pk).update(try_at=timezone.now())
    delivery.deliver_due(at=timezone.now())
    message.refresh_from_db()
    return message


def test_a_message_is_pushed_in_thai_to_the_linked_account(api: WebServer) -> None:
    message = again(by_line(linked()))
    assert message.sent_at
    (sent,) = api.requests
    assert sent.path == "/v2/bot/message/push"
    assert sent.headers["authorization"] == "Bearer token"
    assert sent.json["to"] == "Usomchai"
    (said,) = sent.json["messages"]
    assert said["type"] == "text"
    assert "ศึกษาข้อมูลหมู่บ้าน" in said["text"]
    assert "http://localhost:8000/cases/SGF-42-2570-0001/" in said["text"]


@pytest.mark.parametrize("answer", [429, 500, 503, 401])
def test_what_passes_is_tried_again_with_the_same_key(api: WebServer, answer: int) -> None:
    api.answers = [answer]
    message = again(by_line(linked()))
    assert message.sent_at is None
    assert message.given_up_at is None
    assert str(answer) in message.error
    assert message.try_at > timezone.now()
    assert again(message).sent_at
    keys = {sent.headers["x-line-retry-key"] for sent in api.requests}
    assert keys == {line.retry_key("rung:1:2:3")}
    assert len(api.requests) == 2


def test_what_line_has_already_is_sent(api: WebServer) -> None:
    message = again(by_line(linked()))
    Message.objects.filter(pk=message.pk).update(sent_at=None)  # killed before it was noted
    assert again(message).sent_at
    assert len(api.requests) == 2


@pytest.mark.parametrize("answer", [400, 404, 413])
def test_what_line_refuses_is_given_up_with_what_it_said(api: WebServer, answer: int) -> None:
    api.answers = [answer]
    user = linked()
    message = by_line(user)
    User.objects.filter(pk=user.pk).update(email="")
    message = again(message)
    assert message.given_up_at
    assert f"LINE {answer}" in message.error
    assert "as told" in message.error


def test_who_has_no_line_account_and_no_address_is_given_up(api: WebServer) -> None:
    message = again(by_line(person("nobody", email="")))
    assert (message.error, api.requests) == ("line_not_linked", [])
    assert message.given_up_at


def test_whom_line_does_not_reach_any_more_is_told_by_e_mail(api: WebServer) -> None:
    api.answers = [400]
    message, unlinked = by_line(linked()), by_line(person("left"), "b")
    with open_post_office() as office:
        again(message)
        again(unlinked)
        assert {again(each).channel for each in (message, unlinked)} == {"EMAIL"}
    assert {letter["To"] for letter in office.letters} == {
        "somchai@example.org",
        "left@example.org",
    }


def test_without_a_token_it_waits_and_holds_up_no_e_mail() -> None:
    waiting, other = by_line(linked()), queue(person("first"), "a")
    with override_settings(LINE_CHANNEL_TOKEN=""):
        assert delivery.deliver_due(at=timezone.now()) == 1
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert other.sent_at
    assert waiting.given_up_at is None
    assert "LINE_CHANNEL_TOKEN" in waiting.error


@pytest.mark.parametrize("length", [1, 5000, 5001, 40_000])
def test_a_text_is_cut_to_what_line_takes_and_keeps_its_end(length: int) -> None:
    text = "😀" * (length - 1) + "ท"
    cut = line.fitting(text)
    assert len(cut.encode("utf-16-le")) // 2 <= line.MOST_UNITS
    assert cut[-1] == "ท"
    assert (cut == text) == (2 * length - 1 <= line.MOST_UNITS)


def test_two_keys_make_two_retry_keys() -> None:
    assert line.retry_key("rung:1:2:3") == line.retry_key("rung:1:2:3") != line.retry_key("a")
