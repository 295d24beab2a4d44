"""A dry run as its page shows it: totals, each person, each day, who is passed over, the lines."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cases import contents, escalation_words
from cases.forecast import FIRST, Comparison, Forecast, Line
from cases.models import User
from cases.reasons import Reason
from cases.roles import Role
from project.office import ladder_words

MOST_PEOPLE, MOST_GAPS = 100, 20
_GAPS = (Reason.NOBODY_HOLDS_POST, Reason.NO_ADDRESS, Reason.NOT_ACTIVE, Reason.END_OF_LINE)


def shown(comparison: Comparison) -> dict[str, Any]:
    """The dry run as the template takes it; one query for the people."""
    now, then = comparison.now, comparison.then
    people = _people(now, then)
    heads, days = _per_person(now, then, people), _beside(_per_day(now), _per_day(then))
    messages, more = now.told.total(), then.told.total()
    return {
        "comparison": comparison,
        "total": {"now": messages, "then": more, "more": _signed(more - messages)},
        "people": heads[:MOST_PEOPLE],
        "more_people": max(len(heads) - MOST_PEOPLE, 0),
        "days": [{"day": day, **row} for day, row in sorted(days.items())],
        "gaps": _gaps(then, people),
        "lines": [
            (_("Under the new ladder"), _lines(then.lines, people)),
            (_("Under the present ladder"), _lines(now.lines, people)),
        ],
        "most_lines": FIRST,
    }


def _people(*sides: Forecast) -> dict[int, User]:
    keys = {pk for side in sides for pk, _day in side.told}
    keys |= {pk for side in sides for _reason, _role, pk in side.passed if pk is not None}
    return User.objects.in_bulk(keys)


def _per_person(now: Forecast, then: Forecast, people: dict[int, User]) -> list[dict[str, Any]]:
    """Each person with both counts and their busiest day, who differs most first."""
    rows = _beside(_sums(now), _sums(then))
    busiest: dict[int, int] = {}
    for (pk, _day), number in then.told.items():
        busiest[pk] = max(number, busiest.get(pk, 0))
    return [
        {"name": str(people.get(pk, pk)), **row, "busiest": busiest.get(pk, 0)}
        for pk, row in sorted(rows.items(), key=_most_changed)
    ]


def _sums(side: Forecast) -> Counter[int]:
    sums: Counter[int] = Counter()
    for (pk, _day), number in side.told.items():
        sums[pk] += number
    return sums


def _per_day(side: Forecast) -> Counter[date]:
    sums: Counter[date] = Counter()
    for (_pk, day), number in side.told.items():
        sums[day] += number
    return sums


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


def _gaps(side: Forecast, people: dict[int, User]) -> list[dict[str, Any]]:
    """Posts and people that are passed over, the most frequent first."""
    found = Counter({key: number for key, number in side.passed.items() if key[0] in _GAPS})
    return [
        {"who": _who(role, receiver, people), "why": _why(reason), "times": number}
        for (reason, role, receiver), number in found.most_common(MOST_GAPS)
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
        for line in lines
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
