"""Moves running deadlines after a change of the calendar, batch by batch (DESIGN 4).

`begin` is part of the change's own transaction, so no change is lost. A batch is one transaction
with its place among the deadlines: whoever takes over after a crash goes on behind it. Changes
that come meanwhile are counted in from the next batch on. Lock order: recounts, cases, work
items, deadlines.
"""

import logging
from collections import Counter
from datetime import timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from cases import calendar, calendar_changes, changes, clock, running
from cases.models import Case, Change, Recount, WorkItem
from cases.recount import Chain, Move
from cases.running import Running

log = logging.getLogger(__name__)

BATCH = running.BATCH
# By then every process counts with the calendar of now: what began meanwhile is looked at again.
SECOND_LOOK = timedelta(seconds=2 * calendar.STALE_SECONDS)


def begin(change: Change) -> Recount:
    """Let the running deadlines be counted anew for `change`, which is of KINDS."""
    place, _day = calendar_changes.where_and_when(change)
    return Recount.objects.create(change=change, country=place[:2])


def waiting() -> list[int]:
    """The keys of recounts that have something to do now, oldest first."""
    going = Recount.objects.filter(finished_at__isnull=True)
    return list(going.filter(_due_now()).order_by("pk").values_list("pk", flat=True))


def advance(pk: int, *, seconds: float | None = None) -> None:
    """Go on with a recount until it is through, or for about `seconds`.

    A fault is logged; what is not through is tried again later.
    """
    until = monotonic() + seconds if seconds is not None else None
    try:
        while _batch(pk) and (until is None or monotonic() < until):
            pass
    except Exception:
        log.exception("recount %s stopped, tried again later", pk)


@transaction.atomic
def _batch(pk: int) -> bool:
    """Look at the next deadlines and move them; False when there is nothing more to do now."""
    # The tables first: a change that comes between the two is undone and done again.
    country = Recount.objects.values_list("country", flat=True).get(pk=pk)
    tables = calendar.tables(country)
    pending = _pending(country)
    run = next((each for each in pending if each.pk == pk), None)
    if run is None or not Recount.objects.filter(_due_now(), pk=pk).exists():
        return False
    if run.position == 0:
        run.total = running.count()
    each = [calendar_changes.of(other.change) for other in pending]
    chain = Chain(calendar_changes.before(tables, each), each, clock.now())
    rows = running.after(run.position, BATCH)
    here = [row for row in rows if row.place.startswith(_place(run))]
    counted = _write(_locked(here, chain))
    for other in pending:
        other.moved += counted[other.change_id]
    run.seen = run.seen + len(rows)
    run.position = rows[-1].pk if rows else run.position
    if len(rows) < BATCH:
        _through(run)
    Recount.objects.bulk_update(pending, _COLUMNS)
    return len(rows) == BATCH


_COLUMNS = ["total", "seen", "position", "moved", "told", "through_at", "finished_at"]


def _pending(country: str) -> list[Recount]:
    """All recounts of the country that are not finished, locked, in the order of their changes."""
    going = Recount.objects.filter(country=country, finished_at__isnull=True)
    locked = going.select_for_update(of=("self",)).select_related("change")
    return list(locked.order_by("change_id"))


def _due_now() -> Q:
    return Q(through_at__isnull=True) | Q(made_at__lt=timezone.now() - SECOND_LOOK)


def _place(run: Recount) -> str:
    return calendar_changes.where_and_when(run.change)[0]


def _locked(rows: list[Running], chain: Chain) -> list[Move]:
    """How those of `rows` move that do, judged again once they are locked."""
    found = _moves(rows, chain)
    cases = sorted({move.row.case for move in found})
    items = [move.row.item for move in found if move.row.item]
    for model, pks in ((Case, cases), (WorkItem, items)):
        rows_of = model._default_manager.select_for_update(no_key=True).filter(pk__in=pks)
        len(rows_of.order_by("pk").values_list("pk"))  # len() to run it
    return _moves(running.locked([move.row.pk for move in found]), chain) if found else []


def _moves(rows: list[Running], chain: Chain) -> list[Move]:
    held = running.days_held(rows)
    return [move for row in rows if (move := chain.move(row, held.get(row.pk)))]


def _write(moves: list[Move]) -> Counter[int | None]:
    """Store where the deadlines and their work items are due now; how many each change moved."""
    if not moves:
        return Counter()
    told = {entries: number for number, entries in enumerate({move.entries for move in moves})}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_deadline AS deadline SET due_on = move.due_on, next_at = move.next_at, "
            "ledger = deadline.ledger || (%s::jsonb -> move.told) "
            "FROM unnest(%s::bigint[], %s::date[], %s::timestamptz[], %s::int[]) "
            "AS move(id, due_on, next_at, told) WHERE deadline.id = move.id",
            [
                f"[{', '.join(told)}]",  # many deadlines share what is told of them
                [move.row.pk for move in moves],
                [move.due_on for move in moves],
                [move.next_at for move in moves],
                [told[move.entries] for move in moves],
            ],
        )
        dated = [move for move in moves if move.by and move.row.item]
        cursor.execute(
            "UPDATE cases_workitem AS item SET due_on = move.due_on "
            "FROM unnest(%s::bigint[], %s::date[]) AS move(id, due_on) "
            "WHERE item.id = move.id AND item.closed_at IS NULL",
            [[move.row.item for move in dated], [move.due_on for move in dated]],
        )
    return Counter(pk for move in moves for pk in move.by)


def _through(run: Recount) -> None:
    """The end of the first or the second look; what was moved stands in the history."""
    if run.through_at is None:
        run.through_at, run.position = timezone.now(), 0
    else:
        run.finished_at = timezone.now()
    if run.moved > run.told:
        changes.record(
            Change.Kind.DEADLINES_MOVED,
            by=run.change.by,
            about=run.change.about,
            area=run.change.area_id,
            after={"moved": run.moved - run.told},
        )
        run.told = run.moved
