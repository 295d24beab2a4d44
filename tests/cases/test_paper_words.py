"""Digits, dates and money as papers write them (handbook 3.5)."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.papers import words

DIGITS = ("ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
VALUES = {word: value for value, word in enumerate(DIGITS)} | {"เอ็ด": 1, "ยี่": 2}
PLACES = {"สิบ": 10, "ร้อย": 100, "พัน": 1000, "หมื่น": 10_000, "แสน": 100_000}
WORD = re.compile("|".join([*VALUES, *PLACES, "ล้าน"]))


def read(spelled: str) -> int:
    """What a Thai reader understands: the other way round, written on its own."""
    assert "".join(WORD.findall(spelled)) == spelled, spelled
    before, total, digit = 0, 0, None
    for word in WORD.findall(spelled):
        if word == "ล้าน":
            before, total, digit = (before + total + (digit or 0)) * 1_000_000, 0, None
        elif word in PLACES:
            total += (1 if digit is None else digit) * PLACES[word]
            digit = None
        else:
            assert digit is None, spelled
            digit = VALUES[word]
    return before + total + (digit or 0)


@pytest.mark.parametrize(
    ("amount", "spelled"),
    [
        ("0", "ศูนย์บาทถ้วน"),
        ("1", "หนึ่งบาทถ้วน"),
        ("10", "สิบบาทถ้วน"),
        ("11", "สิบเอ็ดบาทถ้วน"),
        ("20", "ยี่สิบบาทถ้วน"),
        ("21", "ยี่สิบเอ็ดบาทถ้วน"),
        ("22", "ยี่สิบสองบาทถ้วน"),
        ("100", "หนึ่งร้อยบาทถ้วน"),
        ("101", "หนึ่งร้อยเอ็ดบาทถ้วน"),
        ("111", "หนึ่งร้อยสิบเอ็ดบาทถ้วน"),
        ("200121", "สองแสนหนึ่งร้อยยี่สิบเอ็ดบาทถ้วน"),
        ("1000000", "หนึ่งล้านบาทถ้วน"),
        ("1000001", "หนึ่งล้านเอ็ดบาทถ้วน"),
        ("21000001", "ยี่สิบเอ็ดล้านเอ็ดบาทถ้วน"),
        ("11000000", "สิบเอ็ดล้านบาทถ้วน"),
        ("1000000000000", "หนึ่งล้านล้านบาทถ้วน"),
        ("0.01", "หนึ่งสตางค์"),
        ("0.25", "ยี่สิบห้าสตางค์"),
        ("1.21", "หนึ่งบาทยี่สิบเอ็ดสตางค์"),
        ("1234.50", "หนึ่งพันสองร้อยสามสิบสี่บาทห้าสิบสตางค์"),
        ("1.005", "หนึ่งบาทหนึ่งสตางค์"),
        ("0.999", "หนึ่งบาทถ้วน"),
        ("-40.5", "ลบสี่สิบบาทห้าสิบสตางค์"),
        ("-0.001", "ศูนย์บาทถ้วน"),
    ],
)
def test_money_in_words(amount: str, spelled: str) -> None:
    assert words.baht(Decimal(amount)) == spelled


@given(st.integers(0, 10**15))
def test_a_number_spelled_is_read_back(number: int) -> None:
    assert read(words.spelled(number)) == number


@given(st.integers(1, 10**13))
def test_one_and_two_are_said_as_thais_say_them(number: int) -> None:
    spelled = words.spelled(number)
    assert "สองสิบ" not in spelled
    assert "หนึ่งสิบ" not in spelled
    assert spelled.endswith("เอ็ด") == (number % 10 == 1 and number > 1)
    assert "ศูนย์" not in spelled


@given(st.decimals(0, 10**12, places=2))
def test_baht_and_satang_add_up(amount: Decimal) -> None:
    said = words.baht(amount)
    whole, satang = divmod(int(amount * 100), 100)
    if not satang:
        assert said == words.spelled(whole) + "บาทถ้วน"
        return
    baht, found, rest = said.rpartition("บาท")
    assert bool(found) == bool(whole)
    assert read(baht) == whole
    assert read(rest.removesuffix("สตางค์")) == satang


def test_there_are_no_words_below_nought() -> None:
    with pytest.raises(ValueError, match="-1"):
        words.spelled(-1)


def test_digits_become_thai_but_not_in_addresses() -> None:
    assert words.thai_digits("ที่ ลย 0019.4/໑໒ ลว. ๓") == "ที่ ลย ๐๐๑๙.๔/๑๒ ลว. ๓"
    kept = "เขียนถึง cdd4203@example.org หรือ https://example.org/42?a=1 www.a1.example"
    assert words.thai_digits(kept) == kept
    assert words.on_paper({"a1": ["2", {"b": " 3\x00"}], "c": True, "d": None}) == {
        "a1": ["๒", {"b": "๓"}],
        "c": True,
        "d": None,
    }


def test_dates_and_figures() -> None:
    assert words.long_date(date(2026, 11, 23)) == "๒๓ พฤศจิกายน ๒๕๖๙"
    assert words.short_date(date(2026, 1, 1)) == "๑\xa0ม.ค.\xa0๒๕๖๙"
    assert words.money(Decimal("1234.5")) == ("๑,๒๓๔.๕๐ บาท (หนึ่งพันสองร้อยสามสิบสี่บาทห้าสิบสตางค์)")
    assert words.figures(0) == "๐.๐๐"
    assert words.number(1234567) == "๑,๒๓๔,๕๖๗"
    assert [words.rate(Decimal(each)) for each in ("12.00", "1.50", "10", "0.00")] == [
        *("๑๒", "๑.๕", "๑๐", "๐")
    ]
    nothing = (words.long_date, words.short_date, words.money, words.figures, words.number)
    assert [write(None) for write in (*nothing, words.rate)] == [""] * 6
