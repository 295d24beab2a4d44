"""Rungs as they are written down: in fixtures/ladders.yaml, on the pages of an office.

`parse` refuses what could never happen or would tell nobody, in words for whoever wrote it.
"""

from collections.abc import Mapping, Sequence
from datetime import time
from itertools import pairwise
from typing import Any

from cases.models import Rung
from cases.roles import Role

TEMPLATES = frozenset({"reminder", "due_today", "overdue", "escalated", "not_in"})
MOST_RUNGS = 30
MOST_DAYS = 366  # before or after the due day
MOST_TIMES = 60

_UNITS = {"working_days": "offset_working_days", "days": "offset_days"}
# What each receiver needs beside itself, and nobody else may have.
_NEEDS = {
    Rung.Receiver.ASSIGNEE: None,
    Rung.Receiver.ABOVE: "above",
    Rung.Receiver.ROLE: "role",
    Rung.Receiver.PEOPLE: "people",
}
_KEYS = {*_UNITS, "tell", "above", "role", "people", "template", "every", "times"} | {
    "urgent",
    "channel",
}
COLUMNS = (
    *("position", "offset_working_days", "offset_days", "receiver", "above", "role", "people"),
    *("template", "channel", "urgent", "repeat_working_days", "repeat_limit"),
)

Entry = Mapping[str, Any]
"""One rung: working_days or days, tell, above | role | people, template, every and times,
urgent, channel; see fixtures/ladders.yaml."""

Quiet = tuple[time, time]
"""From when to when, times of day, nobody is told what is not urgent."""


def parse(entries: Sequence[Entry], *, people: bool = False) -> list[Rung]:
    """The rungs that `entries` describe, in order, not yet saved; `people`: lists are allowed.

    Raises ValueError for an unknown word, a rung that tells nobody or that another one hides,
    a repeat that the next rung always overtakes, and for mixed units.
    """
    if not 1 <= len(entries) <= MOST_RUNGS:
        raise ValueError(f"a ladder has 1 to {MOST_RUNGS} rungs, not {len(entries)}")
    rungs = [_rung(entry, people) for entry in entries]
    if len({unit for entry in entries for unit in _UNITS if unit in entry}) > 1:
        raise ValueError("a ladder counts in working days or in calendar days, not in both")
    rungs.sort(key=offset)
    for position, rung in enumerate(rungs):
        rung.position = position
    for rung, following in pairwise(rungs):
        _refuse_hidden(rung, following)
    return rungs


def entries_of(rungs: Sequence[Rung]) -> list[dict[str, Any]]:
    """The rungs of a ladder as `parse` takes them."""
    unit = "days" if any(rung.offset_days for rung in rungs) else "working_days"
    return [{unit: offset(rung), **_entry_of(rung)} for rung in rungs]


def offset(rung: Rung) -> int:
    """Days from the due day, negative before it, in the unit of the ladder."""
    return rung.offset_working_days or rung.offset_days


def receiver_of(rung: Rung) -> tuple[Any, ...]:
    """Whom a rung names; two rungs with the same one tell the same people."""
    return rung.receiver, rung.above, rung.role, tuple(rung.people)


def same(one: Sequence[Rung], other: Sequence[Rung]) -> bool:
    """Whether two ladders have the same rungs."""
    return [_columns(rung) for rung in one] == [_columns(rung) for rung in other]


def parse_quiet(entry: Mapping[str, str] | None) -> Quiet | None:
    """Quiet hours {"from": "18:00", "to": "07:30"}, also over midnight; None for none.

    Raises ValueError for anything else.
    """
    if entry is None:
        return None
    if set(entry) != {"from", "to"} or not all(isinstance(at, str) for at in entry.values()):
        raise ValueError(f'quiet hours are {{from: "18:00", to: "07:30"}} in quotes, not {entry}')
    since, until = time.fromisoformat(entry["from"]), time.fromisoformat(entry["to"])
    if since == until:
        raise ValueError("quiet hours that begin and end at the same time are none")
    return since, until


