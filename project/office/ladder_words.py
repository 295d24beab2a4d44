"""Ladders in words: what each is called, what its rungs say, and whose choice it was."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases import escalation_words
from cases.models import Area, Ladder, Rung, User
from cases.roles import Role
from cases.rungs import parse

NAMES = {
    "default": gettext_lazy("Ladder of the steps"),
    "monthly": gettext_lazy("Ladder of the monthly report"),
}
# What a rung can say; the messages themselves are notifications/templates.
MESSAGES = {
    "reminder": gettext_lazy("it is due soon"),
    "due_today": gettext_lazy("it is due today"),
    "overdue": gettext_lazy("it is late"),
    "not_in": gettext_lazy("the report is not in yet"),
    "escalated": gettext_lazy("it is late, please see to it"),
}


def name(code: str) -> str:
    """What the ladder `code` is called."""
    return str(NAMES.get(code, code))


def people_of(ladders: Iterable[Ladder]) -> dict[int, User]:
    """The people whom rungs of these ladders name; no query where they name none."""
    keys = {pk for ladder in ladders for rung in ladder.rungs.all() for pk in rung.people}
    return User.objects.in_bulk(keys) if keys else {}


def areas_of(ladders: Iterable[Ladder]) -> dict[str, Area]:
    """The areas whose own these ladders are; no query where they are nobody's."""
    codes = {ladder.area_id for ladder in ladders if ladder.area_id}
    return Area.objects.in_bulk(codes) if codes else {}


def rungs_in_words(ladder: Ladder, people: Mapping[int, User]) -> list[dict[str, str]]:
    """Each rung: `when`, and in `text` whom it tells, what, how, and how often again."""
    return [
        {"when": escalation_words.offset(rung), "text": told(rung, people)}
        for rung in ladder.rungs.all()
    ]


def changed(name: str, value: Sequence[Any], people: Mapping[int, User]) -> str:
    """What a change of a ladder says: its `rungs`, one a line, or its `quiet` hours."""
    if name == "quiet":
        return "–".join(at[:5] for at in value)
    its = parse(value, people=True)
    return "\n".join(f"{escalation_words.offset(rung)}: {told(rung, people)}" for rung in its)


def told(rung: Rung, people: Mapping[int, User]) -> str:
    """Whom a rung tells, what, how, and how often again."""
    parts = [receiver(rung, people), message(rung.template)]
    if rung.channel != Rung.Channel.CHOICE:
        parts.append(str(rung.get_channel_display()))
    if rung.repeat_limit:
        parts.append(_repeated(rung))
    if rung.urgent:
        parts.append(_("urgent"))
    return " · ".join(parts)


def receiver(rung: Rung, people: Mapping[int, User]) -> str:
    """Whom a rung is for."""
    match rung.receiver:
        case Rung.Receiver.ABOVE:
            return above(rung.above)
        case Rung.Receiver.ROLE:
            return str(Role(rung.role).label)
        case Rung.Receiver.PEOPLE:
            return ", ".join(str(people.get(pk, pk)) for pk in rung.people)
    return str(rung.get_receiver_display())


def above(posts: Any) -> str:
    """So many posts above the doer; `posts` may be what somebody is typing."""
    number = 1 if str(posts) == "1" else 2
    return ngettext("%(n)s post above", "%(n)s posts above", number) % {"n": posts or "?"}


def days(when: str, typed: Any) -> str:
    """When a rung is due that somebody is typing; `when` is BEFORE, ON or AFTER."""
    number, shown = 1 if str(typed) == "1" else 2, {"n": typed or "?"}
    match when:
        case "BEFORE":
            return (
                ngettext("%(n)s day before the due day", "%(n)s days before the due day", number)
                % shown
            )
        case "AFTER":
            return (
                ngettext("%(n)s day after the due day", "%(n)s days after the due day", number)
                % shown
            )
    return _("on the due day")


def message(template: str) -> str:
    """What a rung says."""
    return str(MESSAGES.get(template, template))


def quiet(ladder: Ladder) -> str:
    """The quiet hours in words; "" for none."""
    if not (ladder.quiet_from and ladder.quiet_to):
        return ""
    return f"{ladder.quiet_from:%H:%M}–{ladder.quiet_to:%H:%M}"


def line(ladder: Ladder, country: str) -> str:
    """The posts through which matters climb in `country`: "Field officer → District CD chief"."""
    levels = ladder.line.get(country, [])
    return " → ".join(" / ".join(str(Role(role).label) for role in level) for level in levels)


def origin(ladder: Ladder, area: Area, names: Mapping[str, Area]) -> str:
    """Whose choice the version is, as seen from `area`."""
    if ladder.area_id is None:
        return _("as Sajja comes")
    if ladder.area_id == area.pk:
        return _("chosen by this office")
    return _("chosen by %(area)s") % {"area": names[ladder.area_id].name}


def timeline(versions: Iterable[Ladder], people: Mapping[int, User]) -> list[dict[str, Any]]:
    """Versions with their rungs and reasons, as the component `timeline` takes them."""
    return [
        {
            "at": version.made_at,
            "who": str(version.made_by or "Sajja"),
            "text": _version(version),
            "detail": "\n".join(filter(None, [version.reason, *_rungs(version, people)])),
        }
        for version in versions
    ]


def _version(version: Ladder) -> str:
    where = version.area.name if version.area else _("as Sajja comes")
    back = _("as above again") if version.withdrawn else ""
    number = _("Version %(number)s") % {"number": version.version}
    return " · ".join(filter(None, (number, where, back)))


def _rungs(version: Ladder, people: Mapping[int, User]) -> list[str]:
    if version.withdrawn:
        return []
    lines = [f"{rung['when']}: {rung['text']}" for rung in rungs_in_words(version, people)]
    hours = quiet(version)
    return [*lines, _("Quiet hours: %(hours)s") % {"hours": hours}] if hours else lines


def _repeated(rung: Rung) -> str:
    days = ngettext(
        "again every working day", "again every %(n)s working days", rung.repeat_working_days
    ) % {"n": rung.repeat_working_days}
    most = ngettext("at most %(n)s time", "at most %(n)s times", rung.repeat_limit)
    return f"{days}, {most % {'n': rung.repeat_limit}}"
