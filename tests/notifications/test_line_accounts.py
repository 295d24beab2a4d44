"""Linking one's LINE account by a code: what LINE tells us is believed only when it signed it."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cases.models import User
from notifications import line_accounts
from notifications.models import LineAccount
from tests.cases.running import person
from tests.notifications.web_server import WebServer, open_line

pytestmark = pytest.mark.django_db
URL = "/line/webhook/"


@pytest.fixture
def api() -> Iterator[WebServer]:
    with open_line() as opened:
        yield opened


def signature(body: bytes, key: bytes = b"secret") -> str:
    return base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()


def wrote(text: str, line_id: str = "U1", **event: Any) -> bytes:
    """A webhook as LINE sends it: somebody wrote `text`."""
    said = {
        "type": "message",
        "mode": "active",
        "timestamp": 1,
        "webhookEventId": "E1",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "R1",
        "source": {"type": "user", "userId": line_id},
        "message": {"type": "text", "id": "1", "quoteToken": "q", "text": text},
    }
    return json.dumps({"destination": "O", "events": [said | event]}).encode()


def deliver(body: bytes, signed: str | None = None) -> int:
    headers = {"X-Line-Signature": signature(body) if signed is None else signed}
    return Client().post(URL, body, content_type="application/json", headers=headers).status_code


def linked() -> dict[str, str]:
    accounts = LineAccount.objects.filter(line_id__isnull=False).select_related("user")
    return {account.user.username: account.line_id or "" for account in accounts}


def code_of(user: User) -> str:
    """The code as the person reads it on the page."""
    client = Client()
    client.force_login(user)
    page = client.post("/accounts/line/", {"ask": "1"}, follow=True).content.decode()
    found = re.search(r"data-code>(\w+)<", page)
    assert found is not None
    again = client.get("/accounts/line/").content.decode()
    assert found[1] not in again, "shown once"
    return found[1]


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\n", "lower", "apart"])
def test_a_code_links_once_and_the_answer_says_so(api: WebServer, typed: str) -> None:
    user = person("somchai", name="สมชาย ใจดี", language="th")
    code = code_of(user)
    ways = {"lower": code.lower(), "apart": f"{code[:4]} - {code[4:]}"}
    assert deliver(wrote(ways.get(typed, typed.format(code)))) == 200
    assert linked() == {"somchai": "U1"}
    (sent,) = api.requests
    assert sent.path == "/v2/bot/message/reply"
    assert sent.json["replyToken"] == "R1"
    assert "สมชาย ใจดี" in sent.json["messages"][0]["text"]
    deliver(wrote(code, "U2"))
    assert linked() == {"somchai": "U1"}, "a code counts once"


def test_only_the_digest_of_a_code_is_kept(api: WebServer) -> None:
    code = code_of(person("somchai"))
    kept = LineAccount.objects.get()
    assert code not in str(LineAccount.objects.values().get())
    assert len(kept.code_hash) == 64
    assert len(code) == 8


def test_a_code_that_is_old_replaced_or_of_a_closed_account_links_nobody(api: WebServer) -> None:
    user = person("somchai")
    old = code_of(user)
    replaced = line_accounts.ask(user)
    deliver(wrote(old))
    LineAccount.objects.update(code_expires_at=timezone.now() - timedelta(seconds=1))
    deliver(wrote(replaced))
    closed = line_accounts.ask(user)
    User.objects.update(is_active=False)
    deliver(wrote(closed))
    assert linked() == {}
    assert len(api.requests) == 3, "each time an answer says what to do"


def test_an_account_goes_to_the_one_who_links_it_last(api: WebServer) -> None:
    first, second = person("first"), person("second")
    deliver(wrote(code_of(first)))
    deliver(wrote(code_of(second)))
    assert linked() == {"second": "U1"}


def test_who_blocks_the_office_is_unlinked(api: WebServer) -> None:
    deliver(wrote(code_of(person("somchai"))))
    assert deliver(wrote("", type="unfollow")) == 200
    assert linked() == {}


def test_in_a_group_nobody_is_linked_and_nothing_is_said(api: WebServer) -> None:
    code = code_of(person("somchai"))
    deliver(wrote(code, source={"type": "group", "groupId": "G", "userId": "U1"}))
    assert (linked(), api.requests) == ({}, [])


def test_it_is_linked_although_the_answer_does_not_get_through(api: WebServer) -> None:
    api.answers = [500]
    assert deliver(wrote(code_of(person("somchai")))) == 200
    assert linked() == {"somchai": "U1"}


@given(st.text(max_size=60))
def test_nothing_counts_that_line_did_not_sign(signed: str) -> None:
    with override_settings(LINE_CHANNEL_SECRET="secret"):
        body = wrote("ABCD2345")
        assert deliver(body, "".join(sign for sign in signed if " " <= sign <= "~")) == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{}", 400),
        (b"\xff", 400),
        (b'{"events": null}', 400),
        (b'{"events": []}', 200),
        (wrote("x", type="new-thing"), 200),
        (b'{"events": []}' + b" " * 300_000, 413),
    ],
)
def test_what_is_no_webhook_is_refused_and_news_of_line_are_let_pass(
    api: WebServer, body: bytes, status: int
) -> None:
    assert deliver(body) == status


def test_where_no_secret_is_set_there_is_nothing() -> None:
    with override_settings(LINE_CHANNEL_SECRET=""):
        assert deliver(wrote("x"), signature(wrote("x"), b"")) == 404


def test_one_unlinks_oneself(api: WebServer) -> None:
    user = person("somchai")
    deliver(wrote(code_of(user)))
    client = Client()
    client.force_login(user)
    assert b'name="unlink"' in client.get("/accounts/line/").content
    client.post("/accounts/line/", {"unlink": "1"})
    assert linked() == {}