def _entry_of(rung: Rung) -> dict[str, Any]:
    """All of `rung` but its day."""
    need = _NEEDS[Rung.Receiver(rung.receiver)]
    entry: dict[str, Any] = {"tell": str(rung.receiver), "template": rung.template}
    if need:
        entry[need] = getattr(rung, need)
    if rung.repeat_limit:
        entry |= {"every": rung.repeat_working_days, "times": rung.repeat_limit}
    if rung.urgent:
        entry["urgent"] = True
    if rung.channel != Rung.Channel.CHOICE:
        entry["channel"] = str(rung.channel)
    return entry


def _rung(entry: Entry, people_allowed: bool) -> Rung:
    if unknown := set(entry) - _KEYS:
        raise ValueError(f"a rung has no {', '.join(sorted(unknown))}: {dict(entry)}")
    units = [unit for unit in _UNITS if unit in entry]
    if len(units) != 1:
        raise ValueError(f"a rung has either working_days or days: {dict(entry)}")
    if entry.get("template") not in TEMPLATES:
        raise ValueError(f"no message of a ladder: {entry.get('template')!r}")
    receiver, named = _receiver(entry, people_allowed)
    every, times = _repeats(entry)
    if not isinstance(entry.get("urgent", False), bool):
        raise ValueError(f"urgent is true or false: {dict(entry)}")
    return Rung(
        **{_UNITS[units[0]]: _number(entry, units[0], -MOST_DAYS, MOST_DAYS)},
        receiver=receiver,
        **named,
        template=entry["template"],
        channel=Rung.Channel(entry.get("channel", Rung.Channel.CHOICE)),
        urgent=entry.get("urgent", False),
        repeat_working_days=every,
        repeat_limit=times,
    )


def _receiver(entry: Entry, people_allowed: bool) -> tuple[Rung.Receiver, dict[str, Any]]:
    """Who is told, and which one, how many above, or whom by name."""
    receiver = Rung.Receiver(entry.get("tell", ""))
    need = _NEEDS[receiver]
    if too_much := {"above", "role", "people"} & set(entry) - {need}:
        raise ValueError(f"{receiver.value} takes no {', '.join(sorted(too_much))}: {dict(entry)}")
    if need is None:
        return receiver, {}
    if need not in entry:
        raise ValueError(f"{receiver.value} needs {need}: {dict(entry)}")
    if need == "above":
        return receiver, {need: _number(entry, need, 1, 9)}
    if need == "role":
        return receiver, {need: Role(entry[need]).value}
    if not people_allowed:
        raise ValueError("people are listed in the ladder of an area only, which knows them")
    people = entry[need]
    if not isinstance(people, list) or not people or not all(type(pk) is int for pk in people):
        raise ValueError(f"people are a list of keys of users: {dict(entry)}")
    return receiver, {need: sorted(set(people))}


def _repeats(entry: Entry) -> tuple[int, int]:
    if ("every" in entry) != ("times" in entry):
        raise ValueError(f"a repeat has both every (working days) and times: {dict(entry)}")
    if "every" not in entry:
        return 0, 0
    return _number(entry, "every", 1, MOST_DAYS), _number(entry, "times", 1, MOST_TIMES)


def _number(entry: Entry, name: str, least: int, most: int) -> int:
    value = entry[name]
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{name} is a whole number from {least} to {most}: {dict(entry)}")
    return value


def _refuse_hidden(rung: Rung, following: Rung) -> None:
    """The next rung ends the repeats of the one before it; the same receiver hears once a day."""
    apart = offset(following) - offset(rung)
    if apart == 0 and receiver_of(rung) == receiver_of(following):
        raise ValueError(f"two rungs tell the same people on the same day: {offset(rung)}")
    working = following.offset_days == rung.offset_days == 0
    if rung.repeat_limit and (apart == 0 or (working and apart <= rung.repeat_working_days)):
        raise ValueError(
            f"the rung of day {offset(rung)} is never told again: the next one comes before that"
        )


def _columns(rung: Rung) -> list[Any]:
    return [getattr(rung, name) for name in COLUMNS]
