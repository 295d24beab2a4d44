"""What an alarm means and what to do about it, in words; docs/operations/README.md says more."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.alarms import Kind


@dataclass(frozen=True)
class Advice:
    """What has happened, and the steps to take, in order."""

    means: Any
    steps: tuple[Any, ...]


_LOGS = _("Read the logs of worker and beat: docker compose logs worker beat")
_MEND = _("Let the ladders go on: manage.py mend_ladders")

ADVICE = {
    Kind.RUNG_MISSED: Advice(
        _("The time of these rungs is over, the ladder went on, and no record says why."),
        (_("Somebody or something has changed the database by hand: find out who."), _MEND),
    ),
    Kind.RUNG_LATE: Advice(
        _("Somebody should have been told ten minutes ago or earlier, and no sweep has done it."),
        (
            _LOGS,
            _("Look there for “cannot be climbed”: such a deadline is tried again every hour."),
            _("When nothing runs: docker compose restart worker beat"),
            _MEND,
        ),
    ),
    Kind.LADDER_STOPPED: Advice(
        _("Rungs are left, but no time is set for the next one: nobody would ever be told."),
        (_MEND, _("When it comes back, report it with the numbers of the cases.")),
    ),
    Kind.MESSAGE_MISSING: Advice(
        _("The records say that somebody was told, but the outbox has no such message."),
        (
            _("Messages have been deleted, or a backup was restored in part: find out when."),
            _("Tell the people of these cases yourself; the rungs to come will be told."),
        ),
    ),
    Kind.MESSAGE_OPEN: Advice(
        _("Somebody was to be told hours ago, and the message is still on its way."),
        (
            _("One receiver only: check the address under Office, Staff."),
            _("All of them: check the mail server and EMAIL_URL."),
            _("Nothing is lost: it is tried for two days, then it stands below."),
        ),
    ),
    Kind.OUTBOX_STILL: Advice(
        _("Messages have been due for a quarter of an hour and nobody tries to send them."),
        (_LOGS, _("When nothing runs: docker compose restart worker beat")),
    ),
    Kind.PART_STILL: Advice(
        _("No run of it has ended well for a long time."),
        (
            _LOGS,
            _("When nothing runs: docker compose restart worker beat"),
            _("When runs end with an error, it stands in the log: report it."),
        ),
    ),
    Kind.EMPTY_POST: Advice(
        _("Nobody holds this post: what should go there goes to the next post above."),
        (_("Give somebody the post, under Office, Staff; or name who is told instead."),),
    ),
    Kind.NO_ADDRESS: Advice(
        _("This person has work and no address: those above are told in their place."),
        (_("Enter an e-mail address on the person's page, or let them link LINE."),),
    ),
}
