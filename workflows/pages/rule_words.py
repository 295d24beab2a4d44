"""The rule of a deadline in words, as `cases.due` takes it (handbook 3.4, deadline kinds)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.eras import language_code
from cases.models import Case
from cases.months import MONTHS


def rule(rule: Mapping[str, Any], case: Case) -> str:
    """What the rule says; the day that it names by what the case calls it."""
    match dict(rule):
        case {"on": name, **offset}:
            return _from_day_held(_column(case, name), offset)
        case {"working_days": n}:
            what = {"days": days(n, "working_days")}
            return _("The rule: %(days)s, not counting the day on which it began.") % what
        case {"days": n}:
            what = {"days": days(n, "days")}
            text = _("The rule: %(days)s, days off included, not counting the day of the start.")
            return text % what
        case _:
            return _legal_day(rule)


def days(n: int, unit: str) -> str:
    """So many days of `unit`, working_days or days."""
    if unit == "working_days":
        return ngettext("%(n)s working day", "%(n)s working days", n) % {"n": n}
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def _from_day_held(name: str, offset: Mapping[str, int]) -> str:
    unit, n = next(iter(offset.items()), ("days", 0))
    what = {"name": name, "days": days(abs(n), unit)}
    if n > 0:
        return _("The rule: %(days)s after a day of the case (%(name)s).") % what
    if n < 0:
        return _("The rule: %(days)s before a day of the case (%(name)s).") % what
    return _("The rule: a day that the case itself holds (%(name)s).") % what


def _legal_day(rule: Mapping[str, Any]) -> str:
    """A day that stays where it is, also on a day off."""
    match dict(rule):
        case {"day_of_month": n}:
            return _("The rule: by day %(n)s of the month, also where it is a day off.") % {"n": n}
        case {"yearly": day}:
            return _("The rule: every year by %(day)s.") % {"day": _day_of_year(day)}
        case {"window": [first, last]}:
            what = {"first": _day_of_year(first), "last": _day_of_year(last)}
            return _("The rule: every year from %(first)s to %(last)s.") % what
        case {"every": "month"}:
            return _("The rule: at least every month, by the end of it.")
        case {"every": "quarter"}:
            return _("The rule: at least every quarter, by the end of it.")
        case {"end_of": "quarter"}:
            return _("The rule: by the end of the quarter.")
        case _:
            return _("The rule: by the end of the fiscal year.")


def _day_of_year(day: str) -> str:
    """The day written "MM-DD" as people say it."""
    found = date.fromisoformat(f"2024-{day}")
    return f"{found.day} {MONTHS[language_code()][found.month - 1]}"


def _column(case: Case, name: str) -> str:
    """What a day of the case is called on its pages."""
    names = {f.name: f.verbose_name for f in case._meta.get_fields() if isinstance(f, models.Field)}
    said = getattr(getattr(type(case), name, None), "verbose_name", None)
    return str(names.get(name) or said or _("due day"))
