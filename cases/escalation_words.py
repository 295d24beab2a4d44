"""What became of a rung, in the words of its reader."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.models import Rung, RungRecord
from cases.reasons import Reason
from notifications.models import Message

# No record of the sweep: a rung whose time lay before the deadline began or was moved.
TOO_LATE_TO_TELL = "too_late_to_tell"


class Status(models.TextChoices):
    """How far telling somebody has come; the first and the last one are no rows of a table."""

    PLANNED = "PLANNED", gettext_lazy("planned")
    WAITING = "WAITING", gettext_lazy("told, not delivered yet")
    DELIVERED = "DELIVERED", gettext_lazy("delivered")
    NOT_DELIVERED = "NOT_DELIVERED", gettext_lazy("could not be delivered")
    ACKNOWLEDGED = "ACKNOWLEDGED", gettext_lazy("acknowledged")
    SKIPPED = "SKIPPED", gettext_lazy("skipped")


REASONS = {
    Reason.NOBODY_HOLDS_POST: gettext_lazy("nobody holds this post"),
    Reason.NOT_ACTIVE: gettext_lazy("the account is closed"),
    Reason.NO_ADDRESS: gettext_lazy("has no address to which a message could go"),
    Reason.IS_THE_DOER: gettext_lazy("has the work themselves, so is not told as a supervisor"),
    Reason.TOLD_ALREADY: gettext_lazy("was told at the same moment by another rung"),
    Reason.OVERTAKEN: gettext_lazy("a later rung for the same receiver was due as well"),
    Reason.END_OF_LINE: gettext_lazy("nobody was left in the line who could be told"),
    Reason.ACKNOWLEDGED: gettext_lazy("it was acknowledged, and work went on: not told again"),
    Reason.NO_WORK_SINCE: gettext_lazy("it was acknowledged, but nothing happened: told again"),
    TOO_LATE_TO_TELL: gettext_lazy("its day had passed when the deadline began or was moved"),
}

# Why a message was given up (notifications.delivery); anything else is the mail server's answer.
_GIVEN_UP = {
    "not_active": gettext_lazy("the account is closed"),
    "no_address": gettext_lazy("there is no address to which it could go"),
}


def status_of(record: RungRecord, message: Message | None) -> Status:
    """How far the telling of `record` has come; `message` is the outbox's row of its key."""
    if record.outcome != RungRecord.Outcome.FIRED:
        return Status(record.outcome)
    if message is None or message.sent_at is None:
        given_up = message is not None and message.given_up_at
        return Status.NOT_DELIVERED if given_up else Status.WAITING
    return Status.DELIVERED


def reason(code: str) -> str:
    """Why somebody was passed over; the bare code of a reason that nobody has worded."""
    return str(REASONS.get(code, code.replace("_", " ")))


def failure(error: str) -> str:
    """Why a message did not arrive, without what a mail server says of addresses and hosts."""
    if not error:
        return ""
    return str(_GIVEN_UP.get(error, gettext_lazy("the receiver's mail server did not take it")))


def offset(rung: Rung) -> str:
    """When a rung is climbed, counted from the due day."""
    if days := rung.offset_working_days:
        before = ngettext("%(n)s working day before", "%(n)s working days before", abs(days))
        after = ngettext("%(n)s working day late", "%(n)s working days late", days)
    elif days := rung.offset_days:
        before = ngettext("%(n)s day before", "%(n)s days before", abs(days))
        after = ngettext("%(n)s day late", "%(n)s days late", days)
    else:
        return _("on the due day")
    return (before if days < 0 else after) % {"n": abs(days)}
