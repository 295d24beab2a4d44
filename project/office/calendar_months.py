"""A year of an office's calendar by months: small grids of days, and its holidays by name."""

from calendar import SUNDAY, Calendar
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR

from cases import contents
from cases.dates import format_date
from cases.eras import format_year, language_code
from cases.models import Area, Holiday, OpenDay
from cases.models.area import prefixes
from cases.months import MONTHS

_WEEKS = Calendar(SUNDAY)  # as calendars hang in Thai and Lao offices


def months(area: Area, year: int, today: date) -> list[dict[str, Any]]:
    """The twelve months of `year` (Common Era) for the offices of `area`; two queries."""
    holidays = Holiday.objects.filter(country=area.code[:2], day__year=year, removed=False)
    open_days = OpenDay.objects.filter(day__year=year, area__code__startswith=area.code[:2])
    rows = {row["day"]: row for row in _rows(area, holidays, open_days.select_related("area"))}
    names = MONTHS[language_code()]
    return [
        {
            "name": f"{names[month - 1]} {format_year(year)}",
            "id": f"month-{month}",
            "weeks": [
                [_cell(day, rows.get(day), today) if day.month == month else None for day in week]
                for week in _WEEKS.monthdatescalendar(year, month)
            ],
            "holidays": [row for day, row in rows.items() if day.month == month],
        }
        for month in range(1, 13)
    ]


def weekdays() -> list[str]:
    """Short names of the days of the week, Sunday first."""
    return [str(WEEKDAYS_ABBR[number]) for number in _WEEKS.iterweekdays()]


def in_words(names: dict[str, str]) -> str:
    """A holiday's name in the reader's language, else in one that is known."""
    return contents.pick(names) or next(filter(None, names.values()), "")


def named(holiday: Holiday) -> str:
    """The name of a holiday in the reader's language, else in one that is known."""
    names = {"th": holiday.name_th, "lo": holiday.name_lo, "en": holiday.name_en}
    return in_words(names)


def _rows(
    area: Area, holidays: Iterable[Holiday], open_days: Iterable[OpenDay]
) -> Iterable[dict[str, Any]]:
    opened: dict[date, list[Area]] = {}
    for each in open_days:
        opened.setdefault(each.day, []).append(each.area)
    for holiday in holidays:
        areas = opened.get(holiday.day, [])
        yield {
            "day": holiday.day,
            "name": named(holiday),
            "open": any(each.code in prefixes(area.code) for each in areas),
            "open_below": [
                each.name
                for each in areas
                if each.code.startswith(area.code) and each.code != area.code
            ],
            "url": f"{reverse('office-holiday', args=[holiday.pk])}?area={area.code}",
        }


def _cell(day: date, row: dict[str, Any] | None, today: date) -> dict[str, Any]:
    """One day of a grid: `css` says what it is, `label` says it in words."""
    kind = "day-rest" if day.weekday() > 4 else ""
    if row:
        kind = "day-open" if row["open"] else "day-off"
    return {
        "number": day.day,
        "css": f"{kind} day-today" if day == today else kind,
        "url": row["url"] if row else "",
        "label": f"{format_date(day)}: {row['name']}" if row else "",
    }
