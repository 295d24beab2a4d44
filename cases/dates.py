"""Dates as people type and read them: both eras, three languages (handbook 3.4).

Stored is always an ISO date of the Common Era. Thai shows the Buddhist Era, Lao and English the
Common Era; whichever was typed is recognised, whatever the page's language is. A date in numbers
is day, month, year in all three languages.
"""

import calendar
import re
from datetime import date, datetime
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from cases import clock
from cases.eras import (
    BUDDHIST,
    COMMON,
    DateInputError,
    Era,
    fiscal_year,
    format_year,
    language_code,
    readings,
    split_era,
)
from cases.months import MONTHS, SHORT_MONTHS, month_of
from cases.text import fold_digits, normalise, quoted

__all__ = [
    "AmbiguousDate",
    "DateInputError",
    "fiscal_year",
    "format_date",
    "format_datetime",
    "format_month",
    "format_year",
    "parse",
]

Style = Literal["long", "short", "numeric"]

_LONGEST = 60  # characters of a date; what is longer is none, and is not searched
_FILLER = re.compile(r"^(?:วัน\D*?ที่|ວັນ\D*?ທີ)|เดือน|ເດືອນ|ปี|ປີ|(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s/.,\-\u2010-\u2015]+")


class AmbiguousDate(ValueError):
    """What was typed can be read in several ways; `candidates`, the nearest to today first."""

    def __init__(self, candidates: list[date]) -> None:
        super().__init__(f"one of {candidates}")
        self.candidates = candidates


def parse(text: str, today: date | None = None) -> date:
    """The date that `text` means: 23/11/2569, 23-11-2026, 2026-11-23, 23 พ.ย. 2569, 23112569 …

    Takes Thai and Lao digits and the month names of all three languages. Raises AmbiguousDate
    for years of two digits and for a day and month that stand the other way round, and
    DateInputError for everything else that is no date from 1900 to 2157.
    """
    day_part, month_part, year_part, era = _split(text, today)
    years = readings(year_part, era, today)
    day, month = int(day_part), _month(month_part)
    swapped = month > 12 >= day > 0
    if swapped:
        day, month = month, day
    if not 1 <= month <= 12:
        message = _("%(month)s is not a month: months go from 1 to 12.")
        raise DateInputError(message % {"month": month})
    found = [date(year, month, day) for year in years if 1 <= day <= _length(year, month)]
    if not found:
        raise DateInputError(_no_such_day(day, month, years[0]))
    if swapped or len(year_part) == 2:
        raise AmbiguousDate(found)
    return found[0]


def format_date(day: date, language: str | None = None, style: Style = "long") -> str:
    """`day` for reading: 23 พฤศจิกายน 2569, 23 ພະຈິກ 2026, 23 Nov 2026 (short), 23/11/2026."""
    code = language_code(language)
    year = format_year(day.year, code)
    if style == "numeric":
        return f"{day.day:02}/{day.month:02}/{year}"
    names = MONTHS if style == "long" else SHORT_MONTHS
    return f"{day.day} {names[code][day.month - 1]} {year}"


def format_month(period: date, language: str | None = None) -> str:
    """The month of a day for reading: พ.ย. 2569, ພ.ຈ. 2026, Nov 2026."""
    code = language_code(language)
    return f"{SHORT_MONTHS[code][period.month - 1]} {format_year(period.year, code)}"


def format_datetime(moment: datetime, language: str | None = None) -> str:
    """An aware time in the office's time zone: 23 พ.ย. 2569 14:05 น., 23 Nov 2026, 14:05."""
    local = timezone.localtime(moment)
    code = language_code(language)
    day = format_date(local.date(), code, "short")
    return f"{day} {local:%H:%M} น." if code == "th" else f"{day}, {local:%H:%M}"


def _split(text: str, today: date | None) -> tuple[str, str, str, Era]:
    """Day, month (digits or a name), year and named era, as typed but in this order."""
    era, rest = split_era(fold_digits(normalise(text)))
    parts = _parts(_FILLER.sub(" ", rest).strip()) if len(rest) <= _LONGEST else []
    match parts:
        case [year, month, day] if len(year) == 4 and year.isdecimal():
            pass
        case [month, day, year] if not month.isdecimal():  # Nov 23, 2026
            pass
        case [day, month, year]:
            pass
        case _:
            day = month = year = ""
    if not _fits(day, month, year):
        what = {"typed": quoted(text), "example": _example(today)}
        raise DateInputError(_("“%(typed)s” is not a date. Write it like %(example)s.") % what)
    return day, month, year, era


def _parts(text: str) -> list[str]:
    """Runs of digits and names in turn; one run of 6 or 8 digits is cut (23112569, 231169).

    Number pads of phones have no stroke. 20261123 cannot be misread: no month begins a year.
    """
    bare = [_BETWEEN.sub("", part) for part in re.findall(r"\d+|\D+", text)]
    parts = [part for part in bare if part]
    if len(parts) != 1 or len(parts[0]) not in {6, 8} or not parts[0].isdecimal():
        return parts
    run = parts[0]
    if len(run) == 8 and int(run[:4]) in {*COMMON, *BUDDHIST} and int(run[4:6]) <= 12:
        return [run[:4], run[4:6], run[6:]]
    return [run[:2], run[2:4], run[4:]]


def _fits(day: str, month: str, year: str) -> bool:
    """Whether the parts look like a day, a month and a year at all."""
    month_fits = len(month) <= 2 if month.isdecimal() else month_of(month) is not None
    return bool(day.isdecimal() and year.isdecimal() and len(day) <= 2 and month_fits)


def _month(part: str) -> int:
    return int(part) if part.isdecimal() else month_of(part) or 0


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _no_such_day(day: int, month: int, year: int) -> str:
    code = language_code()
    what = {
        "day": day,
        "month": f"{MONTHS[code][month - 1]} {format_year(year)}",
        "days": _length(year, month),
    }
    return _("There is no day %(day)s: %(month)s has %(days)s days.") % what


def _example(today: date | None) -> str:
    return format_date(today or clock.today(), style="numeric")
