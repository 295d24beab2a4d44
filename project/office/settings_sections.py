"""What the settings page shows: each setting of an office, what it says, and whence it comes."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases import contents, ladders, office_settings, offices
from cases.models import Area, User
from cases.office_settings import Setting
from cases.roles import Role
from project.office.setting_words import SettingWords, days_in_words
from workflows import office_numbers
from workflows.office_numbers import OfficeNumber


def context(user: User, area: Area) -> dict[str, Any]:
    """The settings that count at `area`, by sections."""
    roles = ladders.roles(area.code[:2])
    told = {
        role: office_settings.in_force(office_settings.told_key(role), area.code) for role in roles
    }
    words = SettingWords(setting.value for setting in told.values() if setting)
    letterhead = office_settings.in_force(office_settings.LETTERHEAD, area.code)
    return {
        "letterhead": letterhead.value if letterhead else None,
        "letterhead_origin": origin(letterhead, area),
        "letterhead_url": url(area, office_settings.LETTERHEAD),
        "chapters": [
            {
                "title": chapter.title,
                "days": [_number(area, number) for number in chapter.days],
                "numbers": [_number(area, number) for number in chapter.numbers],
            }
            for chapter in office_numbers.chapters()
        ],
        "told": [_told(area, role, told[role], words) for role in roles]
        if offices.administers(user, area.code)
        else [],
    }


def url(area: Area, key: str) -> str:
    """Where the setting `key` of `area` is changed."""
    return reverse("office-setting", args=[area.code, key])


def origin(setting: Setting | None, area: Area) -> str:
    """Whose choice a value is: "" where no office chose, else the office's, or of one above."""
    if setting is None:
        return ""
    if setting.area == area.code:
        return _("chosen by this office")
    return _("chosen by %(area)s") % {"area": contents.pick(dict(setting.area_names))}


def _number(area: Area, number: OfficeNumber) -> dict[str, Any]:
    setting = office_settings.in_force(number.key, area.code)
    value = setting.value if setting else number.default
    return {
        "title": number.title,
        "value": days_in_words(number.unit, min(value, number.highest)),
        "origin": origin(setting, area),
        "url": url(area, number.key),
    }


def _told(area: Area, role: str, setting: Setting | None, words: SettingWords) -> dict[str, Any]:
    key = office_settings.told_key(role)
    holders = _("those who hold the post")
    return {
        "title": Role(role).label,
        "value": words.value(key, setting.value) if setting else holders,
        "origin": origin(setting, area),
        "url": url(area, key),
    }


def choices(rows: Iterable[Any], words: SettingWords, key: str) -> list[dict[str, Any]]:
    """Every choice of an office for one setting, as the component `timeline` takes them."""
    return [
        {
            "at": row.set_at,
            "who": str(row.set_by or "Sajja"),
            "text": words.value(key, row.value),
            "detail": row.reason,
        }
        for row in rows
    ]
