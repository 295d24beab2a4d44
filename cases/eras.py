"""Years of the Buddhist and the Common Era, recognised whichever was typed (handbook 3.4, 7.2)."""

import re
from datetime import date
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases import clock
from cases.text import fold_digits, normalise, quoted

Era = Literal["BE", "CE", ""]

AHEAD = 543  # years that the Buddhist Era is ahead of the Common Era
BUDDHIST = range(2400, 2701)
COMMON = range(1900, BUDDHIST[-1] - AHEAD + 1)

_LONGEST = 20  # characters of a year; Python refuses to read a number of thousands of digits

# A year of two digits is offered within a long life back and a long plan ahead of today.
_YEARS_BACK, _YEARS_AHEAD = 100, 20
_CENTURIES: tuple[tuple[Era, int], ...] = (
    *(("CE", 1900), ("CE", 2000), ("CE", 2100)),
    *(("BE", 2400 - AHEAD), ("BE", 2500 - AHEAD), ("BE", 2600 - AHEAD)),
)

_NAMES: dict[Era, str] = {
    "BE": r"พ\.?\s?ศ\.?|ພ\.?\s?ສ\.?|b\.?e\.?",
    "CE": r"ค\.?\s?ศ\.?|ຄ\.?\s?ສ\.?|c\.?e\.?|a\.?d\.?",
}
_NAMED = {
    era: re.compile(rf"(?<![^\W\d])(?:{names})\s*(?=\d+$)|(?<=\d)\s*(?:{names})$", re.IGNORECASE)
    for era, names in _NAMES.items()
}


class DateInputError(ValueError):
    """What was typed is no date or year; the message says why, in the reader's language."""


class AmbiguousYear(ValueError):
    """What was typed fits several years; `candidates` of the Common Era, the nearest first."""

    def __init__(self, candidates: list[int]) -> None:
        super().__init__(f"one of {candidates}")
        self.candidates = candidates


def parse_year(text: str, today: date | None = None) -> int:
    """The year of the Common Era that `text` means: 2569, พ.ศ. ๒๕๖๙, 2026.

    Raises AmbiguousYear for two digits, DateInputError for what is no year of either era.
    """
    era, rest = split_era(fold_digits(normalise(text)))
    if not rest.isdecimal() or len(rest) > _LONGEST:
        example = format_year((today or clock.today()).year)
        what = {"typed": quoted(text), "example": example}
        raise DateInputError(_("“%(typed)s” is not a year. Write it like %(example)s.") % what)
    years = readings(rest, era, today)
    if len(rest) == 2:
        raise AmbiguousYear(years)
    return years[0]


def split_era(text: str) -> tuple[Era, str]:
    """The era named at the year that ends `text` ("" if none), and `text` without that name."""
    for era, named in _NAMED.items():
        if named.search(text):
            return era, named.sub(" ", text).strip()
    return "", text


def readings(digits: str, era: Era = "", today: date | None = None) -> list[int]:
    """Years of the Common Era that `digits` can mean, the nearest to today first; never none.

    Four digits have one reading, since the eras' years do not overlap. Raises DateInputError
    for years of neither era.
    """
    year = int(digits)
    if len(digits) == 2:
        now = (today or clock.today()).year
        span = range(now - _YEARS_BACK, now + _YEARS_AHEAD + 1)
        known = {start + year for own, start in _CENTURIES if era in {own, ""}}
        if years := sorted(known & set(span), key=lambda one: (abs(one - now), one)):
            return years
    if year in BUDDHIST and era != "CE":
        return [year - AHEAD]
    if year in COMMON and era != "BE":
        return [year]
    spans = {"year": quoted(digits), "be": _span(BUDDHIST), "ce": _span(COMMON)}
    raise DateInputError(
        _("The year %(year)s is not known: write %(be)s (Buddhist) or %(ce)s (Common Era).") % spans
    )


def format_year(year: int, language: str | None = None) -> str:
    """A year of the Common Era for reading: of the Buddhist Era in Thai."""
    return str(year + AHEAD if language_code(language) == "th" else year)


def fiscal_year(day: date) -> int:
    """Thai fiscal year of `day`, BE: 1 October to 30 September, named by its end (handbook 3.4)."""
    return day.year + AHEAD + (day.month >= 10)


def language_code(language: str | None = None) -> str:
    """`language` or the active one as one of ours: th, lo, en."""
    code = (language or get_language() or "th")[:2]
    return code if code in {"th", "lo", "en"} else "en"


def _span(years: range) -> str:
    return f"{years[0]}–{years[-1]}"
