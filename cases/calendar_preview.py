"""What a change of the calendar would move, before it is made: counts, and the first few."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import nsmallest

from cases import calendar, clock, running
from cases.calendar_changes import CalendarChange
from cases.recount import Chain, Move

SHOWN = 50  # of the deadlines that would move, and of each list of counts
_DISTRICT = len("TH4203")


@dataclass
class Preview:
    """How many of `running` deadlines a change would move, where, at which step and whose.

    Places are codes of districts or above, steps a procedure and its step, people keys of users
    (None: nobody has it yet). `first` are the SHOWN that are due first.
    """

    running: int = 0
    moved: int = 0
    late: int = 0
    in_time: int = 0
    places: Counter[str] = field(default_factory=Counter)
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    people: Counter[int | None] = field(default_factory=Counter)
    first: list[Move] = field(default_factory=list)


def preview(change: CalendarChange) -> Preview:
    """What `change` would move as the calendar stands; nothing is written.

    `late` deadlines become late by it, `in_time` ones are late no more.
    """
    found = Preview()
    found.first = nsmallest(SHOWN, _moves(change, found), key=lambda m: (m.row.due_on, m.row.pk))
    return found


def _moves(change: CalendarChange, found: Preview) -> Iterator[Move]:
    """Those that would move, counted on the way."""
    today = clock.today()
    chain = Chain(calendar.tables(change.country), [change], clock.now())
    before, after = chain.links
    for batch in running.batches(change.place):
        held = running.days_held(batch)
        for row in batch:
            found.running += 1
            move = chain.move(row, held.get(row.pk))
            due_on = move.due_on if move else row.due_on
            was_late = before.late_on(row.place, row.due_on, today)
            is_late = after.late_on(row.place, due_on, today)
            found.late += is_late > was_late
            found.in_time += was_late > is_late
            if move and due_on != row.due_on:
                found.moved += 1
                found.places[row.place[:_DISTRICT]] += 1
                found.steps[row.procedure, row.step] += 1
                found.people[row.owner] += 1
                yield move
