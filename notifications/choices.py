"""What people are told of, in kinds, and by which channel each person wants to hear of a kind.

What a person chose stands in `Preference`; without a row a kind comes as `Kind.default` says.
Everything but passwords shows under the bell, whatever was chosen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from notifications.models import Message, Preference

EMAIL, LINE = Message.Channel.EMAIL, Message.Channel.LINE


@dataclass(frozen=True)
class Kind:
    """Messages about which a person decides together.

    `kept` says why its e-mail cannot be switched off; "" where it can.
    """

    code: str
    title: Any
    about: Any
    templates: frozenset[str]
    default: tuple[str, ...] = (EMAIL,)
    offers: tuple[str, ...] = (EMAIL, LINE)
    kept: Any = ""

    @property
    def digest(self) -> bool:
        """Whether it is a summary of what else is told one by one."""
        return self.code in (WEEKLY, DAILY)


WEEKLY, DAILY, ACCOUNT = "weekly", "daily", "account"

KINDS = (
    Kind(
        "work",
        _("New work"),
        _("Work that has come to you or was returned, and what waits for your answer."),
        frozenset({"work_opened", "returned", "extension_asked"}),
    ),
    Kind(
        "reminders",
        _("Reminders"),
        _("Before the due day, and on it."),
        frozenset({"reminder", "due_today"}),
    ),
    Kind(
        "overdue",
        _("Your overdue work"),
        _("When work of yours is late."),
        frozenset({"overdue"}),
        kept=_("You hear of it before those above you do."),
    ),
    Kind(
        "escalations",
        _("Overdue work of others"),
        _("When work in your area is late and it is your turn to see to it."),
        frozenset({"escalated"}),
        kept=_("Somebody has to see to it, and it is your post's turn."),
    ),
    Kind(
        "decisions",
        _("Decisions and ends"),
        _("What became of your cases, and of the time that you asked for."),
        frozenset({"decided", "case_ended", "corrected", "extension_granted", "extension_refused"}),
    ),
    Kind(
        "months",
        _("Monthly reports"),
        _("A group's report is not in, or did not come for two months."),
        frozenset({"not_in", "months_missing"}),
    ),
    Kind(
        WEEKLY,
        _("Summary on Monday"),
        _("Once a week, on its first working day at 08:30: what is due, late and unclaimed."),
        frozenset({"digest_weekly"}),
    ),
    Kind(
        DAILY,
        _("Summary every day"),
        _("On every working day at 08:30."),
        frozenset({"digest_daily"}),
        default=(),
    ),
    Kind(
        ACCOUNT,
        _("Your account"),
        _("Invitations and new passwords."),
        frozenset({"invited", "password_reset"}),
        offers=(EMAIL,),
        kept=_("Its links are for you alone, and without them you cannot sign in."),
    ),
)

KIND_OF = {template: kind.code for kind in KINDS for template in kind.templates}
"""The kind of each message template."""

TEMPLATES = frozenset(KIND_OF)

DIGESTS = {WEEKLY: "digest_weekly", DAILY: "digest_daily"}
"""The template of each digest."""

ALONE = frozenset(
    {*DIGESTS.values(), *(template for template, kind in KIND_OF.items() if kind == ACCOUNT)}
)
"""Templates that never share an e-mail with another matter."""


def chosen_by(user: Any) -> dict[str, list[str]]:
    """The channels by which `user` hears of each kind; an empty list is the bell alone."""
    rows = Preference.objects.filter(user=user).values_list("kind", "channels")
    kept = dict(rows)
    return {kind.code: list(kept.get(kind.code, kind.default)) for kind in KINDS}


def choose(user: Any, wanted: Mapping[str, Iterable[str]]) -> None:
    """Keep the channels that `user` wants for each kind.

    Kinds that `wanted` leaves out stay; an e-mail that cannot be switched off stays on, and a
    channel that a kind does not offer is left out.
    """
    for kind in KINDS:
        if kind.code in wanted:
            asked = {*wanted[kind.code], *([EMAIL] if kind.kept else [])}
            channels = [str(channel) for channel in kind.offers if channel in asked]
            if tuple(channels) == kind.default:
                Preference.objects.filter(user=user, kind=kind.code).delete()
            else:
                Preference.objects.update_or_create(
                    user=user, kind=kind.code, defaults={"channels": channels}
                )


def who_want(kind: str, users: Iterable[int]) -> set[int]:
    """Of the keys `users` those of people who want messages of `kind` beside the bell."""
    asked = set(users)
    rows = dict(
        Preference.objects.filter(kind=kind, user__in=asked).values_list("user", "channels")
    )
    (default,) = (each.default for each in KINDS if each.code == kind)
    return {user for user in asked if rows.get(user, default)}
