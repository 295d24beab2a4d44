"""LINE, by the official SDK of its Messaging API (https://developers.line.biz/en/reference/).

The SDK takes a second and some 50 MB to import: only a worker that sends to LINE pays for it.
"""

import uuid
from types import TracebackType
from typing import Any

from django.conf import settings

from notifications.channels.sender import Refused
from notifications.models import LineAccount, Message
from notifications.wording import worded

TIMEOUT = (3, 7)  # seconds to connect, to answer
MOST_UNITS = 5000  # of UTF-16, in one text message (Messaging API, text message)
_KEYS = uuid.UUID("5b0f8c5e-6b0d-5a55-9d5c-1f6d0f7e2c41")  # the space of our retry keys

TAKEN_ALREADY = 409
"""LINE has accepted a message with this retry key before: the crash came after the sending."""

OURS_TO_MEND = frozenset({401, 403, 408, 429})
"""Answers that say nothing against the message: no valid token, too much at once. Tried later."""


class Line:
    """One connection to LINE for a batch."""

    def __enter__(self) -> "Line":
        self._client = api_client()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._client.close()

    def send(self, message: Message) -> None:
        """Push one message to its receiver's LINE account.

        Raises Refused where the person has linked none (any more) or LINE refuses the message.
        """
        from linebot.v3.messaging import MessagingApi, PushMessageRequest, TextMessage
        from linebot.v3.messaging.exceptions import ApiException

        account = LineAccount.objects.filter(user=message.to, line_id__isnull=False).first()
        if account is None:
            raise Refused("line_not_linked")
        text = TextMessage(text=fitting(worded(message).text), quickReply=None, quoteToken=None)
        request = PushMessageRequest(to=account.line_id, messages=[text])
        try:
            MessagingApi(self._client).push_message(
                request, x_line_retry_key=retry_key(message.key), _request_timeout=TIMEOUT
            )
        except ApiException as answer:
            if answer.status == TAKEN_ALREADY:
                return
            if 400 <= (answer.status or 0) < 500 and answer.status not in OURS_TO_MEND:
                raise Refused(f"LINE {answer.status}: {answer.body}") from answer
            raise


def api_client() -> Any:
    """A client of the Messaging API; raises RuntimeError where no token is set."""
    if not settings.LINE_CHANNEL_TOKEN:
        raise RuntimeError("LINE_CHANNEL_TOKEN is not set")
    from linebot.v3.messaging import ApiClient, Configuration

    configuration = Configuration(
        host=settings.LINE_API_URL, access_token=settings.LINE_CHANNEL_TOKEN
    )
    configuration.retries = False  # delivery itself tries again, with growing waits
    return ApiClient(configuration)


def retry_key(key: str) -> str:
    """The X-Line-Retry-Key of the message with `key`: the same at each try."""
    return str(uuid.uuid5(_KEYS, key))


def fitting(text: str) -> str:
    """`text` as long as LINE takes it; the end, where the links stand, is kept."""
    if len(text.encode("utf-16-le")) // 2 <= MOST_UNITS:
        return text
    cut = MOST_UNITS // 4 - 1  # a character takes two units at most
    return f"{text[:cut]}\n…\n{text[-cut:]}"


def reply(token: str, text: str) -> None:
    """Answer somebody who wrote to the office's account; raises what the SDK raises."""
    from linebot.v3.messaging import MessagingApi, ReplyMessageRequest, TextMessage

    said = TextMessage(text=text, quickReply=None, quoteToken=None)
    request = ReplyMessageRequest(replyToken=token, messages=[said])
    with api_client() as client:
        MessagingApi(client).reply_message(request, _request_timeout=TIMEOUT)
