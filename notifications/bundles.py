"""Several matters for one person that are due together go as one e-mail (DESIGN 1: never spam).

The first of them is the carrier; its key stands in `bundle` of all, its own included. From then
on they share their fate: only the carrier is claimed, the others come along, and each try has
the same Message-ID. So nothing joins an e-mail that may have arrived already.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from notifications import choices
from notifications.models import Message

MOST = 50
"""Matters in one e-mail."""

_MOST_ALONG = 1000
_OPEN = Q(sent_at__isnull=True, given_up_at__isnull=True)
_ORDER = ("escalated", "overdue", "returned", "due_today")  # what cannot wait comes first

Parcel = list[Message]
"""What goes over the wire as one; the carrier first."""


def unsent(at: datetime) -> QuerySet[Message]:
    """Messages that wait to be sent and that may be told at `at`, business time."""
    told = Q(hold_until__isnull=True) | Q(hold_until__lte=at)
    waiting = Message.objects.filter(told, _OPEN).select_related("to", "endpoint")
    return waiting.order_by("try_at", "pk")


def locked(messages: QuerySet[Message], *, skip: bool = True) -> QuerySet[Message]:
    """`messages` with a lock on each; without those that somebody else holds, if `skip`."""
    return messages.select_for_update(of=("self",), skip_locked=skip, no_key=True)


def carriers() -> Q:
    """Condition for what may be claimed by itself; also what lost its carrier."""
    carrier = Message.objects.filter(_OPEN, key=OuterRef("bundle"))
    return Q(bundle="") | Q(bundle=F("key")) | ~Q(Exists(carrier))


def parcels(claimed: list[Message], at: datetime) -> list[Parcel]:
    """The messages in `claimed`, each with all that goes along with it.

    Fresh ones take along what else waits for the same person, due or not yet: the window is over
    when the first of them is due.
    """
    groups: dict[object, Parcel] = defaultdict(list)
    for message in [*claimed, *_along(claimed, at)]:
        groups[_shared(message)].append(message)
    return [sorted(group[:MOST], key=_rank) for group in groups.values()]


def _along(claimed: list[Message], at: datetime) -> Iterator[Message]:
    """What else goes in the e-mails of `claimed`."""
    others = unsent(at).exclude(pk__in=[message.pk for message in claimed])
    people = {message.to_id for message in claimed if _fresh(message)}
    if people:
        fresh = others.filter(to__in=people, channel=Message.Channel.EMAIL, bundle="", attempts=0)
        fresh = fresh.filter(urgent=False).exclude(template__in=choices.ALONE)
        yield from locked(fresh)[:_MOST_ALONG]
    bundled = {message.bundle: message.to_id for message in claimed if message.bundle}
    if bundled:  # nobody else claims them: who holds one lets go soon
        tried = others.filter(to__in=set(bundled.values()), bundle__in=bundled)
        yield from locked(tried, skip=False)


def _shared(message: Message) -> object:
    """What the messages of one e-mail have in common."""
    if message.bundle:
        return message.bundle
    return ("person", message.to_id) if _fresh(message) else ("alone", message.pk)


def _fresh(message: Message) -> bool:
    """Whether it may still share an e-mail: never tried before, by itself or with others."""
    by_email = message.channel == Message.Channel.EMAIL and message.template not in choices.ALONE
    return by_email and not (message.bundle or message.attempts or message.urgent)


def _rank(message: Message) -> tuple[bool, int, int, int]:
    """The most urgent matter first; but a carrier that was tried stays the first."""
    place = _ORDER.index(message.template) if message.template in _ORDER else len(_ORDER)
    late = message.context.get("late_days") or 0
    return message.bundle != message.key, place, -late, message.pk
