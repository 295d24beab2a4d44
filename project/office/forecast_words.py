"""A dry run as its page shows it: totals, each person, each day, who is passed over, the lines."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cases import contents, escalation_words
from cases.forecast import Comparison, Line
from cases.models import User
from cases.reasons import Reason
from cases.roles import Role
from project.office import ladder_words

MOST_LINES, MOST_PEOPLE, MOST_GAPS = 50, 100, 20
_GAPS = (Reason.NOBODY_HOLDS_POST, Reason.NO_ADDRESS, Reason.NOT_ACTIVE, Reason.END_OF_LINE)


def shown(comparison: Comparison) -> dict[str, Any]:
    """The dry run as the template takes it; one query for the people."""
    now, then = _told(comparison.now), _told(comparison.then)
    people = _people([*comparison.now, *comparison.then])
    per_person = _beside(_per_person(now), _per_person(then))
    heads = [
        {"name": str(people.get(pk, pk)), **row, "busiest": _busiest(then).get(pk, 0)}
        for pk, row in sorted(per_person.items(), key=_most_changed)
    ]
    days = _beside(Counter(line.day for line in now), Counter(line.day for line in then))
    return {
        "comparison": comparison,
        "total": {"now": len(now), "then": len(then), "more": _signed(len(then) - len(now))},
        "people": heads[:MOST_PEOPLE],
        "more_people": max(len(heads) - MOST_PEOPLE, 0),
        "days": [{"day": day, **row} for day, row in sorted(days.items())],
        "gaps": _gaps(comparison.then, people),
        "lines": [
            (_("Under the new ladder"), _lines(comparison.then, people)),
            (_("Under the present ladder"), _lines(comparison.now, people)),
        ],
        "most_lines": MOST_LINES,
    }


def _told(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.is_told]


def _people(lines: Iterable[Line]) -> dict[int, User]:
    return User.objects.in_bulk({line.record["receiver_id"] for line in lines} - {None})


def _per_person(told: Iterable[Line]) -> Counter[int | None]:
    return Counter(line.record["receiver_id"] for line in told)


def _busiest(told: Iterable[Line]) -> dict[int | None, int]:
    """The most messages that each person gets on one day."""
    most: dict[int | None, int] = {}
    for (pk, _day), number in Counter((ln.record["receiver_id"], ln.day) for ln in told).items():
        most[pk] = max(number, most.get(pk, 0))
    return most


def _beside(now: Counter[Any], then: Counter[Any]) -> dict[Any, dict[str, Any]]:
    """Both counts of each key, and the difference in writing."""
    return {
        key: {"now": now[key], "then": then[key], "more": _signed(then[key] - now[key])}
        for key in now | then
    }


def _most_changed(item: tuple[Any, dict[str, Any]]) -> tuple[int, int]:
    _pk, row = item
    return -abs(row["then"] - row["now"]), -row["then"]


def _signed(number: int) -> str:
    return f"{number:+}".replace("-", "−") if number else "0"


def _gaps(lines: Iterable[Line], people: dict[int, User]) -> list[dict[str, Any]]:
    """Posts and people that are passed over, the most frequent first."""
    passed = [line.record for line in lines if line.record["reason"] in _GAPS and not line.is_told]
    times = Counter((each["reason"], each["role"], each["receiver_id"]) for each in passed)
    return [
        {
            "who": _who(role, receiver, people),
            "why": _why(reason),
            "times": number,
        }
        for (reason, role, receiver), number in times.most_common(MOST_GAPS)
    ]


def _lines(lines: Sequence[Line], people: dict[int, User]) -> list[dict[str, Any]]:
    """The first lines with their cases."""
    return [
        {
            "at": line.at,
            "number": line.subject.number,
            "step": contents.pick(contents.step_texts(line.subject, line.subject.step)),
            "message": ladder_words.message(line.rung.template)
            if line.is_told
            else _why(line.record["reason"]),
            "who": _who(line.record["role"], line.record["receiver_id"], people),
            "passed_up": line.passed_up,
        }
        for line in lines[:MOST_LINES]
    ]


def _why(reason: str) -> str:
    """Why somebody is passed over; of a level with other holders the next one above is not told."""
    if reason == Reason.NOBODY_HOLDS_POST:
        return _("nobody holds this post")
    return escalation_words.reason(reason)


def _who(role: str, receiver: int | None, people: dict[int, User]) -> str:
    """The person, else the post that nobody holds."""
    if receiver in people:
        return str(people[receiver])
    return str(Role(role).label) if role in Role.values else ""
