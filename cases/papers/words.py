"""Digits, dates and money as Thai official papers write them (handbook 3.5)."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from cases.dates import format_date
from cases.text import clean, fold_digits

_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
# An address of the web or of e-mail typed with Thai digits leads nowhere (handbook 3.5).
_ADDRESS = re.compile(r"(\S+@\S+\.\S+|https?://\S+|www\.\S+)")

# Twenty characters on end without a space or a vowel, or twenty of one: no word, and a line must
# break somewhere. U+200B is a break that nobody sees.
_ENDLESS = re.compile(r"[^\s\u0e30-\u0e3a\u0e40-\u0e4e\u0eb0-\u0ece]{20}|(\S)\1{19}")
_BREAK = "\u200b"

# What one entry may fill; setting a text takes the square of its length, and a memo has a page.
LONGEST = 5_000
_CUT = " … (ข้อความยาวเกินไป ดูฉบับเต็มในระบบ)"

_DIGITS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")
_MILLION = 1_000_000


def thai_digits(text: str) -> str:
    """`text` with Thai digits, also for Lao ones; addresses of the web stay as they are."""
    parts = _ADDRESS.split(text)
    parts[::2] = [fold_digits(part).translate(_TO_THAI) for part in parts[::2]]
    return "".join(parts)


def on_paper(value: Any) -> Any:
    """A tree of dicts and lists with each text as it stands on paper; keys stay.

    Without control characters, in Thai digits, with breaks in what would run off the sheet; what
    is longer than `LONGEST` is cut and says so.
    """
    if isinstance(value, str):
        shown = value if len(value) <= LONGEST else value[:LONGEST] + _CUT
        return _ENDLESS.sub(rf"\g<0>{_BREAK}", thai_digits(clean(shown)))
    if isinstance(value, dict):
        return {key: on_paper(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [on_paper(each) for each in value]
    return value


def number(value: int | Decimal | None) -> str:
    """๑,๒๓๔ or ๑,๒๓๔.๕๐; "" for a number that nobody gave."""
    return "" if value is None else thai_digits(f"{value:,}")


def rate(value: Decimal | None) -> str:
    """A percentage without needless noughts: ๑๒, ๑.๕; "" if none."""
    if value is None:
        return ""
    shown = f"{value:f}"
    return thai_digits(shown.rstrip("0").rstrip(".") if "." in shown else shown)


def long_date(day: date | None) -> str:
    """๒๓ พฤศจิกายน ๒๕๖๙; "" for a day that nobody gave."""
    return "" if day is None else thai_digits(format_date(day, "th"))


def short_date(day: date | None) -> str:
    """๒๓ พ.ย. ๒๕๖๙ for tables, never broken over two lines; "" for a day that nobody gave."""
    return "" if day is None else thai_digits(format_date(day, "th", "short")).replace(" ", "\xa0")


def money(amount: Decimal | int | None) -> str:
    """Figures and words side by side: ๑,๒๓๔.๕๐ บาท (หนึ่งพันสองร้อยสามสิบสี่บาทห้าสิบสตางค์)."""
    if amount is None:
        return ""
    return f"{figures(amount)} บาท ({baht(amount)})"


def figures(amount: Decimal | int | None) -> str:
    """An amount of baht with its satang: ๑,๒๓๔.๕๐; "" if none."""
    return "" if amount is None else number(_satang(amount))


def baht(amount: Decimal | int) -> str:
    """An amount of money in words: หนึ่งร้อยเอ็ดบาทถ้วน, ห้าสิบสตางค์.

    Rounded to whole satang, half up. A loss begins with ลบ.
    """
    exact = _satang(amount)
    whole, satang = divmod(int(abs(exact) * 100), 100)
    sign = "ลบ" if exact < 0 else ""
    if not satang:
        return f"{sign}{spelled(whole)}บาทถ้วน"
    return f"{sign}{spelled(whole) + 'บาท' if whole else ''}{spelled(satang)}สตางค์"


def spelled(whole: int) -> str:
    """A whole number from nought on in words: ยี่สิบเอ็ด, หนึ่งล้าน. Raises ValueError below 0."""
    if whole < 0:
        raise ValueError(f"{whole} has no words of its own")
    if whole == 0:
        return "ศูนย์"
    millions, rest = divmod(whole, _MILLION)
    # เอ็ด is a last one that something stands before, also millions: หนึ่งล้านเอ็ด
    return (spelled(millions) + "ล้าน" if millions else "") + _below_a_million(rest, millions > 0)


def _below_a_million(whole: int, more_before: bool) -> str:
    digits = [int(digit) for digit in str(whole)]
    found = ""
    for position, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit == 0:
            continue
        word = _DIGITS[digit]
        if position == 1:
            word = {1: "", 2: "ยี่"}.get(digit, word)
        elif position == 0 and digit == 1 and (found or more_before):
            word = "เอ็ด"
        found += word + _PLACES[position]
    return found


def _satang(amount: Decimal | int) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)
