"""Phone numbers and dates of birth as people write them (handbook 7.2)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cases import clock
from cases.person_fields import BirthDateField, PhoneField


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812345678", "0812345678"),
        ("081-234-5678", "0812345678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "0812345678"),
        ("(042) 81-1234", "042811234"),
        ("+66 81 234 5678", "0812345678"),
        ("00856 20 5555 666", "0205555666"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_phone_number_is_kept_as_digits(typed: str, kept: str) -> None:
    assert PhoneField(required=False).clean(typed) == kept


@pytest.mark.parametrize(
    "typed", ["812345678", "08123", "08123456789", "0812345abc", "081234567O", "-", "1669"]
)
def test_what_is_no_phone_number_is_told(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        PhoneField(required=False).clean(typed)
    assert typed in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("5/12/2524", date(1981, 12, 5)),
        ("1981-12-05", date(1981, 12, 5)),
        ("๕ ธ.ค. ๒๕๒๔", date(1981, 12, 5)),
        ("2524", date(1981, 1, 1)),  # as Thai papers write whoever knows only the year
        ("๒๕๒๔", date(1981, 1, 1)),
        ("1981", date(1981, 1, 1)),
    ],
)
def test_a_date_of_birth_in_either_era_or_the_year_alone(typed: str, born: date) -> None:
    assert BirthDateField().clean(typed) == born


@pytest.mark.parametrize("typed", ["31/2/2524", "9999", "0000", "5/12/2440", "ไม่ทราบ"])
def test_a_date_of_birth_that_cannot_be_is_told(typed: str) -> None:
    with pytest.raises(ValidationError):
        BirthDateField().clean(typed)


def test_nobody_is_born_in_the_future() -> None:
    with pytest.raises(ValidationError):
        BirthDateField().clean(f"{clock.today().year + 1}")
