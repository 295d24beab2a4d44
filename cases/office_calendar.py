"""Changing the calendar: a country's holidays and an office's open days (handbook 3.4).

Each function is one transaction that keeps who did it and why (`cases.changes`), and returns
whether anything changed: a second click changes nothing. Who may is the caller's to ask.
Deadlines that run already keep their day; those that begin later count anew.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from cases import changes
from cases.models import Area, Change, Holiday, OpenDay, User

NAMES = ("name_th", "name_lo", "name_en")

Names = Mapping[str, str]
"""The name in Thai, Lao and English under NAMES; one of them at least is not empty."""


def about_holiday(country: str, day: date) -> str:
    """What the history of a holiday stands under."""
    return f"holiday:{country}:{day.isoformat()}"


def about_open_day(area: str, day: date) -> str:
    """What the history of an open day stands under."""
    return f"open_day:{area}:{day.isoformat()}"


@transaction.atomic
def add(country: str, day: date, names: Names, *, by: User, reason: str) -> bool:
    """Make `day` a holiday of `country`; one that was removed before comes back."""
    present = Holiday.objects.select_for_update().filter(country=country, day=day).first()
    if present is not None and not present.removed:
        return False
    holiday = present or Holiday(country=country, day=day)
    _name(holiday, names)
    holiday.removed = False
    holiday.save()
    after = {"day": day.isoformat(), **_names(holiday), "reason": reason}
    _keep(Change.Kind.HOLIDAY_ADDED, holiday, by, after=after)
    return True


@transaction.atomic
def rename(holiday: Holiday, names: Names, *, by: User, reason: str) -> bool:
    """Give a holiday other names."""
    locked = Holiday.objects.select_for_update().get(pk=holiday.pk)
    before = _names(locked)
    _name(locked, names)
    if _names(locked) == before:
        return False
    locked.save()
    after = {**_names(locked), "reason": reason}
    _keep(Change.Kind.HOLIDAY_CHANGED, locked, by, before=before, after=after)
    return True


@transaction.atomic
def remove(holiday: Holiday, *, by: User, reason: str) -> bool:
    """Make a holiday a working day. Its row stays with a mark, so that no load brings it back."""
    locked = Holiday.objects.select_for_update().get(pk=holiday.pk)
    if locked.removed:
        return False
    locked.removed = True
    locked.save()
    before = {"day": locked.day.isoformat(), **_names(locked)}
    _keep(Change.Kind.HOLIDAY_REMOVED, locked, by, before=before, after={"reason": reason})
    return True


@transaction.atomic
def open_on(area: Area, day: date, *, by: User, reason: str) -> bool:
    """Let the offices of `area` and below work on the holiday `day`."""
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)  # a second click waits
    _opened, new = OpenDay.objects.get_or_create(area=area, day=day, defaults={"reason": reason})
    if new:
        _keep_open_day(Change.Kind.OPEN_DAY_ADDED, area, day, by, reason)
    return new


@transaction.atomic
def close_on(area: Area, day: date, *, by: User, reason: str) -> bool:
    """Let the holiday `day` be one in `area` again."""
    opened = OpenDay.objects.select_for_update().filter(area=area, day=day).first()
    if opened is None:
        return False
    opened.delete()
    _keep_open_day(Change.Kind.OPEN_DAY_REMOVED, area, day, by, reason)
    return True


def _name(holiday: Holiday, names: Names) -> None:
    for column in NAMES:
        setattr(holiday, column, names.get(column, ""))


def _names(holiday: Holiday) -> dict[str, str]:
    return {column: getattr(holiday, column) for column in NAMES}


def _keep(
    kind: Change.Kind,
    holiday: Holiday,
    by: User,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any],
) -> None:
    about = about_holiday(holiday.country, holiday.day)
    changes.record(kind, by=by, about=about, area=holiday.country, before=before, after=after)


def _keep_open_day(kind: Change.Kind, area: Area, day: date, by: User, reason: str) -> None:
    after = {"day": day.isoformat(), "reason": reason}
    changes.record(kind, by=by, about=about_open_day(area.pk, day), area=area, after=after)
