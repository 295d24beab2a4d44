"""Quiet hours: nobody is told at night or on a day off of their office (handbook 8.9)."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cases import calendar, holidays
from cases.models import Area, OpenDay
from cases.quiet import hold_until
from tests.cases.running import BANGKOK, at


@pytest.fixture
def _holidays(db: None) -> None:
    holidays.seed("TH", [2026, 2027])


# Monday, 23 November 2026 is a working day; Monday and Thursday, 7 and 10 December are holidays.
@pytest.mark.parametrize(
    ("day", "hour", "held"),
    [
        ("2026-11-23", "07:29", "2026-11-23"),
        ("2026-11-23", "07:30", None),
        ("2026-11-23", "12:00", None),
        ("2026-11-23", "17:59", None),
        ("2026-11-23", "18:00", "2026-11-24"),
        ("2026-11-23", "23:59", "2026-11-24"),
        ("2026-11-24", "00:00", "2026-11-24"),
        ("2026-11-27", "20:00", "2026-11-30"),
        ("2026-11-28", "12:00", "2026-11-30"),
        ("2026-12-04", "19:00", "2026-12-08"),
        ("2026-12-07", "06:00", "2026-12-08"),
        ("2026-12-10", "10:00", "2026-12-11"),
    ],
)
@pytest.mark.usefixtures("_holidays")
def test_what_comes_up_at_night_or_on_a_day_off_waits_until_the_office_opens(
    day: str, hour: str, held: str | None
) -> None:
    assert hold_until("TH420301", at(day, hour)) == (at(held, "08:30") if held else None)


@pytest.mark.usefixtures("_holidays")
def test_who_works_on_a_holiday_is_told_on_it() -> None:
    Area.objects.create(code="TH42", level=1)
    OpenDay.objects.create(area_id="TH42", day="2026-12-07", reason="-")
    assert hold_until("TH420301", at("2026-12-07", "10:00")) is None
    assert hold_until("TH43", at("2026-12-07", "10:00")) == at("2026-12-08", "08:30")


@pytest.mark.parametrize(
    ("quiet", "hour", "held"),
    [
        ((time(22), time(6)), "21:00", None),
        ((time(22), time(6)), "05:00", ("2026-11-24", "08:30")),
        ((time(17), time(9, 30)), "09:00", ("2026-11-24", "09:30")),
        ((time(12), time(13)), "12:30", ("2026-11-24", "13:00")),
        ((time(12), time(13)), "23:00", None),
        ((time(8, 20), time(2)), "10:00", ("2026-11-25", "02:00")),
        ((time(0), time(0)), "03:00", None),
    ],
)
@pytest.mark.usefixtures("_holidays")
def test_a_ladder_may_have_other_hours(
    quiet: tuple[time, time], hour: str, held: tuple[str, str] | None
) -> None:
    assert hold_until("TH", at("2026-11-24", hour), quiet) == (at(*held) if held else None)


class TestAlways(TestCase):
    """Whatever the moment and the hours."""

    @given(
        st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 11, 30)),
        st.tuples(st.times(), st.times()) | st.none(),
    )
    def test_nobody_is_told_in_quiet_hours_and_nobody_waits_a_working_day_longer(
        self, naive: datetime, quiet: tuple[time, time] | None
    ) -> None:
        holidays.seed("TH", [2026, 2027])
        calendar.forget()
        moment = naive.replace(tzinfo=BANGKOK)
        told = hold_until("TH", moment, quiet) or moment
        assert told >= moment
        assert calendar.is_working_day("TH", told.astimezone(BANGKOK).date())
        assert hold_until("TH", told, quiet) is None
        between = (moment.date() + timedelta(days=n) for n in range(1, (told - moment).days + 1))
        assert not any(_open_all_day(day, told.date()) for day in between)


def _open_all_day(day: date, told_on: date) -> bool:
    return day < told_on and calendar.is_working_day("TH", day)
