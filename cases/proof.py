"""Proving that the audit trail is whole (DESIGN 3, handbook 8 rule 10).

Numbers without gaps, each link on the one before it, values as they were hashed, texts as they
were digested, and the head on the case, so that a cut tail shows. What no chain inside one
database can show is a person who may write everything and rewrites all of a case's events *and*
its head; against that stand the backups.
"""

import json
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from cases import chain
from cases.models.event import EventKind

BATCH = 2000  # rows a trip

# One row per event; a case without events gives one row of nulls. Whether a missing text was
# erased openly is asked only where a text is missing.
CHAINS = """
SELECT c.number, c.event_count, c.event_hash,
       e.number, e.kind, e.at, e.by_id, e.post_id, e.step, e.codes, e.text_digest,
       e.previous_hash, e.hash, t.salt, t.body,
       e.text_digest <> '' AND t.event_id IS NULL AND EXISTS (
           SELECT FROM cases_event x WHERE x.case_id = e.case_id AND x.number > e.number
           AND x.kind = %s AND x.codes @> jsonb_build_object('event', e.number))
FROM cases_case c
LEFT JOIN cases_event e ON e.case_id = c.id
LEFT JOIN cases_eventtext t ON t.event_id = e.id
WHERE c.number = %s OR %s = ''
ORDER BY c.id, e.number
"""


class Fault(models.TextChoices):
    """What can be wrong with a link, in the order in which it is asked."""

    MISSING = "MISSING", _("the event is missing")
    NOT_LINKED = "NOT_LINKED", _("it does not follow from the event before it")
    CHANGED = "CHANGED", _("its values were changed")
    TEXT_ADDED = "TEXT_ADDED", _("it has a text that was not written with it")
    TEXT_CHANGED = "TEXT_CHANGED", _("its text was changed")
    TEXT_MISSING = "TEXT_MISSING", _("its text is missing and no event says that it was erased")
    HEAD_CHANGED = "HEAD_CHANGED", _("it is the last event, but the case names another one")


@dataclass(frozen=True)
class Break:
    """The first broken link: the case's number, the event's number, what is wrong."""

    case: str
    event: int
    fault: Fault


@dataclass
class Proof:
    """What a walk over the chains has seen: how much, and the first break if there is one."""

    cases: int = 0
    events: int = 0
    broken: Break | None = None


class Link(NamedTuple):
    """One event as stored, beside its case's head."""

    case: str
    head_count: int
    head_hash: str
    number: int | None
    kind: str
    at: Any
    by: int | None
    post: int | None
    step: str
    codes: str
    text_digest: str
    previous_hash: str
    hash: str
    salt: str | None
    body: str | None
    erased: bool


def prove(case_number: str = "") -> Proof:
    """Walk every case's chain, or one case's, up to the first broken link.

    Reads one snapshot in batches over a server-side cursor: memory does not grow with the trail.
    """
    proof = Proof()
    with closing(_links(case_number)) as trail:
        for _case, links in groupby(trail, key=lambda link: link.case):
            proof.cases += 1
            proof.broken = _first_break(links, proof)
            if proof.broken:
                break
    return proof


def _links(case_number: str) -> Generator[Link]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(CHAINS, [EventKind.TEXT_ERASED, case_number, case_number])
        while rows := cursor.fetchmany(BATCH):
            yield from map(Link._make, rows)


def _first_break(links: Iterable[Link], proof: Proof) -> Break | None:
    """Judge one case's links in their order, then its head."""
    number, last_hash, link = 0, "", None
    for link in links:
        if link.number is None:
            break
        proof.events += 1
        number += 1
        if link.number != number:
            return Break(link.case, number, Fault.MISSING)
        if fault := _fault(link, number, last_hash):
            return Break(link.case, number, fault)
        last_hash = link.hash
    return _head_break(link, number, last_hash) if link else None


def _head_break(link: Link, number: int, last_hash: str) -> Break | None:
    if (link.head_count, link.head_hash) == (number, last_hash):
        return None
    if link.head_count > number and link.head_hash != last_hash:
        return Break(link.case, number + 1, Fault.MISSING)  # the tail was cut
    return Break(link.case, number, Fault.HEAD_CHANGED)


def _fault(link: Link, number: int, previous_hash: str) -> Fault | None:
    """What is wrong with a link that stands in its place, given its number and the hash before."""
    if link.previous_hash != previous_hash:
        return Fault.NOT_LINKED
    own = chain.link(
        case=link.case,
        number=number,
        kind=link.kind,
        at=link.at,
        by=link.by,
        post=link.post,
        step=link.step,
        codes=json.loads(link.codes),
        text_digest=link.text_digest,
        previous_hash=link.previous_hash,
    )
    if link.hash != own:
        return Fault.CHANGED
    return _text_fault(link)


def _text_fault(link: Link) -> Fault | None:
    if link.body is None or link.salt is None:
        return Fault.TEXT_MISSING if link.text_digest and not link.erased else None
    if not link.text_digest:
        return Fault.TEXT_ADDED
    fits = link.text_digest == chain.digest(link.salt, json.loads(link.body))
    return None if fits else Fault.TEXT_CHANGED
