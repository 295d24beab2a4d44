"""Changing the calendar: a country's holidays and an office's open days (handbook 3.4).

Each function is one transaction that keeps who did it and why (`cases.changes`), and returns
what is now to be counted anew, or None where nothing changed: a second click changes nothing. Who
may is the caller's to ask. The running deadlines follow in batches (`cases.recounts`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from cases import changes, recounts
from cases.calendar_changes import NAMES
from cases.models import Area, Change, Holiday, OpenDay, Recount, User

Names = Mapping[str, str]
"""The name in Thai, Lao and English under NAMES; one of them at least is not empty."""


def about_holiday(country: str, day: date) -> str:
    """What the history of a holiday stands under."""
    return f"holiday:{country}:{day.isoformat()}"


def about_open_day(area: str, day: date) -> str:
    """What the history of an open day stands under."""
    return f"open_day:{area}:{day.isoformat()}"


@transaction.atomic
def add(country: str, day: date, names: Names, *, by: User, reason: str) -> Recount | None:
    """Make `day` a holiday of `country`; one that was removed before comes back."""
    _one_at_a_time(country)
    present = Holiday.objects.filter(country=country, day=day).first()
    if present is not None and not present.removed:
        return None
    holiday = present or Holiday(country=country, day=day)
    _name(holiday, names)
    holiday.removed = False
    holiday.save()
    after = {"day": day.isoformat(), **_names(holiday), "reason": reason}
    return recounts.begin(_keep(Change.Kind.HOLIDAY_ADDED, holiday, by, after=after))


@transaction.atomic
def rename(holiday: Holiday, names: Names, *, by: User, reason: str) -> bool:
    """Give a holiday other names; whether it had not got them yet. Nothing moves."""
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
def remove(holiday: Holiday, *, by: User, reason: str) -> Recount | None:
    """Make a holiday a working day. Its row stays with a mark, so that no load brings it back."""
    _one_at_a_time(holiday.country)
    locked = Holiday.objects.select_for_update().get(pk=holiday.pk)
    if locked.removed:
        return None
    locked.removed = True
    locked.save()
    before, after = {"day": locked.day.isoformat(), **_names(locked)}, {"reason": reason}
    change = _keep(Change.Kind.HOLIDAY_REMOVED, locked, by, before=before, after=after)
    return recounts.begin(change)


@transaction.atomic
def open_on(area: Area, day: date, *, by: User, reason: str) -> Recount | None:
    """Let the offices of `area` and below work on the holiday `day`."""
    _one_at_a_time(area.pk[:2])
    _opened, new = OpenDay.objects.get_or_create(area=area, day=day, defaults={"reason": reason})
    if not new:
        return None
    return recounts.begin(_keep_open_day(Change.Kind.OPEN_DAY_ADDED, area, day, by, reason))


@transaction.atomic
def close_on(area: Area, day: date, *, by: User, reason: str) -> Recount | None:
    """Let the holiday `day` be one in `area` again."""
    _one_at_a_time(area.pk[:2])
    opened = OpenDay.objects.filter(area=area, day=day).first()
    if opened is None:
        return None
    opened.delete()
    return recounts.begin(_keep_open_day(Change.Kind.OPEN_DAY_REMOVED, area, day, by, reason))


def _one_at_a_time(country: str) -> None:
    """Of two changes to a country's calendar one waits: a second click, or two administrators.

    So the order of the history is the order in which they happened.
    """
    len(Area.objects.select_for_update(no_key=True).filter(pk=country))  # len() to run it


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
) -> Change:
    about = about_holiday(holiday.country, holiday.day)
    return changes.record(
        kind, by=by, about=about, area=holiday.country, before=before, after=after
    )


def _keep_open_day(kind: Change.Kind, area: Area, day: date, by: User, reason: str) -> Change:
    after = {"day": day.isoformat(), "reason": reason}
    return changes.record(kind, by=by, about=about_open_day(area.pk, day), area=area, after=after)
