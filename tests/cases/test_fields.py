"""Form fields for what people type in their own way (handbook 3.4, 3.5, 7.2)."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cases import clock, fields, numbers

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Bangkok"))
TODAY = NOW.date()
LANGUAGES = ["th", "lo", "en"]


class Sheet(forms.Form):
    """One of each."""

    met_on = fields.EraDateField(past_only=True)
    due_on = fields.EraDateField(required=False)
    year = fields.EraYearField(required=False)
    people = fields.WholeNumberField(required=False, max_value=500)
    savings = fields.MoneyField(required=False)
    name = fields.NameField(required=False)
    story = fields.LongTextField(required=False)


@pytest.fixture(autouse=True)
def _english_morning() -> Iterator[None]:
    with translation.override("en"), clock.travel(NOW):
        yield


def sent(**values: str) -> Sheet:
    """The sheet as a browser sends it."""
    data = QueryDict(mutable=True)
    data.update({"met_on": "1/11/2569", **{key.replace("__", "-"): v for key, v in values.items()}})
    return Sheet(data)


def cleaned(field: str, typed: str) -> object:
    form = sent(**{field: typed})
    assert form.is_valid(), form.errors
    return form.cleaned_data[field]


def error(field: str, typed: str) -> str:
    form = sent(**{field: typed})
    assert list(form.errors) == [field]
    return form.errors[field][0]


def test_a_date_of_either_era_is_kept_as_iso() -> None:
    assert cleaned("met_on", "๒๓ พ.ย. ๒๕๖๙") == TODAY
    assert cleaned("due_on", "24/11/2026") == date(2026, 11, 24)
    assert cleaned("due_on", "  ") is None


def test_what_has_happened_is_not_in_the_future() -> None:
    assert error("met_on", "24/11/2569") == (
        "24 November 2026 is in the future. Write a day up to today."
    )


def test_an_ambiguous_date_is_asked_and_the_pick_counts() -> None:
    asked = sent(due_on="5/4/69")
    assert asked.errors["due_on"] == ["“5/4/69” is not clear. Choose below what you mean."]
    page = str(asked["due_on"])
    assert 'value="5/4/69"' in page
    picks = re.findall(r'name="due_on-meant" value="([^"]+)"', page)
    assert picks == ["2026-04-05", "1969-04-05", "1926-04-05"]
    assert 'name="due_on-asked" value="5/4/69"' in page
    assert "5 April 1969" in page

    answered = sent(due_on="5/4/69", due_on__asked="5/4/69", due_on__meant="1969-04-05")
    assert answered.is_valid()
    assert answered.cleaned_data["due_on"] == date(1969, 4, 5)
    assert 'value="05/04/1969"' in str(answered["due_on"])


def test_a_pick_for_another_text_does_not_count() -> None:
    form = sent(due_on="6/4/2569", due_on__asked="5/4/69", due_on__meant="1969-04-05")
    assert form.is_valid()
    assert form.cleaned_data["due_on"] == date(2026, 4, 6)


@pytest.mark.parametrize("meant", ["x", "1969-99-99", "0001-01-01", "1" * 900, "\x00"])
def test_a_forged_pick_breaks_nothing(meant: str) -> None:
    form = sent(due_on="5/4/69", due_on__asked="5/4/69", due_on__meant=meant, year="69")
    assert "due_on" in form.errors
    assert str(form["due_on"])


def test_only_days_up_to_today_are_offered_for_what_has_happened() -> None:
    form = sent(met_on="24/11/69")
    assert "not clear" in form.errors["met_on"][0]
    picks = re.findall(r'name="met_on-meant" value="([^"]+)"', str(form["met_on"]))
    assert picks == ["1969-11-24", "1926-11-24"]


def test_a_year_is_kept_in_the_common_era_and_shown_in_the_readers() -> None:
    assert cleaned("year", "๒๕๖๙") == 2026
    assert cleaned("year", "2026") == 2026
    with translation.override("th"):
        assert 'value="2569"' in str(Sheet(initial={"year": 2026})["year"])
        asked = str(sent(year="69")["year"])
        assert re.findall(r'name="year-meant" value="([^"]+)"', asked) == ["2026", "1969", "1926"]
        assert "2512" in asked
    answered = sent(year="69", year__asked="69", year__meant="1969")
    assert answered.is_valid()
    assert answered.cleaned_data["year"] == 1969


def test_dates_are_shown_as_the_reader_writes_them() -> None:
    with translation.override("th"):
        page = str(Sheet(initial={"met_on": TODAY})["met_on"])
        assert 'value="23/11/2569"' in page
        assert "23/11/2569" in str(Sheet()["met_on"].as_field_group())  # an example, as a hint
    assert 'value="23/11/2026"' in str(Sheet(initial={"met_on": TODAY})["met_on"])
    assert 'value="5/4/69"' in str(Sheet(initial={"due_on": "5/4/69"})["due_on"])  # a draft


@pytest.mark.parametrize("language", LANGUAGES)
@given(day=st.dates(date(1900, 1, 1), TODAY), year=st.integers(1900, 2157))
def test_what_a_field_shows_it_takes_back(language: str, day: date, year: int) -> None:
    with translation.override(language):
        initial = {"met_on": day, "year": year}
        shown = {name: Sheet(initial=initial)[name].value() for name in initial}
        form = Sheet({name: str(value) for name, value in shown.items()}, initial=initial)
        assert form.is_valid(), form.errors
        assert {name: form.cleaned_data[name] for name in initial} == initial
        assert not form.has_changed()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("25", 25), ("๑๒๐", 120), ("໔໒", 42), ("0", 0), (" 3 ", 3), ("1 20", None)],
)
def test_whole_numbers(typed: str, number: int | None) -> None:
    if number is None:
        assert "is not a whole number" in error("people", typed)
    else:
        assert cleaned("people", typed) == number


@pytest.mark.parametrize("typed", ["1.234", "1,234", "1 234", "๑,๒๓๔"])
def test_whole_numbers_may_have_their_thousands_apart(typed: str) -> None:
    assert numbers.parse_whole(typed) == 1234


@pytest.mark.parametrize("typed", ["1.5", "12.34", "สิบ", "1e3", "", "1,23", "9" * 50, "²", "--1"])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(numbers.NumberInputError):
        numbers.parse_whole(typed)


def test_whole_numbers_have_bounds() -> None:
    assert "500" in error("people", "501")
    assert "0" in error("people", "-1")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1234", "1234"),
        ("1234.5", "1234.5"),
        ("1234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,021,552,000", "1021552000"),
        ("1.021.552.000", "1021552000"),
        ("๒๘๐,๐๐๐.๐๐ บาท", "280000"),
        ("฿ 280,000.00", "280000"),
        ("1 021 552 000 ກີບ", "1021552000"),
        ("0", "0"),
        ("0,5", "0.5"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_amounts_are_read_in_the_writing_of_either_country(
    language: str, typed: str, amount: str
) -> None:
    with translation.override(language):
        assert numbers.parse_number(typed) == Decimal(amount)


def test_thousands_of_the_own_country_are_read_those_of_the_other_refused() -> None:
    with translation.override("th"):
        assert numbers.parse_number("1,234") == 1234
        with pytest.raises(numbers.NumberInputError):
            numbers.parse_number("1.234")
    with translation.override("lo"):
        assert numbers.parse_number("1.234") == 1234
        with pytest.raises(numbers.NumberInputError):
            numbers.parse_number("1,234")
    assert error("savings", "1.234") == ("“1.234” can be read in two ways. Write 1234 or 1.23.")


@pytest.mark.parametrize("typed", ["1.2345", "0.123", "1,23,456", "1,234.567", "1.234.56", "บาท"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    assert "Write it like 1,234.50." in error("savings", typed)


def test_amounts_have_bounds() -> None:
    assert "0" in error("savings", "-5")
    assert "digits" in error("savings", "9" * 15)


@pytest.mark.parametrize("language", LANGUAGES)
@given(amount=st.decimals(0, 10**12 - 1, places=2, allow_nan=False), people=st.integers(0, 500))
def test_shown_numbers_are_taken_back(language: str, amount: Decimal, people: int) -> None:
    with translation.override(language):
        blank = Sheet(initial={"savings": amount, "people": people})
        form = Sheet(
            {name: blank[name].value() for name in ("savings", "people")} | {"met_on": "1/1/2569"}
        )
        assert form.is_valid(), form.errors
        assert (form.cleaned_data["savings"], form.cleaned_data["people"]) == (amount, people)


def test_names_are_kept_in_one_spelling() -> None:
    assert cleaned("name", " บ้านน้ํา\u200bใส ") == "บ้านน้ำใส"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("สมชาย 😀", "A name is written without emoji."),
        ("สม\uf70aชาย", "U+F70A"),
        ("...", "at least one letter"),
        ("ก" * 201, "at most 200 characters"),
    ],
)
def test_what_is_no_name_is_refused(typed: str, message: str) -> None:
    assert message in error("name", typed)


def test_free_text_takes_emoji_and_drops_what_hides() -> None:
    assert cleaned("story", "ดีมาก 👍\r\nจบ\x00\u202e ") == "ดีมาก 👍\nจบ"
    with pytest.raises(ValidationError):
        fields.LongTextField().clean("\u200b \n")


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
def test_no_text_breaks_a_form(language: str, data: st.DataObject) -> None:
    anything = st.one_of(
        st.text(), st.text(alphabet="0123456789๐໕/.,- พศคมวันทີ່aBe\x00\u200b", max_size=20)
    )
    names = [n for f in Sheet.base_fields for n in (f, f"{f}-meant", f"{f}-asked")]
    values = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, anything)))
    with translation.override(language):
        form = Sheet(values)
        form.is_valid()
        page = str(form)
        for field in form:
            assert field.value() in (None, "") or f'name="{field.html_name}"' in page
        for name, value in values.items():
            with suppress(ValidationError):
                if name in form.fields:
                    form.fields[name].clean(value)


def test_no_markup_comes_through_what_was_typed() -> None:
    page = str(sent(due_on='5/4/69"><script>', name="<b>"))
    assert "<script>" not in page
    assert "<b>" not in page
    assert " style=" not in page


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("th", "23 พฤศจิกายน 2569|23 พ.ย. 2569|23 พ.ย. 2569 09:00 น.|1,234,567|1,234.50|"),
        ("lo", "23 ພະຈິກ 2026|23 ພ.ຈ. 2026|23 ພ.ຈ. 2026, 09:00|1.234.567|1.234,50|"),
        ("en", "23 November 2026|23 Nov 2026|23 Nov 2026, 09:00|1,234,567|1,234.50|"),
    ],
)
def test_templates_show_dates_and_numbers_in_the_readers_language(
    language: str, shown: str
) -> None:
    page = Template(
        "{% load eras %}{{ day|era_date }}|{{ at|era_date_short }}|{{ at|era_datetime }}|"
        "{{ count|number }}|{{ money|number }}|{{ none|era_date }}{{ none|number }}"
    )
    values = {"day": TODAY, "at": NOW, "count": 1234567, "money": Decimal("1234.50"), "none": None}
    with translation.override(language):
        assert page.render(Context(values)) == shown
