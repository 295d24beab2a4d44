"""Dates of both eras as people type and read them (handbook 3.4)."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cases import dates, eras
from cases.months import MONTHS, SHORT_MONTHS, month_of

TODAY = date(2026, 11, 23)
LANGUAGES = ["th", "lo", "en"]
THAI, LAO = (str.maketrans("0123456789", digits) for digits in ("๐๑๒๓๔๕๖๗๘๙", "໐໑໒໓໔໕໖໗໘໙"))

days = st.dates(date(1900, 1, 1), date(2157, 12, 31))
written = st.sampled_from(["long", "short", "numeric"])


def read(text: str) -> date:
    return dates.parse(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "23/11/2569",
        "23-11-2026",
        "23.11.2569",
        "23 11 2569",
        " 23 / 11 / 2569. ",
        "2026-11-23",
        "2569-11-23",
        "23112569",
        "20261123",
        "25691123",
        "๒๓/๑๑/๒๕๖๙",
        "໒໓/໑໑/໒໐໒໖",
        "23 พ.ย. 2569",
        "23พ.ย.2569",
        "23 พ. ย. 2569",
        "23 พฤศจิกา 2569",
        "23 พฤศจิกายน 2026",
        "วันที่ ๒๓ เดือนพฤศจิกายน พ.ศ. ๒๕๖๙",
        "วันจันทร์ที่ 23 พฤศจิกายน พุทธศักราช 2569".replace("พุทธศักราช", "พ.ศ."),
        "ວັນທີ 23 ພະຈິກ 2026",
        "23 ພ.ຈ. ຄ.ສ. 2026",
        "23 Nov 2026",
        "23rd november, 2026",
        "Nov 23, 2569",
        "23/11/2026 AD",
        "23/11/2569 BE",
        "23\u200b/11/2569",
    ],
)
def test_what_people_type_is_understood(text: str) -> None:
    assert read(text) == TODAY


def test_three_characters_name_one_month_only() -> None:
    for names in MONTHS.values():
        for number, name in enumerate(names, 1):
            assert {month_of(name[:end]) for end in range(3, len(name) + 1)} == {number}
    for names in SHORT_MONTHS.values():
        for number, name in enumerate(names, 1):
            assert month_of(name) == month_of(name.replace(".", "")) == number


@given(days, st.sampled_from(LANGUAGES), written, st.sampled_from([{}, THAI, LAO]))
def test_what_is_shown_is_read_back(
    day: date, language: str, style: dates.Style, digits: dict
) -> None:
    assert read(dates.format_date(day, language, style).translate(digits)) == day


@given(
    days,
    st.sampled_from([0, eras.AHEAD]),
    st.sampled_from(["{d}/{m}/{y}", "{d:02}-{m:02}-{y}", "{y}-{m:02}-{d:02}", "{d:02}{m:02}{y}"]),
    st.sampled_from(LANGUAGES),
)
def test_the_era_is_never_misread(day: date, ahead: int, shape: str, language: str) -> None:
    with translation.override(language):
        assert read(shape.format(d=day.day, m=day.month, y=day.year + ahead)) == day


@pytest.mark.parametrize("text", ["23/11/69", "231169", "23 พ.ย. 69", "๒๓-๑๑-๖๙"])
def test_a_year_of_two_digits_is_asked(text: str) -> None:
    with pytest.raises(dates.AmbiguousDate) as asked:
        read(text)
    assert asked.value.candidates == [TODAY, date(1969, 11, 23), date(1926, 11, 23)]


def test_a_named_era_leaves_fewer_readings() -> None:
    with pytest.raises(dates.AmbiguousDate) as asked:
        read("23/11/69 ค.ศ.")
    assert asked.value.candidates == [date(1969, 11, 23)]


@given(st.integers(0, 99), st.integers(2000, 2100))
def test_two_digits_always_leave_readings_near_today(year: int, now: int) -> None:
    years = eras.readings(f"{year:02}", today=date(now, 6, 1))
    assert years
    assert all(now - 100 <= one <= now + 20 for one in years)
    assert all(year in {one % 100, (one + eras.AHEAD) % 100} for one in years)


def test_month_and_day_the_other_way_round_are_asked() -> None:
    with pytest.raises(dates.AmbiguousDate) as asked:
        read("11/23/2026")
    assert asked.value.candidates == [TODAY]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "“” is not a date. Write it like 23/11/2026."),
        ("พรุ่งนี้", "“พรุ่งนี้” is not a date"),
        ("23/11", "“23/11” is not a date"),
        ("23/11/2569 10:30", "is not a date"),
        ("1" * 5000, "is not a date"),
        ("30/2/2569", "There is no day 30: February 2026 has 28 days."),
        ("29/2/69", "There is no day 29"),
        ("0/1/2569", "There is no day 0"),
        ("13/13/2569", "13 is not a month"),
        ("1/0/2569", "0 is not a month"),
        ("23/11/2300", "The year 2300 is not known"),
        ("23/11/1899", "1900–2157 (Common Era)"),
        ("23/11/569", "The year 569 is not known"),
        ("23/11/2026 พ.ศ.", "The year 2026 is not known"),
        ("23 มก 2569", "is not a date"),
        ("²/11/2569", "is not a date"),
    ],
)
def test_what_is_no_date_is_said_clearly(text: str, message: str) -> None:
    with translation.override("en"), pytest.raises(dates.DateInputError, match=re.escape(message)):
        read(text)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(dates.DateInputError, dates.AmbiguousDate):
        assert read(text).year in {*eras.COMMON, *range(1857, 1900)}


@pytest.mark.parametrize(
    ("language", "style", "shown"),
    [
        ("th", "long", "23 พฤศจิกายน 2569"),
        ("th", "short", "23 พ.ย. 2569"),
        ("th", "numeric", "23/11/2569"),
        ("lo", "long", "23 ພະຈິກ 2026"),
        ("lo", "short", "23 ພ.ຈ. 2026"),
        ("en", "long", "23 November 2026"),
        ("en-gb", "short", "23 Nov 2026"),
        ("en", "numeric", "23/11/2026"),
    ],
)
def test_dates_are_shown_in_the_readers_language(
    language: str, style: dates.Style, shown: str
) -> None:
    assert dates.format_date(TODAY, language, style) == shown


def test_times_are_shown_as_of_the_office() -> None:
    moment = datetime(2026, 11, 22, 18, 5, tzinfo=UTC)
    assert dates.format_datetime(moment, "th") == "23 พ.ย. 2569 01:05 น."
    assert dates.format_datetime(moment, "lo") == "23 ພ.ຈ. 2026, 01:05"
    assert dates.format_datetime(moment, "en") == "23 Nov 2026, 01:05"


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2023, 9, 30), 2566), (date(2023, 10, 1), 2567), (date(2024, 9, 30), 2567)],
)
def test_the_fiscal_year_is_named_by_its_end(day: date, year: int) -> None:
    assert dates.fiscal_year(day) == year


@pytest.mark.parametrize("text", ["2569", "๒๕๖๙", "พ.ศ. 2569", "2026", "ຄ.ສ. ໒໐໒໖", "2569 พศ"])
def test_a_year_is_understood_in_either_era(text: str) -> None:
    assert eras.parse_year(text, TODAY) == 2026


def test_a_year_of_two_digits_alone_is_asked() -> None:
    with pytest.raises(eras.AmbiguousYear) as asked:
        eras.parse_year("69", TODAY)
    assert asked.value.candidates == [2026, 1969, 1926]


@pytest.mark.parametrize("text", ["", "ปีนี้", "2300", "25690", "2569 ค.ศ."])
def test_what_is_no_year_is_refused(text: str) -> None:
    with pytest.raises(eras.DateInputError):
        eras.parse_year(text, TODAY)
