"""The ways out of the outbox, each by its code in `Message.Channel`; the bell needs none."""

from collections.abc import Callable

from notifications.channels.email import Mailer
from notifications.channels.line import Line
from notifications.channels.sender import Sender
from notifications.channels.webhook import Webhooks

SENDERS: dict[str, Callable[[], Sender]] = {"EMAIL": Mailer, "LINE": Line, "WEBHOOK": Webhooks}
