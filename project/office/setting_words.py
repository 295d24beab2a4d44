"""What a setting is called and what its value says, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import office_settings
from cases.models import User
from cases.numbers import format_number
from cases.roles import Role
from workflows import office_numbers
from workflows.office_numbers import OfficeNumber


class SettingWords:
    """Titles and values in words; people are looked up once, for all values that are shown."""

    def __init__(self, values: Iterable[Any]) -> None:
        named = {pk for value in values if _is_told(value) for pk in value["people"]}
        self._people: Mapping[int, User] = User.objects.in_bulk(named) if named else {}
        self._numbers: dict[str, dict[str, OfficeNumber]] = {}

    def number(self, key: str) -> OfficeNumber | None:
        """The number of a procedure that stands under `key`; None for another setting."""
        kind, *rest = key.split(".")
        if kind not in ("due", "number") or len(rest) != 2:
            return None
        code = rest[0]
        if code not in self._numbers:
            self._numbers[code] = office_numbers.of_procedure(code)
        return self._numbers[code].get(key)

    def title(self, key: str) -> str:
        """What the setting `key` is about."""
        kind, _dot, role = key.partition(".")
        if key == office_settings.LETTERHEAD:
            return _("Letterhead")
        if kind == "told" and role in Role.values:
            return _("Told for: %(role)s") % {"role": Role(role).label}
        number = self.number(key)
        return number.title if number else key

    def value(self, key: str, value: Any) -> str:
        """What the value says; as above where there is none."""
        if value is None:
            return _("as above this office")
        if _is_told(value):
            names = ", ".join(str(self._people.get(pk, pk)) for pk in value["people"])
            how = _("instead of the holders") if value["instead"] else _("beside the holders")
            return f"{names} ({how})"
        if isinstance(value, dict):
            parts = (value.get(name) for name in office_settings.LETTERHEAD_FIELDS)
            return " · ".join(filter(None, parts))
        if number := self.number(key):
            return days_in_words(number.unit, value)
        return str(value)


def days_in_words(unit: str, number: int) -> str:
    """So many working days, calendar days, or just a number."""
    shown = {"days": format_number(number)}
    match unit:
        case "working_days":
            return ngettext("%(days)s working day", "%(days)s working days", number) % shown
        case "days":
            return ngettext("%(days)s day", "%(days)s days", number) % shown
    return shown["days"]


def _is_told(value: Any) -> bool:
    return isinstance(value, dict) and "people" in value
