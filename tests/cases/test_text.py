"""Text as people type it (handbook 3.5, 7.2)."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cases import text

# Characters whose order and composition are easy to get wrong, beside everything else.
MARKS = "กนขเแำําุู่้๊๋ิ ກນເແຳໍາຸ່້ິ\u200b\u200d\u202e\ufeff e\u0301\u0327\t\n"
typed = st.one_of(st.text(), st.text(alphabet=MARKS))


def test_thai_and_lao_digits_become_ascii() -> None:
    assert text.fold_digits("๐๑๒๓๔๕๖๗๘๙ ໐໑໒໓໔໕໖໗໘໙ par๔๐๐๕.com") == (
        "0123456789 0123456789 par4005.com"
    )


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("กํา", "กำ"),
        ("น้ํา", "น้ำ"),
        ("นํ้า", "น้ำ"),
        ("นำ้", "น้ำ"),
        ("ນໍາ", "ນຳ"),
        ("ນ້ໍາ", "ນ້ຳ"),
        ("ນໍ້າ", "ນ້ຳ"),
        ("เเม่", "แม่"),
        ("ເເມ່", "ແມ່"),
        ("สม\u200bชาย \u202eใจดี\ufeff", "สมชาย ใจดี"),
        ("  กลุ่ม\u00a0 ออม\n ทรัพย์\t", "กลุ่ม ออม ทรัพย์"),
        ("Andre\u0301", "André"),
        ("a\u200b\u0301", "á"),
        ("\x00นา\x07ง", "นาง"),
        ("กลุ่ม ๕", "กลุ่ม ๕"),
    ],
)
def test_a_name_has_one_spelling(name: str, spelt: str) -> None:
    assert text.normalise(name) == spelt


@given(typed)
@example("ํำ้า")
@example("ำำ่")
@example("ำ่ำ่")
@example("ำ̀ำ่")
def test_normalising_again_changes_nothing(name: str) -> None:
    once = text.normalise(name)
    assert text.normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in once)
    assert once == once.strip()
    assert "  " not in once


@given(typed)
def test_cleaning_again_changes_nothing(words: str) -> None:
    once = text.clean(words)
    assert text.clean(once) == once
    assert "\x00" not in once
    assert "\r" not in once


def test_free_text_keeps_its_lines_and_emoji() -> None:
    family = "👨\u200d👩\u200d👧"
    assert text.clean(f" ก\u200bข \r\n{family} ❤️\u202e\x00\r\n\r\nจบ \n") == (
        f"กข\n{family} ❤️\n\nจบ"
    )


@pytest.mark.parametrize("name", ["สมชาย 😀", "❤️ รัก", "1\u20e3", "🇱🇦", "☎", "⭐", "👍🏽"])
def test_emoji_are_found(name: str) -> None:
    assert text.has_emoji(name)


@pytest.mark.parametrize(
    "name", ["กลุ่มออมทรัพย์ฯ (บ้านน้อย) ๆ", "ກຸ່ມ ຊກຊ ບ້ານ ໜອງ", "O'Brien-Lê & Co. №5", "50 ฿"]
)
def test_names_of_people_and_groups_hold_no_emoji(name: str) -> None:
    assert not text.has_emoji(name)
    assert not text.unreadable(name)


def test_characters_that_no_font_shows_are_named() -> None:
    assert text.unreadable("ก\uf70aข") == "\uf70a"


def test_a_quote_is_short() -> None:
    assert text.quoted("ก" * 500) == "ก" * 39 + "…"
    assert text.quoted(" 1 \n 2 ") == "1 2"
