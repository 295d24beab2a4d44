"""The digest: once a week or a day, what is late, due and unclaimed (handbook 8.9).

Monday at 08:30, or the first working day after it; daily, where wished, on working days. Each
calendar of offices has its own run, which goes on where it stopped; a message's key names person
and period, so that nobody is told twice, also after an outage.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases import calendar
from cases.deadlines import OFFICE_OPENS
from cases.models import Post, User
from cases.quiet import hold_until
from cases.summary import summary_of
from notifications import choices, outbox
from notifications.choices import DAILY, WEEKLY
from notifications.models import DigestRun

log = logging.getLogger(__name__)

CHUNK = 100  # people a transaction


@dataclass(frozen=True)
class Digest:
    """One digest of one calendar: which, of which Monday or day, up to which day it looks."""

    kind: str
    period: date
    calendar: str
    until: date

    def key(self, user: int) -> str:
        """Names the message of `user`, so that it is queued once."""
        return f"digest:{self.kind}:{self.period}:{user}"


def send_due(*, at: datetime) -> int:
    """Queue the digests that are due at `at`, business time; returns how many messages."""
    if timezone.localtime(at).time() < OFFICE_OPENS:
        return 0
    queued = 0
    for code, people in _people_by_calendar(timezone.localdate(at)).items():
        for digest in due(code, at):
            while (count := _go_on(digest, people, at)) is not None:
                queued += count
    return queued


def due(code: str, at: datetime) -> Iterator[Digest]:
    """The digests of the calendar `code` that may go out at `at`: none at night or on days off."""
    today = timezone.localdate(at)
    if hold_until(code, at) or timezone.localtime(at).time() < OFFICE_OPENS:
        return
    monday = today - timedelta(days=today.weekday())
    yield Digest(WEEKLY, monday, code, until=monday + timedelta(days=6))
    yield Digest(DAILY, today, code, until=today)


def _people_by_calendar(day: date) -> dict[str, list[int]]:
    """Who holds a post on `day`, in ascending order, by the calendar of their first post."""
    first: dict[int, str] = {}
    held = Post.objects.held_on(day).order_by("pk")
    for user, area in held.values_list("user", "area"):
        first.setdefault(user, area)
    people: dict[str, list[int]] = defaultdict(list)
    for user in sorted(first):
        people[calendar.calendar_of(first[user])].append(user)
    return people


@transaction.atomic
def _go_on(digest: Digest, people: list[int], at: datetime) -> int | None:
    """Look at the next CHUNK of `people`; how many were told, None when nobody is left.

    Whoever finds the run taken by somebody else leaves it to them.
    """
    run, _new = DigestRun.objects.get_or_create(
        kind=digest.kind, period=digest.period, calendar=digest.calendar
    )
    if run.finished or not _mine(run):
        return None
    chunk = [user for user in people if user > run.up_to][:CHUNK]
    messages = list(_messages(digest, chunk, at))
    outbox.queue_many(messages)
    run.up_to, run.finished = max(chunk, default=run.up_to), len(chunk) < CHUNK
    run.save()
    return len(messages)


def _mine(run: DigestRun) -> bool:
    """Whether this transaction has the run, as it stands in the database."""
    held = DigestRun.objects.select_for_update(skip_locked=True).filter(pk=run.pk).first()
    if held is not None:
        run.up_to, run.finished = held.up_to, held.finished
    return held is not None and not held.finished


def _messages(digest: Digest, people: Iterable[int], at: datetime) -> Iterator[outbox.Row]:
    wanted = choices.who_want(digest.kind, people)
    if digest.kind == DAILY and _first_of_week(digest):
        wanted -= choices.who_want(WEEKLY, wanted)  # the week's says it already
    for user in User.objects.filter(pk__in=wanted).order_by("pk"):
        try:
            context = _context(digest, user, at)
        except Exception:  # one broken case must not hold up the others
            log.exception("no digest can be made for user %s", user.pk)
            continue
        if context:
            yield outbox.message(
                to=user,
                template=choices.DIGESTS[digest.kind],
                context=context,
                key=digest.key(user.pk),
                at=at,
            )


def _first_of_week(digest: Digest) -> bool:
    """Whether the week's digest goes out on the same day."""
    monday = digest.period - timedelta(days=digest.period.weekday())
    before = monday - timedelta(days=1)
    return calendar.add_working_days(digest.calendar, before, 1) == digest.period


def _context(digest: Digest, user: User, at: datetime) -> dict[str, Any] | None:
    """What the message says; None where there is nothing to say."""
    sections = summary_of(user, today=timezone.localdate(at), until=digest.until)
    told = {name: section for name, section in sections.items() if section["count"]}
    return {**told, "url": "/work/"} if told else None
