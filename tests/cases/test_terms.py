"""Terms of office end on the day before their day, or with the month (handbook 5.1.1)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.terms import last_day


@pytest.mark.parametrize(
    ("starts", "months", "ends"),
    [
        (date(2026, 3, 5), 24, date(2028, 3, 4)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 14)),
    ],
)
def test_the_last_day_of_a_term(starts: date, months: int, ends: date) -> None:
    assert last_day(starts, months) == ends


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_a_term_lasts_its_months(starts: date, months: int) -> None:
    """The day after the last one lies so many months on."""
    after = last_day(starts, months) + timedelta(days=1)
    assert (after.year - starts.year) * 12 + after.month - starts.month in (months, months + 1)
    assert after.day == starts.day or after.day == 1
