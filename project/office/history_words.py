"""What was changed in an office, in words: who, what, before and after."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.dates import format_date
from cases.models import Area, Change, User
from cases.roles import Role
from project.office import ladder_words
from project.office.setting_words import SettingWords

_LABELS = {
    "name": gettext_lazy("name"),
    "username": gettext_lazy("user name"),
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("phone"),
    "language": gettext_lazy("language"),
    "role": gettext_lazy("role"),
    "area": gettext_lazy("area"),
    "starts_on": gettext_lazy("from"),
    "ends_on": gettext_lazy("to"),
    "acting_for": gettext_lazy("acting for"),
    "name_th": gettext_lazy("name in Thai"),
    "name_lo": gettext_lazy("name in Lao"),
    "name_en": gettext_lazy("name in English"),
    "file": gettext_lazy("file"),
    "lines": gettext_lazy("lines"),
    "moved": gettext_lazy("running deadlines moved"),
    "reason": gettext_lazy("reason"),
    "version": gettext_lazy("version"),
    "rungs": gettext_lazy("rungs"),
    "quiet": gettext_lazy("quiet hours"),
    "withdrawn": gettext_lazy("as above again"),
}
_DAYS = {"starts_on", "ends_on"}
_CHOICES: dict[str, set[str]] = {
    Change.Kind.SETTING_CHANGED: {"value"},
    Change.Kind.LADDER_CHANGED: {"rungs", "quiet"},
}


def timeline(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The changes as the component `timeline` takes them; a few queries, however many there are.

    Reads `by` and `area`, so lists select them with the changes.
    """
    words = _Words(changes)
    return [
        {
            "at": change.at,
            "who": str(change.by or "Sajja"),
            "text": words.text(change),
            "detail": "\n".join(words.lines(change)),
        }
        for change in changes
    ]


class _Words:
    """People and areas that the changes name, looked up once for all of them."""

    def __init__(self, changes: Sequence[Change]) -> None:
        told = [
            side.get("value")
            for change in changes
            if change.kind == Change.Kind.SETTING_CHANGED
            for side in (change.before, change.after)
        ]
        self._settings = SettingWords(told)
        people = {int(ref) for kind, ref in map(_about, changes) if kind == "user"}
        people |= {pk for change in changes for pk in _named_in_ladder(change)}
        self._people = User.objects.in_bulk(people) if people else {}
        codes = {code for change in changes for code in _codes(change)}
        self._areas = Area.objects.in_bulk(codes) if codes else {}

    def text(self, change: Change) -> str:
        """What was done, to what, and where."""
        kind, ref = _about(change)
        done = change.get_kind_display()
        match kind:
            case "user":
                what = str(self._people.get(int(ref), ref))
            case "setting":
                what = self._settings.title(ref)
            case "ladder":
                what = ladder_words.name(ref)
            case "holiday" | "open_day":
                what = format_date(date.fromisoformat(ref.rpartition(":")[2]))
            case "endpoint":
                what = _("Other systems")
            case _:
                what = ""
        where = change.area.name if change.area else ""
        return " · ".join(filter(None, (str(done), what, where)))

    def lines(self, change: Change) -> Iterable[str]:
        """Each value that differs: before → after."""
        for name in dict.fromkeys([*change.before, *change.after]):
            old, new = (self._value(change, name, s) for s in (change.before, change.after))
            if old == new and name in change.before and name != "value":
                continue
            shown = f"{old} → {new}" if old and new else new or old
            if shown and name == "value":
                yield shown
            elif shown and name != "day":  # which stands in the text
                yield f"{_LABELS.get(name, name.replace('_', ' '))}: {shown}"

    def _value(self, change: Change, name: str, side: dict[str, Any]) -> str:
        value = side.get(name)
        if change.kind in _CHOICES and name in _CHOICES[change.kind] and name in side:
            return self._chosen(change, name, value)
        if value in (None, ""):
            return ""
        if name in _DAYS:
            return format_date(date.fromisoformat(value))
        if name == "role" and value in Role.values:
            return str(Role(value).label)
        if name == "area" and value in self._areas:
            return self._areas[value].name
        if name == "language":
            return str(dict(settings.LANGUAGES).get(value, value))
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return str(value)

    def _chosen(self, change: Change, name: str, value: Any) -> str:
        """What an office chose: the value of a setting, or the rungs or quiet hours of a ladder."""
        if change.kind == Change.Kind.SETTING_CHANGED:
            return self._settings.value(_about(change)[1], value)
        return ladder_words.changed(name, value, self._people)


def _about(change: Change) -> tuple[str, str]:
    """What kind of thing was changed, and which one."""
    kind, _colon, ref = change.about.partition(":")
    return kind, ref


def _named_in_ladder(change: Change) -> list[int]:
    """The people whom the rungs of a ladder name, before or after its change."""
    if change.kind != Change.Kind.LADDER_CHANGED:
        return []
    rungs = [*change.before.get("rungs", []), *change.after.get("rungs", [])]
    return [pk for rung in rungs for pk in rung.get("people", [])]


def _codes(change: Change) -> list[str]:
    sides = (change.before.get("area"), change.after.get("area"))
    return [code for code in sides if isinstance(code, str)]
