"""Numbers as people type and read them (handbook 3.5).

Thai and English write 1,234.50, Lao writes 1.234,50. Both are read on every page where they can
mean one thing only; what could be wrong by a factor of a thousand is refused, not guessed.
"""

import re
from decimal import Decimal
from typing import overload

from django.utils.translation import gettext as _

from cases.eras import language_code
from cases.text import fold_digits, normalise, quoted

_LONGEST = 40  # characters of a number; the columns behind hold far fewer
_UNIT = re.compile(r"^[฿₭]\s*|\s*(?:บาท|฿|ກີບ|₭|baht|kip)$", re.IGNORECASE)
_SPACED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_PLAIN = re.compile(r"-?\d+")
_DECIMALS = re.compile(r"(-?\d+)[.,](\d{1,2})")
_GROUPED = re.compile(r"(-?[1-9]\d{0,2}(?:([.,])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d{1,2}))?")


class NumberInputError(ValueError):
    """What was typed is no number; the message says why, in the reader's language."""


def parse_number(text: str) -> Decimal:
    """The number that `text` means, with two decimals at most: 1234.5, 1,234.50, 1.234,50.

    Takes Thai and Lao digits, spaces between thousands and the name of the currency. Raises
    NumberInputError for what is no number or has two readings.
    """
    typed = _SPACED.sub("", _UNIT.sub("", fold_digits(normalise(text))))
    if len(typed) <= _LONGEST:
        if _PLAIN.fullmatch(typed):
            return Decimal(typed)
        if match := _DECIMALS.fullmatch(typed):
            return Decimal(f"{match[1]}.{match[2]}")
        if match := _GROUPED.fullmatch(typed):
            return _grouped(typed, match)
    example = {"typed": quoted(text), "example": format_number(Decimal("1234.50"))}
    raise NumberInputError(
        _("“%(typed)s” is not a number of at most two decimals. Write it like %(example)s.")
        % example
    )


def parse_whole(text: str) -> int:
    """The whole number that `text` means: 1234, 1,234, 1.234. Raises NumberInputError."""
    typed = _SPACED.sub("", fold_digits(normalise(text)))
    match = _GROUPED.fullmatch(typed)
    whole = re.sub("[.,]", "", match[1]) if match and not match[3] else typed
    if len(whole) > _LONGEST or not _PLAIN.fullmatch(whole):
        raise NumberInputError(
            _("“%(typed)s” is not a whole number. Write it in digits, like 25.")
            % {"typed": quoted(text)}
        )
    return int(whole)


def format_number(number: int | Decimal, language: str | None = None) -> str:
    """A number with its thousands apart: 1,234.50 in Thai and English, 1.234,50 in Lao."""
    shown = f"{number:,}"
    if language_code(language) == "lo":
        return shown.translate(str.maketrans(",.", ".,"))
    return shown


@overload
def whole(number: Decimal | int) -> Decimal | int: ...
@overload
def whole(number: None) -> None: ...
def whole(number: Decimal | int | None) -> Decimal | int | None:
    """A number without its decimals where they are all zero: tables need the room."""
    return int(number) if isinstance(number, Decimal) and number == int(number) else number


def _grouped(typed: str, match: re.Match) -> Decimal:
    """A number whose thousands are apart; the other country's single mark could be decimals."""
    groups, mark, decimals = match.groups()
    foreign = "," if language_code() == "lo" else "."
    whole = re.sub("[.,]", "", groups)
    if decimals is None and mark == foreign and groups.count(mark) == 1:
        head, tail = groups.split(mark)
        readings = {
            "typed": typed,
            "whole": whole,
            "small": format_number(Decimal(f"{head}.{tail[:2]}")),
        }
        raise NumberInputError(
            _("“%(typed)s” can be read in two ways. Write %(whole)s or %(small)s.") % readings
        )
    return Decimal(f"{whole}.{decimals or '0'}")
