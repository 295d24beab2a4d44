"""E-mail by a provider instead of a mail server: chosen by name and keys in the environment."""

import os
import subprocess
import sys
from typing import Any

import pytest
import requests
from django.test import override_settings
from django.utils.module_loading import import_string

from notifications import delivery
from tests.cases.running import at, person
from tests.notifications.test_delivery import queue

PROVIDERS = (
    *("brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill", "postal"),
    *("postmark", "resend", "scaleway", "sendgrid", "sparkpost", "unisender_go"),
)
"""Those that docs/operations names: they need no package beside django-anymail."""


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_is_there(provider: str) -> None:
    import_string(f"anymail.backends.{provider}.EmailBackend")


def test_name_and_keys_come_from_the_environment() -> None:
    code = (
        "from project import settings as s;"
        "print(s.EMAIL_BACKEND, s.ANYMAIL['POSTMARK_SERVER_TOKEN'], s.ANYMAIL['REQUESTS_TIMEOUT'])"
    )
    given = {
        "SAJJA_DEMO": "0",
        "EMAIL_PROVIDER": "postmark",
        "ANYMAIL_POSTMARK_SERVER_TOKEN": "token",
        "SECRET_KEY": "x",
        "DATABASE_URL": "postgres://localhost/none",
        "REDIS_URL": "redis://localhost",
    }
    made = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.split() == ["anymail.backends.postmark.EmailBackend", "token", "10"]


@pytest.mark.django_db
def test_what_a_provider_refuses_stays_with_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider's answer is made up, all else is the real backend."""
    asked: list[Any] = []

    def answer(_self: Any, **request: Any) -> requests.Response:
        asked.append(request)
        response = requests.Response()
        response.status_code = 401
        response._content = b'{"ErrorCode": 10, "Message": "Bad or missing Server API token."}'
        return response

    monkeypatch.setattr(requests.Session, "request", answer)
    message = queue(person("first"), "a")
    with override_settings(
        EMAIL_BACKEND="anymail.backends.postmark.EmailBackend",
        ANYMAIL={"POSTMARK_SERVER_TOKEN": "wrong"},
    ):
        assert delivery.deliver_due(at=at("2026-11-26")) == 0
    message.refresh_from_db()
    assert "Bad or missing Server API token" in message.error
    assert (message.sent_at, len(asked)) == (None, 1)
