"""An office may be open on a holiday; holidays are changed with history (handbook 3.4)."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from cases import calendar, clock, deadlines, holidays, ladders, office_calendar
from cases.models import Area, Change, Holiday, OpenDay, User
from cases.models.area import prefixes
from cases.roles import Role
from tests.cases.running import at, person, places, work_under_deadline

pytestmark = pytest.mark.django_db

NEIGHBOUR = "TH4209"
CODES = ["TH", "TH42", "TH4203", "TH420301", "TH4209"]
FIRST, LAST = date(2026, 11, 23), date(2027, 1, 10)
HOLIDAYS = [date(2026, 12, 7), date(2026, 12, 10), date(2026, 12, 31), date(2027, 1, 1)]
days = st.dates(FIRST, LAST)
NAMES = {"name_th": "วันหยุดพิเศษ", "name_lo": "", "name_en": "Special holiday"}


@pytest.fixture(autouse=True)
def _data(db: None) -> None:
    holidays.seed("TH", [2026, 2027])
    ladders.seed()
    places()
    Area.objects.create(code=NEIGHBOUR, level=2, parent_id="TH42", name_th="วังสะพุง")


@pytest.fixture
def admin() -> User:
    return person("admin", Role.ADMIN, "TH")


def opened(code: str, day: date | str) -> OpenDay:
    return OpenDay.objects.create(area_id=code, day=day)


def test_an_open_day_counts_for_the_area_and_all_below_and_for_no_other() -> None:
    holiday = date(2026, 12, 10)
    day = opened("TH4203", holiday)
    assert {code: calendar.is_working_day(code, holiday) for code in CODES} == {
        **dict.fromkeys(("TH4203", "TH420301"), True),
        **dict.fromkeys(("TH", "TH42", "TH4209"), False),
    }
    day.delete()
    assert not calendar.is_working_day("TH4203", holiday)


def test_no_weekend_is_opened() -> None:
    saturday = date(2026, 12, 5)
    opened("TH42", saturday)
    assert not calendar.is_working_day("TH420301", saturday)


@given(
    open_days=st.sets(st.tuples(st.sampled_from(CODES), st.sampled_from(HOLIDAYS)), max_size=8),
    place=st.sampled_from(CODES),
    start=days,
    end=days,
    n=st.integers(-12, 12),
)
def test_working_days_at_a_place_agree_with_a_list_of_them(
    open_days: set[tuple[str, date]], place: str, start: date, end: date, n: int
) -> None:
    OpenDay.objects.all().delete()
    for code, day in open_days:
        opened(code, day)
    working = working_days(place)
    found = calendar.add_working_days(place, start, n)
    if n > 0:
        assert found == [day for day in working if day > start][n - 1]
    elif n < 0:
        assert found == [day for day in working if day < start][n]
    low, high = sorted([start, end])
    counted = len([day for day in working if low < day <= high])
    assert calendar.working_days_between(place, low, high) == counted
    assert calendar.last_working_day(place, start) == [d for d in working if d <= start][-1]


def working_days(place: str) -> list[date]:
    """Day by day from the tables, by the words of the rule."""
    off = set(Holiday.objects.filter(country="TH", removed=False).values_list("day", flat=True))
    at_work = OpenDay.objects.filter(area__in=prefixes(place)).values_list("day", flat=True)
    off -= set(at_work)
    every_day = [date(2026, 10, 10) + timedelta(days=number) for number in range(140)]
    return [day for day in every_day if day.isoweekday() < 6 and day not in off]


def test_asking_costs_no_query_once_known(django_assert_num_queries: Any) -> None:
    opened("TH4203", "2026-12-10")
    for code in CODES:
        calendar.is_working_day(code, FIRST)
    with django_assert_num_queries(0):
        for code in CODES:
            calendar.add_working_days(code, FIRST, 20)


def test_places_without_open_days_share_their_countrys_calendar() -> None:
    opened("TH4203", "2026-12-10")
    owners = {code: calendar.calendar_of(code) for code in [*CODES, "TH42030105", "LA0102"]}
    below = dict.fromkeys(("TH4203", "TH420301", "TH42030105"), "TH4203")
    assert owners == {**dict.fromkeys(("TH", "TH42", "TH4209"), "TH"), **below, "LA0102": "LA"}


def test_a_deadline_counts_the_day_on_which_its_office_is_open_and_says_so() -> None:
    closed = work_under_deadline(at("2026-12-08"), working_days=3)
    assert closed.due_on == date(2026, 12, 14)
    opened("TH4203", "2026-12-10")
    working = work_under_deadline(at("2026-12-08"), working_days=3)
    assert working.due_on == date(2026, 12, 11)
    told = [(e["what"], e["on"]) for e in working.ledger if e["what"] in ("open", "skipped")]
    assert told == [("open", "2026-12-10")]
    closed.refresh_from_db()
    assert closed.due_on == date(2026, 12, 14)


def test_rungs_of_two_districts_follow_each_its_own_calendar() -> None:
    rung = next(r for r in ladders.current("default").rungs.all() if r.offset_working_days == 1)
    due = date(2026, 12, 9)
    opened("TH4203", "2026-12-10")
    planned = [deadlines.planned_at(code, due, rung).date() for code in ("TH420301", NEIGHBOUR)]
    assert planned == [date(2026, 12, 10), date(2026, 12, 11)]


def test_a_removed_holiday_does_not_come_back_by_the_next_load(admin: User) -> None:
    constitution = Holiday.objects.get(day="2026-12-10")
    assert office_calendar.remove(constitution, by=admin, reason="ประกาศใหม่")
    assert calendar.is_working_day("TH", date(2026, 12, 10))
    assert holidays.seed("TH", [2026]) == 0
    assert calendar.is_working_day("TH", date(2026, 12, 10))
    assert office_calendar.add("TH", date(2026, 12, 10), NAMES, by=admin, reason="คืนวันหยุด")
    assert not calendar.is_working_day("TH", date(2026, 12, 10))


def test_every_change_is_kept_once_with_who_what_and_why(admin: User) -> None:
    day = date(2026, 11, 24)
    for _twice in range(2):
        office_calendar.add("TH", day, NAMES, by=admin, reason="มติ ครม.")
    holiday = Holiday.objects.get(day=day)
    for _twice in range(2):
        office_calendar.rename(holiday, {**NAMES, "name_lo": "ວັນພັກ"}, by=admin, reason="ลาว")
        office_calendar.open_on(Area(pk="TH4203"), day, by=admin, reason="ออกหน่วย")
        assert calendar.is_working_day("TH4203", day)
    for _twice in range(2):
        office_calendar.close_on(Area(pk="TH4203"), day, by=admin, reason="งดออกหน่วย")
        office_calendar.remove(holiday, by=admin, reason="ยกเลิก")
    kept = Change.objects.order_by("pk").values_list("kind", "by", "area", "after__reason")
    assert list(kept) == [
        ("HOLIDAY_ADDED", admin.pk, "TH", "มติ ครม."),
        ("HOLIDAY_CHANGED", admin.pk, "TH", "ลาว"),
        ("OPEN_DAY_ADDED", admin.pk, "TH4203", "ออกหน่วย"),
        ("OPEN_DAY_REMOVED", admin.pk, "TH4203", "งดออกหน่วย"),
        ("HOLIDAY_REMOVED", admin.pk, "TH", "ยกเลิก"),
    ]
    assert calendar.is_working_day("TH4203", day)


def test_the_reference_data_covers_this_year_and_two_more() -> None:
    call_command("load_reference", stdout=StringIO())
    this = clock.today().year
    for country in ("TH", "LA"):
        years = Holiday.objects.filter(country=country).values_list("day__year", flat=True)
        assert set(range(this, this + 3)) <= set(years)
