"""Why a deadline is due on its day, in words: each entry of its ledger (DESIGN 4)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases import contents, pauses
from cases.dates import format_date
from cases.due import unit_of
from cases.models import Case, Change, Deadline, Extension
from workflows.pages import rule_words

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One entry in words: `icon` says what kind it is, `detail` who and why."""

    text: str
    icon: str = "circle-dot"
    detail: str = ""


def told(deadline: Deadline, case: Case) -> list[Told]:
    """The whole account, oldest first; a query each for what people changed and granted."""
    changes, extensions = _changes(deadline.ledger), _extensions(deadline)
    found: list[Told] = []
    for entry in deadline.ledger:
        if entry["what"] == "started":
            rule = rule_words.rule(entry["rule"], case)
            found += [Told(_began(entry), "flag"), Told(rule, "calendar")]
        elif entry["what"] == "moved":
            found.append(Told(_moved(entry), "calendar-due", _by(changes.get(entry["change"]))))
        elif entry["what"] == "extended":
            detail = _granted(extensions.get(entry["extension"]))
            found.append(Told(_extended(entry, deadline), "plus", detail))
        else:
            words, icon = _WORDS.get(entry["what"], (_due, "calendar-due"))
            found.append(Told(words(entry), icon))
    return found


def in_short(deadline: Deadline) -> list[str]:
    """The same without who and why, and without a query."""
    lines: list[str] = []
    for entry in deadline.ledger:
        if entry["what"] == "extended":
            lines.append(_extended(entry, deadline))
        else:
            words = {"started": _began, "moved": _moved}.get(entry["what"])
            lines.append((words or _WORDS.get(entry["what"], (_due, ""))[0])(entry))
    return lines


def _began(entry: Entry) -> str:
    return _("Began on %(day)s.") % {"day": _day(entry)}


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


def _paused(entry: Entry) -> str:
    what = {"day": _day(entry)}
    if entry["why"] == pauses.RETURNED:
        return _("Paused from %(day)s on: the case was returned.") % what
    return _("Paused from %(day)s on: the case waits for somebody outside.") % what


def _resumed(entry: Entry) -> str:
    return _("Went on from %(day)s.") % {"day": _day(entry)}


def _extended(entry: Entry, deadline: Deadline) -> str:
    days = rule_words.days(entry["days"], unit_of(deadline.rule))
    what = {"days": days, "new": _day(entry), "old": _date(entry["from"])}
    return _("Extended by %(days)s: due on %(new)s, not %(old)s.") % what


def _moved(entry: Entry) -> str:
    if "day" not in entry:
        what = {"new": _day(entry), "old": _date(entry["from"])}
        return _("Counted anew with the calendar as it stands: due on %(new)s, not %(old)s.") % what
    what = {
        "off": _date(entry["day"]),
        "name": contents.pick(entry["name"]),
        "old": _date(entry["from"]),
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
    "paused": (_paused, "clock"),
    "resumed": (_resumed, "arrow-right"),
}


def _changes(ledger: Iterable[Entry]) -> dict[int, Change]:
    """The changes of the calendar that moved the day."""
    pks = {entry["change"] for entry in ledger if entry["what"] == "moved"}
    return Change.objects.select_related("by", "area").in_bulk(pks) if pks else {}


def _by(change: Change | None) -> str:
    """Who changed the calendar, for which area, when and why."""
    if change is None:
        return ""
    when = format_date(timezone.localdate(change.at), style="short")
    parts = (change.by, change.area and change.area.name, when, change.after.get("reason"))
    return " · ".join(str(part) for part in parts if part)


def _extensions(deadline: Deadline) -> dict[int, Extension]:
    """The extensions that were granted, by their keys."""
    if not any(entry["what"] == "extended" for entry in deadline.ledger):
        return {}
    kept = deadline.extensions.select_related("asked_by", "decided_by")
    return {extension.pk: extension for extension in kept}


def _granted(extension: Extension | None) -> str:
    """Who asked and why, who allowed it and with which words."""
    if extension is None:
        return ""
    asked = {"name": extension.asked_by, "reason": extension.reason}
    granted = {"name": extension.decided_by, "answer": extension.answer}
    lines = [_("%(name)s asked: %(reason)s") % asked, _("%(name)s allowed it.") % granted]
    if extension.answer:
        lines[1] = _("%(name)s allowed it: %(answer)s") % granted
    return "\n".join(lines)


def _day(entry: Entry) -> str:
    return _date(entry["on"]) if "on" in entry else ""


def _date(day: str) -> str:
    return format_date(date.fromisoformat(day))
