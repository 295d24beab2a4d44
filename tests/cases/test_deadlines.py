"""Deadlines: when work is due and why (handbook 3.4, 4.3)."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cases import calendar, deadlines, holidays, ladders
from cases.models import Case, Deadline, Ladder
from tests.cases.running import BANGKOK, at, places, work_under_deadline

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(db: None) -> None:
    holidays.seed("TH", range(2026, 2029))
    ladders.seed()
    places()


def test_due_in_seven_working_days_with_the_account_of_why() -> None:
    deadline = work_under_deadline(at("2026-12-01"))
    assert deadline.due_on == deadline.work_item.due_on == date(2026, 12, 14)
    told = [(entry["what"], entry.get("on"), entry.get("days")) for entry in deadline.ledger]
    assert told == [
        ("started", "2026-12-01", None),
        ("skipped", "2026-12-07", None),  # substitute for 5 December, a Saturday
        ("skipped", "2026-12-10", None),
        ("weekends", None, 4),
        ("due", "2026-12-14", None),
    ]
    constitution_day = deadline.ledger[2]["name"]
    assert (constitution_day["th"], constitution_day["en"]) == ("วันรัฐธรรมนูญ", "Constitution Day")


def test_calendar_days_may_end_on_a_day_off(case: Any) -> None:
    due = deadlines.due_on(case, {"days": 14}, at=at("2026-11-22"))
    assert due == date(2026, 12, 6)  # a Sunday: the legal date stays


@pytest.mark.parametrize(
    "rule", [{}, {"weeks": 1}, {"days": -1}, {"days": 1, "working_days": 1}, {"days": "7"}]
)
def test_a_rule_that_is_none_is_refused(rule: dict[str, Any], case: Any) -> None:
    with pytest.raises(ValueError, match="working_days"):
        deadlines.due_on(case, rule, at=at("2026-11-23"))


@pytest.mark.parametrize(
    ("moment", "begins_on"),
    [
        (datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), date(2026, 11, 23)),  # midnight in Bangkok
    ],
)
def test_the_day_is_the_offices_not_the_servers(moment: datetime, begins_on: date) -> None:
    deadline = work_under_deadline(moment)
    assert deadline.started_on == begins_on


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    place=st.sampled_from([("TH420301", "Asia/Bangkok"), ("LA080101", "Asia/Vientiane")]),
)
def test_a_day_is_that_of_the_place_at_every_moment(
    moment: datetime, place: tuple[str, str]
) -> None:
    code, zone = place
    there = moment.astimezone(ZoneInfo(zone)).date()
    case = Case(area_id=code)
    assert deadlines.due_on(case, {"days": 0}, at=moment) == there
    assert deadlines.due_on(case, {"days": 9}, at=moment) == there + timedelta(days=9)
    first = deadlines.due_on(case, {"working_days": 1}, at=moment)
    assert calendar.working_days_between(code, there, first) == 1


def test_a_start_costs_one_statement_once_calendars_are_known(
    django_assert_num_queries: Any,
) -> None:
    known = work_under_deadline(at("2026-11-23"))
    item = known.work_item
    Deadline.objects.filter(pk=known.pk).delete()
    with django_assert_num_queries(1) as statements:
        deadlines.start(known.case, item, {"working_days": 7}, at=at("2026-11-23"))
    assert statements.captured_queries[0]["sql"].startswith("INSERT")


def test_closing_is_one_statement_and_tells_nobody_any_more(django_assert_num_queries: Any) -> None:
    first, second, other = (work_under_deadline(at("2026-11-23")) for _ in range(3))
    with django_assert_num_queries(1):
        closed = deadlines.close([first.work_item_id, second.work_item_id], at=at("2026-11-24"))
    assert closed == 2
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.closed_at, first.next_at) == (at("2026-11-24"), None)
    assert other.next_at == at("2026-11-27", "08:30")


def test_rungs_that_would_lie_before_the_start_are_dropped() -> None:
    deadline = work_under_deadline(at("2026-11-23", "10:00"), working_days=3)
    assert (deadline.rung, deadline.next_at) == (1, at("2026-11-26", "08:30"))


def test_due_on_a_day_off_is_told_on_the_last_working_day_before() -> None:
    sunday, rungs = date(2026, 12, 6), ladders.current("default").rungs.all()
    days = [deadlines.planned_at("TH", sunday, rung).date().isoformat() for rung in rungs]
    # 7 December is the substitute of the 5th, 10 December Constitution Day
    assert days[:4] == ["2026-12-02", "2026-12-04", "2026-12-08", "2026-12-08"]


@given(
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 10, 1)),
    working_days=st.integers(1, 60),
)
def test_every_rung_lies_on_a_working_day_at_half_past_eight_and_after_the_start(
    moment: datetime, working_days: int
) -> None:
    start = moment.replace(tzinfo=BANGKOK)
    deadline = work_under_deadline(start, working_days=working_days)
    assert calendar.is_working_day("TH", deadline.due_on)
    assert deadline.next_at > start
    climb = [
        timezone.localtime(deadlines.planned_at("TH", deadline.due_on, rung))
        for rung in deadline.ladder.rungs.all()
    ]
    assert climb == sorted(climb)
    for planned in climb:
        assert planned.time() == time(8, 30)
        assert calendar.is_working_day("TH", planned.date())


def test_a_changed_ladder_is_a_new_version_and_running_deadlines_keep_theirs(
    tmp_path: Path,
) -> None:
    before = work_under_deadline(at("2026-11-23"))
    assert ladders.seed() == []  # nothing changed
    changed = yaml.safe_load(ladders.FIXTURE.read_text(encoding="utf-8"))
    changed[0]["rungs"] = changed[0]["rungs"][1:]
    path = tmp_path / "ladders.yaml"
    path.write_text(yaml.safe_dump(changed), encoding="utf-8")

    (second,) = ladders.seed(path)
    after = work_under_deadline(at("2026-11-23"))
    before.refresh_from_db()
    assert (before.ladder.version, after.ladder.version) == (1, 2)
    assert after.ladder == second
    assert before.next_at == at("2026-11-27", "08:30")  # three working days before 2 December
    assert after.next_at == at("2026-12-02", "08:30")


def test_an_unknown_ladder_is_named(case: Any) -> None:
    item = work_under_deadline(at("2026-11-23")).work_item
    with pytest.raises(Ladder.DoesNotExist, match="no ladder 'quick'"):
        deadlines.start(case, item, {"days": 1}, at=at("2026-11-23"), ladder="quick")


@pytest.fixture
def case(_data: None) -> Any:
    return work_under_deadline(at("2026-11-23")).case
