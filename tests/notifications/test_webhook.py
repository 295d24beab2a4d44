"""Webhooks over real HTTP: signed so that the scheme's own library verifies, kept inside bounds."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from notifications import delivery, endpoints, outbox
from notifications.channels import webhook
from notifications.models import Endpoint, Message
from tests.cases.running import at
from tests.notifications.web_server import Sent, WebServer, open_web_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> Iterator[WebServer]:
    with open_web_server() as opened, override_settings(WEBHOOKS_MAY_STAY_INSIDE=True):
        yield opened


def endpoint(url: str, **values: Any) -> Endpoint:
    made = {"area_code": "TH42", "name": "จังหวัด", "secret": endpoints.new_secret()}
    return Endpoint.objects.create(url=url, **{**made, **values})


def queue(to: Endpoint, about: str = "7") -> Message:
    row = endpoints.message(to, "case.decided", {"case": "SGF-1"}, about=about, at=at("2026-11-26"))
    outbox.queue_many([row])
    return Message.objects.get(key=f"webhook:{about}:{to.pk}")


def again(message: Message) -> Message:
    Message.objects.filter(pk=message.pk).update(try_at=timezone.now())
    delivery.deliver_due(at=timezone.now())
    message.refresh_from_db()
    return message


def verified(sent: Sent, secret: str) -> Any:
    return Webhook(secret).verify(sent.body, sent.headers)


def test_it_arrives_signed_with_its_key_and_says_what_happened(other: WebServer) -> None:
    to = endpoint(f"{other.url}/hook")
    assert again(queue(to)).sent_at
    (sent,) = other.requests
    assert sent.path == "/hook"
    assert sent.headers["webhook-id"] == f"webhook:7:{to.pk}"
    assert sent.headers["content-type"] == "application/json"
    assert verified(sent, to.secret) == {
        "type": "case.decided",
        "timestamp": at("2026-11-26").isoformat(),
        "data": {"case": "SGF-1"},
    }
    with pytest.raises(WebhookVerificationError):
        verified(sent, endpoints.new_secret())


def test_while_a_secret_changes_over_both_verify(other: WebServer) -> None:
    to = endpoint(other.url)
    before = to.secret
    after = endpoints.rotate(to)
    again(queue(to, "1"))
    assert verified(other.requests[0], before) == verified(other.requests[0], after)
    twice = endpoints.rotate(to)
    endpoints.settle(to)
    again(queue(to, "2"))
    assert verified(other.requests[1], twice)
    for old in (before, after):
        with pytest.raises(WebhookVerificationError):
            verified(other.requests[1], old)
    to.refresh_from_db()
    assert to.secret == twice


@pytest.mark.parametrize("answer", [301, 302, 400, 404, 429, 500])
def test_any_other_answer_is_tried_again_under_the_same_id(other: WebServer, answer: int) -> None:
    other.answers = [answer]
    message = again(queue(endpoint(other.url)))
    assert message.given_up_at is None
    assert str(answer) in message.error
    assert again(message).sent_at
    assert len({sent.headers["webhook-id"] for sent in other.requests}) == 1
    assert len(other.requests) == 2


def test_no_redirect_is_followed(other: WebServer) -> None:
    other.answers, other.location = [302, 302], f"{other.url}/elsewhere"
    again(queue(endpoint(f"{other.url}/hook")))
    assert [sent.path for sent in other.requests] == ["/hook"]


def test_who_is_gone_or_switched_off_hears_nothing_more(other: WebServer) -> None:
    other.answers = [410]
    gone = again(queue(endpoint(other.url)))
    assert gone.given_up_at
    assert gone.error == "endpoint_gone"
    off = again(queue(endpoint(other.url, active=False)))
    assert off.given_up_at
    assert off.error == "endpoint_off"
    assert len(other.requests) == 1


def test_an_endpoint_that_cannot_be_reached_is_tried_once_a_batch(
    other: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = endpoint("http://127.0.0.1:1/")
    rows = [queue(dead, str(number)) for number in range(5)]
    reached = queue(endpoint(other.url), "x")
    tried: list[int] = []
    post = webhook.Webhooks._post
    monkeypatch.setattr(
        webhook.Webhooks, "_post", lambda self, to, m: tried.append(to.pk) or post(self, to, m)
    )
    assert delivery.deliver_due(at=timezone.now()) == 1
    reached.refresh_from_db()
    assert reached.sent_at
    assert tried.count(dead.pk) == 1
    for row in rows:
        row.refresh_from_db()
        assert row.given_up_at is None
        assert "Connection" in row.error


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://0.0.0.0:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/",
        "https://192.168.1.1/",
    ],
)
def test_outside_of_tests_no_address_inside_is_reached(other: WebServer, url: str) -> None:
    port = other.url.rpartition(":")[2]
    message = queue(endpoint(url.format(port=port)))
    with override_settings(WEBHOOKS_MAY_STAY_INSIDE=False):
        again(message)
    assert message.sent_at is None
    assert "InvalidIPAddress" in message.error
    assert other.requests == []


def test_a_name_that_changes_its_address_after_the_check_is_not_followed(
    other: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when it is checked, inside when it would be connected to."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, port: Any, *rest: Any, **named: Any) -> Any:
        if host != "rebind.example":
            return real(host, port, *rest, **named)
        asked.append(host)
        address = "192.0.2.1" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, int(port or 80)))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr("requests_hardened.ip_filter.ipaddress.IPv4Address.is_private", False)
    monkeypatch.setattr(webhook, "TIMEOUT", (0.2, 0.2))
    port = other.url.rpartition(":")[2]
    with (
        override_settings(WEBHOOKS_MAY_STAY_INSIDE=False),
        webhook.session() as session,
        pytest.raises(requests.RequestException),
    ):
        session.post(f"http://rebind.example:{port}/", timeout=(0.2, 0.2))
    assert asked == ["rebind.example"]
    assert other.requests == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_changed_on_the_way_no_longer_verifies(said: str, other_text: str) -> None:
    secret = endpoints.new_secret()
    headers = webhook.signed(secret, "webhook:1:2", f'{{"a":{said!r}}}', timezone.now())
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(f'{{"b":{other_text!r}}}', headers)


def test_what_is_rolled_back_is_never_queued(other: WebServer) -> None:
    to = endpoint(other.url)
    with transaction.atomic():
        queue(to)
        transaction.set_rollback(True)
    assert delivery.deliver_due(at=timezone.now()) == 0
    assert other.requests == []
