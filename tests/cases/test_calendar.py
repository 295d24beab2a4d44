"""Working days, against a slow and obvious oracle (handbook 3.4)."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import calendar, holidays
from cases.models import Holiday

pytestmark = pytest.mark.django_db

days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _thai_holidays(db: None) -> None:
    holidays.seed("TH", range(2023, 2029))


@pytest.mark.parametrize(
    ("buddhist_year", "weekdays_off"),
    [(2566, 21), (2567, 19), (2568, 21), (2569, 20), (2570, 18)],
)
def test_weekday_holidays_of_a_year_are_the_cabinets(buddhist_year: int, weekdays_off: int) -> None:
    year = buddhist_year - 543
    found = Holiday.objects.filter(country="TH", day__year=year, day__week_day__range=(2, 6))
    assert found.count() == weekdays_off


@pytest.mark.parametrize("day", ["2026-05-01", "2027-05-03", "2026-01-10"])
def test_labour_and_childrens_day_are_none_of_the_governments(day: str) -> None:
    assert not Holiday.objects.filter(country="TH", day=day).exists()


def test_lao_holidays_are_the_public_ones_in_three_languages() -> None:
    holidays.seed("LA", [2026])
    national_day = Holiday.objects.get(country="LA", day="2026-12-02")
    assert (national_day.name_lo, national_day.name_en) == ("ວັນຊາດ", "Lao National Day")
    assert national_day.name_th
    assert Holiday.objects.filter(country="LA", day="2026-05-01").exists()
    assert not calendar.is_working_day("LA", date(2026, 12, 2))
    assert calendar.is_working_day("TH", date(2026, 12, 2))


@pytest.mark.parametrize("day", ["2025-06-02", "2025-08-11", "2026-01-02"])
def test_days_that_the_cabinet_added_are_off(day: str) -> None:
    assert not calendar.is_working_day("TH", date.fromisoformat(day))


@pytest.mark.parametrize("year", range(2023, 2028))
def test_lao_days_off_of_every_year_or_the_monday_after_a_weekend(year: int) -> None:
    holidays.seed("LA", [year])
    for month, number in ((1, 1), (3, 8), (5, 1), (12, 2)):
        day = date(year, month, number)
        off = day + max(7 - day.weekday(), 0) * DAY if day.weekday() >= 5 else day
        assert not calendar.is_working_day("LA", off), off
    new_year = [date(year, 4, number) for number in (14, 15, 16)]
    assert not any(calendar.is_working_day("LA", day) for day in new_year)


def test_seeding_again_adds_nothing_and_keeps_what_an_administrator_entered() -> None:
    Holiday.objects.filter(day="2026-12-10").update(name_en="Day of the Constitution")
    assert holidays.seed("TH", range(2023, 2029)) == 0
    assert Holiday.objects.get(day="2026-12-10").name_en == "Day of the Constitution"


def test_a_day_entered_or_removed_counts_at_once() -> None:
    tuesday = date(2026, 11, 24)
    assert calendar.is_working_day("TH", tuesday)
    announced = Holiday.objects.create(country="TH", day=tuesday, name_th="วันหยุดพิเศษ")
    assert not calendar.is_working_day("TH", tuesday)
    announced.delete()
    assert calendar.is_working_day("TH", tuesday)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-11-23", 1, "2026-11-24"),  # Monday to Tuesday
        ("2026-11-27", 1, "2026-11-30"),  # over a weekend
        ("2026-11-28", 1, "2026-11-30"),  # from a Saturday
        ("2026-12-04", 1, "2026-12-08"),  # 5 Dec is a Saturday with a substitute on Monday
        ("2026-12-09", 1, "2026-12-11"),  # Constitution Day
        ("2026-12-30", 1, "2027-01-04"),  # the end of the year
        ("2026-12-08", -1, "2026-12-04"),
        ("2026-11-28", 0, "2026-11-28"),
    ],
)
def test_known_working_days(start: str, n: int, expected: str) -> None:
    found = calendar.add_working_days("TH", date.fromisoformat(start), n)
    assert found == date.fromisoformat(expected)


@given(day=days, n=st.integers(-60, 60))
def test_adding_working_days_agrees_with_a_list_of_all_working_days(day: date, n: int) -> None:
    found = calendar.add_working_days("TH", day, n)
    if n > 0:
        assert found == [d for d in _working_days() if d > day][n - 1]
    elif n < 0:
        assert found == [d for d in _working_days() if d < day][n]
    else:
        assert found == day


@given(start=days, end=days)
def test_counting_agrees_with_a_list_of_all_working_days(start: date, end: date) -> None:
    low, high = sorted([start, end])
    counted = len([d for d in _working_days() if low < d <= high])
    expected = counted if start <= end else -counted
    assert calendar.working_days_between("TH", start, end) == expected


@given(day=days, n=st.integers(1, 40))
def test_counting_undoes_adding(day: date, n: int) -> None:
    later = calendar.add_working_days("TH", day, n)
    assert calendar.working_days_between("TH", day, later) == n


@cache
def _working_days() -> list[date]:
    """All working days around the tested years, straight from the table."""
    off = set(Holiday.objects.filter(country="TH").values_list("day", flat=True))
    every_day = [date(2025, 8, 1) + n * DAY for n in range(1035)]
    return [day for day in every_day if day.isoweekday() not in (6, 7) and day not in off]
