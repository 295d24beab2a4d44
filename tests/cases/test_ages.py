"""Age on a day, at its boundary: the birthday, the day before and after, 29 February."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.ages import age_on, is_minor

days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
LEAP = date(2008, 2, 29)


@pytest.mark.parametrize(
    ("born", "minor"),
    [
        (date(2006, 11, 22), False),  # birthday yesterday
        (date(2006, 11, 23), False),  # today
        (date(2006, 11, 24), True),  # tomorrow
    ],
)
def test_whoever_turns_twenty_today_is_no_minor(born: date, minor: bool) -> None:
    assert is_minor(born, date(2026, 11, 23), 20) is minor


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 2, 28), 17),
        (date(2026, 3, 1), 18),
        (date(2028, 2, 28), 19),
        (date(2028, 2, 29), 20),
        (date(2028, 3, 1), 20),
    ],
)
def test_born_on_29_february(day: date, age: int) -> None:
    assert age_on(LEAP, day) == age


@given(days, days)
def test_a_year_is_lived_from_birthday_to_birthday(born: date, day: date) -> None:
    """The latest birthday up to `day` is the one that the age counts."""
    age = age_on(born, day)
    assert _birthday(born, age) <= day < _birthday(born, age + 1)


@given(days, days, st.integers(0, 400))
def test_nobody_grows_younger(born: date, day: date, later: int) -> None:
    assert age_on(born, day + timedelta(days=later)) >= age_on(born, day)


@given(days, st.integers(0, 120))
def test_a_minor_comes_of_age_on_one_day(born: date, majority: int) -> None:
    day = _birthday(born, majority)
    assert not is_minor(born, day, majority)
    assert is_minor(born, day - timedelta(days=1), majority)


def _birthday(born: date, age: int) -> date:
    """The birthday on which somebody turns `age`; 1 March where the year has no 29 February."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
