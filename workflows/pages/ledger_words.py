"""Why a deadline is due on its day, in words: each entry of its ledger (DESIGN 4)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import contents
from cases.dates import format_date
from cases.models import Case, Change, Deadline

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One entry in words: `icon` says what kind it is, `detail` who and why."""

    text: str
    icon: str = "circle-dot"
    detail: str = ""


def told(deadline: Deadline, case: Case) -> list[Told]:
    """The whole account, oldest first; queries only for what was changed by people."""
    changes = _changes(deadline.ledger)
    found: list[Told] = []
    for entry in deadline.ledger:
        if entry["what"] == "started":
            found += [Told(_began(entry), "flag"), Told(_rule(entry["rule"], case), "calendar")]
        elif entry["what"] == "moved":
            found.append(Told(_moved(entry), "calendar-due", _by(changes.get(entry["change"]))))
        else:
            words, icon = _WORDS.get(entry["what"], (_due, "calendar-due"))
            found.append(Told(words(entry), icon))
    return found


def in_short(deadline: Deadline, case: Case) -> list[str]:
    """The same without who and why, and without a query."""
    lines: list[str] = []
    for entry in deadline.ledger:
        words = {"started": _began, "moved": _moved}.get(entry["what"])
        lines.append((words or _WORDS.get(entry["what"], (_due, ""))[0])(entry))
    return lines


def _began(entry: Entry) -> str:
    return _("Began on %(day)s.") % {"day": _day(entry)}


def _rule(rule: Mapping[str, Any], case: Case) -> str:
    match dict(rule):
        case {"working_days": n}:
            text = ngettext(
                "The rule: %(n)s working day, not counting the day on which it began.",
                "The rule: %(n)s working days, not counting the day on which it began.",
                n,
            )
            return text % {"n": n}
        case {"days": n}:
            text = ngettext(
                "The rule: %(n)s day, days off included, not counting the day on which it began.",
                "The rule: %(n)s days, days off included, not counting the day on which it began.",
                n,
            )
            return text % {"n": n}
        case {"on": name}:
            what = {"name": _column(case, name)}
            return _("The rule: a day that the case itself holds (%(name)s).") % what
        case _:
            return ""


def _column(case: Case, name: str) -> str:
    """What a day of the case is called on its pages; the procedure says it in its model."""
    names = {f.name: f.verbose_name for f in case._meta.get_fields() if isinstance(f, models.Field)}
    said = getattr(getattr(type(case), name, None), "verbose_name", None)
    return str(names.get(name) or said or _("due day"))


def _skipped(entry: Entry) -> str:
    name = contents.pick(entry["name"])
    return _("%(day)s does not count: %(name)s.") % {"day": _day(entry), "name": name}


def _setting(entry: Entry) -> str:
    what = {**entry, "area": contents.pick(entry["name"]), "since": _day(entry)}
    return _("%(area)s gives %(days)s days since %(since)s, the procedure %(declared)s.") % what


def _open(entry: Entry) -> str:
    what = {"day": _day(entry), "name": contents.pick(entry["name"])}
    return _("%(day)s (%(name)s) counts: the office is open on that day.") % what


def _weekends(entry: Entry) -> str:
    return _("%(days)s days of weekends do not count.") % {"days": entry["days"]}


def _corrected(entry: Entry) -> str:
    return _("Corrected afterwards: due on %(day)s.") % {"day": _day(entry)}


def _due(entry: Entry) -> str:
    return _("Due on %(day)s.") % {"day": _day(entry)}


def _moved(entry: Entry) -> str:
    what = {
        "off": format_date(date.fromisoformat(entry["day"])),
        "name": contents.pick(entry["name"]),
        "old": format_date(date.fromisoformat(entry["from"])),
        "new": _day(entry),
    }
    match entry["kind"]:
        case Change.Kind.HOLIDAY_ADDED:
            return _("%(off)s became a holiday (%(name)s): due on %(new)s, not %(old)s.") % what
        case Change.Kind.HOLIDAY_REMOVED:
            return (
                _("%(off)s is no holiday any more (%(name)s): due on %(new)s, not %(old)s.") % what
            )
        case Change.Kind.OPEN_DAY_ADDED:
            return _("The office opens on %(off)s (%(name)s): due on %(new)s, not %(old)s.") % what
        case _:
            return _("The office closes on %(off)s (%(name)s): due on %(new)s, not %(old)s.") % what


_WORDS: dict[str, tuple[Callable[[Entry], str], str]] = {
    "skipped": (_skipped, "circle-x"),
    "setting": (_setting, "building"),
    "open": (_open, "building"),
    "weekends": (_weekends, "circle-x"),
    "corrected": (_corrected, "history"),
}


def _changes(ledger: Iterable[Entry]) -> dict[int, Change]:
    """The changes of the calendar that moved the day."""
    pks = {entry["change"] for entry in ledger if entry["what"] == "moved"}
    return Change.objects.select_related("by", "area").in_bulk(pks) if pks else {}


def _by(change: Change | None) -> str:
    """Who changed the calendar, for which area, when and why."""
    if change is None:
        return ""
    when = format_date(change.at.date(), style="short")
    parts = (change.by, change.area and change.area.name, when, change.after.get("reason"))
    return " · ".join(str(part) for part in parts if part)


def _day(entry: Entry) -> str:
    return format_date(date.fromisoformat(entry["on"])) if "on" in entry else ""
