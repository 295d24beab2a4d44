"""E-mail, through whatever Django's mail settings name."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from email.utils import format_datetime
from types import TracebackType
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.channels.sender import Refused
from notifications.models import Message
from notifications.wording import Wording, together, worded


class Mailer:
    """One connection to the mail server for a batch; opens it, and closes it in the end."""

    def __enter__(self) -> "Mailer":
        self._connection = get_connection()
        self._connection.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._close()

    def send(self, message: Message) -> None:
        """Send one message; raises what the server or the mail library raises.

        Raises Refused where the receiver has no address.
        After a failure the next message gets a new connection, whatever state this one is in.
        """
        if not message.receiver.email:
            raise Refused("no_address")
        self._hand_over(compose(message, worded(message)))

    def send_together(self, messages: Sequence[Message], words: Sequence[Wording]) -> None:
        """Send several matters for one person as one e-mail, as `send`; the carrier first."""
        if not messages[0].receiver.email:
            raise Refused("no_address")
        self._hand_over(compose(messages[0], together(messages[0].receiver, words)))

    def _hand_over(self, email: EmailMultiAlternatives) -> None:
        try:
            self._connection.send_messages([email])
        except BaseException:
            self._close()
            raise

    def _close(self) -> None:
        with suppress(OSError):  # the server may be gone already; SMTPException is an OSError
            self._connection.close()


def compose(message: Message, words: Wording) -> EmailMultiAlternatives:
    """`message` as an e-mail that says `words`: text and HTML, in the receiver's language.

    The Message-ID follows from the key and the date is that of the matter: when a crash makes
    us send twice, the receiver's mailbox sees the same message and keeps one.
    """
    email = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        to=[message.receiver.email],
        headers={
            "Message-ID": message_id(message.key),
            "Date": format_datetime(message.hold_until or message.queued_at),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office replies
            "Content-Language": words.language,
        },
    )
    email.attach_alternative(words.html, "text/html")
    return email


def message_id(key: str) -> str:
    """The Message-ID of the message with `key`: the same at each try."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.BASE_URL).hostname}>"
