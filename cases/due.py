"""On which day is due what began on a day: the rules of deadlines (handbook 3.4, deadline kinds).

A rule is plain JSON, as a procedure declares it:

    {"working_days": 7}                     7 working days of the office after the start
    {"days": 90}                            90 calendar days after it
    {"on": "effective_on"}                  a day that the case holds, under that name
    {"on": "ends_on", "days": -60}          so many calendar days after it, negative: before it
    {"on": "signed_on", "working_days": 3}  so many working days after or before it
    {"day_of_month": 20}                    by the 20th, in a shorter month by its last day
    {"yearly": "03-31"}                     by a day of the year
    {"window": ["03-06", "03-08"]}          within these days of the year: by the last one
    {"every": "month"}                      at least every month, or quarter: by the end of this one
    {"end_of": "fiscal_year"}               or quarter: 30 September in Thailand, 31 December Lao

The first two count days, the day of the start not counted; the others are legal days, which stay
where they are, also on a day off. What recurs is due the first time on the day of the start.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from cases import calendar
from cases.periods import day_in, last_day, months_later

COUNTED = ("working_days", "days")
"""The units of a rule that counts, whose number an office may choose."""

Rule = Mapping[str, Any]
Pause = tuple[date, date | None]
"""The first day that does not count, and the first that counts again; None while it runs."""

_DAY = timedelta(days=1)
_LEAP_YEAR = 2024  # in which every day of a year exists
_FISCAL_YEAR_ENDS = {"TH": "09-30", "LA": "12-31"}  # handbook 3.4


def due_on(
    place: str,
    rule: Rule,
    started_on: date,
    *,
    pauses: Iterable[Pause] = (),
    extended: int = 0,
    fixed: date | None = None,
) -> date:
    """The day on which what began on `started_on` at `place` (an area's code) is due.

    Args:
        pauses: days that do not count, in any order. One that still runs moves nothing yet.
        extended: days allowed on top, in the rule's own unit; behind a legal day calendar days.
        fixed: the day that the case holds, for a rule with "on".

    Raises:
        ValueError: the rule is none of those above, or needs `fixed`.
    """
    check(rule)
    if is_counted(rule):
        unit, n = next(iter(rule.items()))
        return _counted(place, unit, started_on, n + extended, pauses)
    return _legal_day(place, rule, started_on, fixed) + extended * _DAY


def is_counted(rule: Rule) -> bool:
    """Whether `rule` counts days from the start: pauses move it, an office may choose it."""
    return "on" not in rule and not rule.keys().isdisjoint(COUNTED)


def unit_of(rule: Rule) -> str:
    """The unit in which an extension of `rule` counts: working_days or days."""
    return "working_days" if "working_days" in rule and is_counted(rule) else "days"


def check(rule: Rule) -> None:
    """Raise ValueError unless `rule` is one of the rules above."""
    match dict(rule):
        case {"working_days": int(n)} | {"days": int(n)} if len(rule) == 1:
            right = n >= 0
        case {"on": str(name), **offset}:
            whole = all(unit in COUNTED and type(n) is int for unit, n in offset.items())
            right = name.isidentifier() and len(offset) <= 1 and whole
        case {"day_of_month": int(n)}:
            right = 1 <= n <= 31
        case {"yearly": str(day)}:
            right = _is_day_of_year(day)
        case {"window": [str(first), str(last)]}:
            right = _is_day_of_year(first) and _is_day_of_year(last)
        case {"every": "month" | "quarter"} | {"end_of": "quarter" | "fiscal_year"}:
            right = True
        case _:
            right = False
    if not right or (len(rule) > 1 and "on" not in rule):
        known = "cases/due.py lists them, working_days, days, on …"
        raise ValueError(f"no rule of a deadline ({known}): {rule}")


def _counted(place: str, unit: str, started_on: date, n: int, pauses: Iterable[Pause]) -> date:
    """The n-th day of `unit` after the start, without the days of the pauses.

    Each pause that begins before the work is due puts off what was then still left of it.
    """
    due = _days_on(place, unit, started_on, n)
    counts_from = started_on + _DAY
    for first, again in sorted((pause for pause in pauses if pause[1]), key=lambda each: each[0]):
        first = max(first, counts_from)
        if due < first:
            break
        if again is not None and again > first:
            left = _days_between(place, unit, first - _DAY, due)
            due = _days_on(place, unit, again - _DAY, left)
            counts_from = again
    return due


def _days_on(place: str, unit: str, day: date, n: int) -> date:
    return calendar.add_working_days(place, day, n) if unit == "working_days" else day + n * _DAY


def _days_between(place: str, unit: str, start: date, end: date) -> int:
    if unit == "working_days":
        return calendar.working_days_between(place, start, end)
    return (end - start).days


def _legal_day(place: str, rule: Rule, started_on: date, fixed: date | None) -> date:
    """The first day on or after the start that `rule` names, whatever day of the week it is."""
    match dict(rule):
        case {"on": name, **offset}:
            if fixed is None:
                raise ValueError(f"the case holds no day yet as {name!r}")
            unit, n = next(iter(offset.items()), ("days", 0))
            return _days_on(place, unit, fixed, n)
        case {"day_of_month": n}:
            this_month = day_in(started_on, n)
            return (
                this_month if this_month >= started_on else day_in(months_later(started_on, 1), n)
            )
        case {"yearly": day} | {"window": [_, day]}:
            return _next_in_year(day, started_on)
        case {"every": "month"}:
            return last_day(started_on)
        case {"end_of": "fiscal_year"}:
            return _next_in_year(_FISCAL_YEAR_ENDS[place[:2]], started_on)
    return last_day(months_later(started_on, -started_on.month % 3))


def _next_in_year(day: str, started_on: date) -> date:
    this_year = _in_year(day, started_on.year)
    return this_year if this_year >= started_on else _in_year(day, started_on.year + 1)


def _in_year(day: str, year: int) -> date:
    """The day written "MM-DD" in `year`; 29 February is the 28th where there is none."""
    month, number = map(int, day.split("-"))
    return day_in(date(year, month, 1), number)


def _is_day_of_year(day: str) -> bool:
    try:
        return len(day) == len("MM-DD") and bool(date.fromisoformat(f"{_LEAP_YEAR}-{day}"))
    except ValueError:
        return False
