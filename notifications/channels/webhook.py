"""Webhooks to other systems, signed by the Standard Webhooks scheme (standardwebhooks.com)."""

import json
from datetime import UTC, datetime
from types import TracebackType
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests_hardened import Config, Manager
from standardwebhooks import Webhook

from notifications.channels.sender import Refused
from notifications.models import Endpoint, Message

TIMEOUT = (3, 7)  # seconds to connect, to answer
GONE = 410
"""By which a receiver says that it wants no more (Standard Webhooks, "Webhook deliverability")."""


class Webhooks:
    """Sessions for a batch; an endpoint that cannot be reached is tried once in it."""

    def __enter__(self) -> "Webhooks":
        self._session = session()
        self._unreachable: dict[int, Exception] = {}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._session.close()

    def send(self, message: Message) -> None:
        """Post one message to its endpoint, with the message's key as webhook-id.

        Raises Refused where the endpoint is switched off or answers that it is gone, and
        requests.RequestException for every other failure.
        """
        endpoint = message.endpoint
        if endpoint is None or not endpoint.active:
            raise Refused("endpoint_off")
        if endpoint.pk in self._unreachable:
            raise self._unreachable[endpoint.pk]
        try:
            status = self._post(endpoint, message)
        except requests.RequestException as error:
            self._unreachable[endpoint.pk] = error
            raise
        if status == GONE:
            raise Refused("endpoint_gone")
        if not 200 <= status < 300:
            raise requests.HTTPError(f"{urlsplit(endpoint.url).hostname} answered {status}")

    def _post(self, endpoint: Endpoint, message: Message) -> int:
        body = json.dumps(message.context, ensure_ascii=False, separators=(",", ":"))
        headers = signed(endpoint.secret, message.key, body, datetime.now(UTC))
        with self._session.post(
            endpoint.url, data=body.encode(), headers=headers, stream=True, timeout=TIMEOUT
        ) as answer:  # what it says is not read: it may be endless
            return int(answer.status_code)


def signed(secret: str, key: str, body: str, at: datetime) -> dict[str, str]:
    """The headers of a webhook with `body`, sent at the machine's time `at`.

    `secret` is one whsec_… secret, or two with a space between while an endpoint changes over:
    then both sign, and the receiver accepts either.
    """
    signers = [Webhook(each) for each in secret.split()]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Sajja",
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signer.sign(key, at, body) for signer in signers),
    }


def session() -> requests.Session:
    """A session that follows no redirect and, outside of tests, reaches public addresses only.

    A name is resolved once and that address is connected to, so it cannot change in between.
    """
    filtered = not settings.WEBHOOKS_MAY_STAY_INSIDE
    made: requests.Session = Manager(
        Config(
            ip_filter_enable=filtered,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=TIMEOUT,
        )
    ).get_session()
    made.trust_env = False  # no proxy, no passwords from a .netrc
    return made
