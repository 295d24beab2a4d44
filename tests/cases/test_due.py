"""Rules of deadlines, against a slow and obvious oracle that walks day by day (handbook 3.4)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import due, holidays
from cases.models import Area, Holiday, OpenDay

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
OPEN_ANYWAY = date(2026, 12, 10)  # Constitution Day, on which Chiang Khan's offices are open
PLACES = ("TH", "TH4203", "TH420301", "LA", "LA0801")

days = st.dates(date(2026, 1, 1), date(2027, 10, 31))
places = st.sampled_from(PLACES)
pauses = st.lists(st.tuples(days, st.one_of(st.none(), days)), max_size=4)


@pytest.fixture(autouse=True)
def _calendars(db: None) -> None:
    for country in ("TH", "LA"):
        holidays.seed(country, range(2025, 2031))
    for code in ("TH", "TH42", "TH4203"):
        parent = code[:-2] if len(code) > 2 else None
        Area.objects.get_or_create(code=code, defaults={"level": 0, "parent_id": parent})
    OpenDay.objects.create(area_id="TH4203", day=OPEN_ANYWAY)


def first_from(day: date, fits: Callable[[date], bool]) -> date:
    """The first day from `day` on that fits, looked for one by one."""
    while not fits(day):
        day += DAY
    return day


def working(place: str) -> Callable[[date], bool]:
    """Straight from the tables: what is no weekend and no holiday, or a holiday opened."""
    off = set(Holiday.objects.filter(country=place[:2]).values_list("day", flat=True))
    off -= {OPEN_ANYWAY} if place.startswith("TH4203") else set()
    return lambda day: day.isoweekday() <= 5 and day not in off


@given(
    place=places,
    unit=st.sampled_from(due.COUNTED),
    n=st.integers(0, 60),
    start=days,
    pauses=pauses,
    extended=st.integers(0, 20),
)
def test_counted_days_are_those_that_are_neither_off_nor_within_a_pause(
    place: str, unit: str, n: int, start: date, pauses: list[due.Pause], extended: int
) -> None:
    is_open, counted, day = working(place), 0, start
    while counted < n + extended:
        day += DAY
        paused = any(again and first <= day < again for first, again in pauses)
        counted += not paused and (unit == "days" or is_open(day))
    found = due.due_on(place, {unit: n}, start, pauses=pauses, extended=extended)
    assert found == day


@given(place=places, start=days, number=st.integers(1, 31), data=st.data())
def test_legal_days_are_the_first_that_fit_whatever_day_of_the_week(
    place: str, start: date, number: int, data: Any
) -> None:
    in_year = data.draw(st.dates(date(2024, 1, 1), date(2024, 12, 31)))
    text = f"{in_year:%m-%d}"
    fiscal = (9, 30) if place.startswith("TH") else (12, 31)

    def last_of_month(day: date) -> bool:
        return (day + DAY).month != day.month

    expected: list[tuple[dict[str, Any], Callable[[date], bool]]] = [
        (
            {"day_of_month": number},
            lambda day: day.day == number or (last_of_month(day) and day.day < number),
        ),
        ({"yearly": text}, lambda day: is_in_year(day, in_year)),
        ({"window": ["01-01", text]}, lambda day: is_in_year(day, in_year)),
        ({"every": "month"}, last_of_month),
        ({"every": "quarter"}, lambda day: last_of_month(day) and day.month in (3, 6, 9, 12)),
        ({"end_of": "quarter"}, lambda day: last_of_month(day) and day.month in (3, 6, 9, 12)),
        ({"end_of": "fiscal_year"}, lambda day: (day.month, day.day) == fiscal),
    ]
    for rule, fits in expected:
        assert due.due_on(place, rule, start) == first_from(start, fits), rule


def is_in_year(day: date, wanted: date) -> bool:
    """Whether `day` is the same day of its year; 28 February stands for a missing 29th."""
    if (wanted.month, wanted.day) == (2, 29) and day.year % 4:
        return (day.month, day.day) == (2, 28)
    return (day.month, day.day) == (wanted.month, wanted.day)


@given(place=places, held=days, n=st.integers(-60, 60), start=days, pauses=pauses)
def test_days_before_and_after_a_day_of_the_case(
    place: str, held: date, n: int, start: date, pauses: list[due.Pause]
) -> None:
    is_open, day, left = working(place), held, abs(n)
    while left:
        day += DAY if n > 0 else -DAY
        left -= is_open(day)
    given_day: dict[str, Any] = {"fixed": held, "pauses": pauses}
    assert due.due_on(place, {"on": "day", "working_days": n}, start, **given_day) == day
    assert due.due_on(place, {"on": "day", "days": n}, start, **given_day) == held + n * DAY
    assert due.due_on(place, {"on": "day"}, start, **given_day) == held


@given(place=places, start=days, pauses=pauses, more=st.integers(0, 30))
def test_an_extension_counts_behind_a_legal_day_in_calendar_days_and_pauses_do_not(
    place: str, start: date, pauses: list[due.Pause], more: int
) -> None:
    rules: list[dict[str, Any]] = [{"day_of_month": 20}, {"end_of": "fiscal_year"}]
    for rule in rules:
        without = due.due_on(place, rule, start)
        found = due.due_on(place, rule, start, pauses=pauses, extended=more)
        assert found == without + more * DAY


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ({"day_of_month": 20}, "2024-01-20", "2024-01-20"),  # a Saturday: the legal date stays
        ({"day_of_month": 20}, "2024-01-21", "2024-02-20"),
        ({"day_of_month": 31}, "2026-02-01", "2026-02-28"),
        ({"yearly": "03-31"}, "2026-04-01", "2027-03-31"),
        ({"yearly": "02-29"}, "2026-03-01", "2027-02-28"),
        ({"window": ["03-06", "03-08"]}, "2026-01-01", "2026-03-08"),  # the savings week
        ({"window": ["03-06", "03-08"]}, "2026-03-07", "2026-03-08"),
        ({"window": ["12-15", "01-15"]}, "2026-12-20", "2027-01-15"),
        ({"every": "quarter"}, "2026-10-01", "2026-12-31"),
        ({"end_of": "fiscal_year"}, "2026-09-30", "2026-09-30"),
        ({"end_of": "fiscal_year"}, "2026-10-01", "2027-09-30"),
    ],
)
def test_known_legal_days(rule: dict[str, Any], start: str, expected: str) -> None:
    assert due.due_on("TH", rule, date.fromisoformat(start)).isoformat() == expected


def test_the_lao_fiscal_year_is_the_calendar_year() -> None:
    assert due.due_on("LA08", {"end_of": "fiscal_year"}, date(2026, 10, 1)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        ("2026-11-25", "2026-11-27"),  # returned and mended on one day: nothing moves
        ("2026-11-26", "2026-11-30"),  # a day, over the weekend
        ("2026-12-08", "2026-12-11"),  # left: three days, and Constitution Day lies within them
        (None, "2026-11-27"),  # while it runs the day stays as it stood
    ],
)
def test_a_pause_puts_off_what_was_left_when_it_began(again: str | None, expected: str) -> None:
    pause = (date(2026, 11, 25), date.fromisoformat(again) if again else None)
    found = due.due_on("TH", {"working_days": 4}, date(2026, 11, 23), pauses=[pause])
    assert found.isoformat() == expected


def test_what_was_late_before_a_pause_stays_late() -> None:
    pause = (date(2026, 11, 25), date(2026, 12, 25))
    found = due.due_on("TH", {"working_days": 1}, date(2026, 11, 23), pauses=[pause])
    assert found == date(2026, 11, 24)


@pytest.mark.parametrize(
    "rule",
    [
        *({}, {"weeks": 1}, {"days": -1}, {"days": "7"}, {"days": 1, "working_days": 1}),
        *({"on": ""}, {"on": "a day"}, {"on": "day", "days": 1, "working_days": 1}),
        *({"on": "day", "weeks": 1}, {"on": "day", "days": "1"}, {"on": "day", "yearly": "01-01"}),
        *({"day_of_month": 0}, {"day_of_month": 32}, {"day_of_month": 20, "days": 1}),
        *({"yearly": "13-01"}, {"yearly": "02-30"}, {"yearly": "3-1"}, {"window": ["03-01"]}),
        *({"window": ["03-01", "03-32"]}, {"every": "week"}, {"end_of": "month"}),
    ],
)
def test_nonsense_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="working_days"):
        due.due_on("TH", rule, date(2026, 11, 23), fixed=date(2026, 11, 23))


def test_a_day_that_the_case_does_not_hold_yet_is_named() -> None:
    with pytest.raises(ValueError, match="effective_on"):
        due.due_on("TH", {"on": "effective_on"}, date(2026, 11, 23))


def test_a_day_off_that_is_entered_counts_at_once() -> None:
    start, rule = date(2026, 11, 23), {"working_days": 2}
    assert due.due_on("TH", rule, start) == date(2026, 11, 25)
    Holiday.objects.create(country="TH", day=date(2026, 11, 24), name_th="วันหยุดพิเศษ")
    assert due.due_on("TH", rule, start) == date(2026, 11, 26)
