"""A real SMTP server on this machine that keeps what it takes and refuses what it is told to."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings


class PostOffice:
    """An aiosmtpd handler: `letters` in the order of arrival."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.hangs_up = 0  # on how many messages to break the connection instead of an answer

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.hangs_up:
            self.hangs_up -= 1
            server.transport.abort()
            return "451 gone"
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Run the server on a free port, with Django's mail settings pointing at it."""
    office, port = PostOffice(), _free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        backend = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
            yield office
    finally:
        controller.stop()


def _free_port() -> int:
    """aiosmtpd cannot be asked to choose a port itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
