"""Deadlines that rest: their days do not count, nobody is told meanwhile (handbook 4.3, 8.5)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import calendar, deadlines, holidays, ladders, ledger, moving, pauses, sweep
from cases.models import Deadline, Ladder
from notifications.models import Message
from tests.cases.running import TAMBON, at, person, places, work_under_deadline

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(db: None) -> None:
    holidays.seed("TH", range(2026, 2029))
    ladders.seed()
    places()


def rest(
    deadline: Deadline, since: datetime, until: datetime | None, why: str = "returned"
) -> None:
    pauses.pause(deadline.case, at=since, why=why)
    if until is not None:
        pauses.resume(deadline.case, at=until)
    deadline.refresh_from_db()


def test_what_rests_has_no_next_rung_and_tells_nobody() -> None:
    deadline = work_under_deadline(at("2026-11-23"), person("officer"))
    rest(deadline, at("2026-11-24"), None, "waiting")
    assert (deadline.paused_at, deadline.next_at) == (at("2026-11-24"), None)
    assert deadline.due_on == date(2026, 12, 2)
    sweep.until_done(at=at("2027-02-01"))
    assert not Message.objects.exists()


def test_afterwards_as_many_days_are_left_as_before_and_the_ladder_counts_anew() -> None:
    deadline = work_under_deadline(at("2026-11-23"), person("officer"))  # due on 2 December
    rest(deadline, at("2026-11-27", "16:00"), at("2026-12-08", "10:00"))
    assert deadline.due_on == deadline.work_item.due_on == date(2026, 12, 14)
    assert (deadline.paused_at, deadline.next_at) == (None, at("2026-12-14", "08:30"))
    told = [(entry["what"], entry.get("on"), entry.get("why")) for entry in deadline.ledger]
    assert told[-5:] == [
        ("paused", "2026-11-27", "returned"),
        ("resumed", "2026-12-08", "returned"),
        ("skipped", "2026-12-10", None),
        ("weekends", None, None),
        ("due", "2026-12-14", None),
    ]
    assert deadline.ledger[-2]["days"] == 2


@pytest.mark.parametrize("next_at", [None, at("2026-11-30", "08:30"), at("2026-11-25", "08:30")])
def test_where_the_day_stays_the_ladder_goes_on_where_it_stood(next_at: datetime | None) -> None:
    """At the next rung, at a repeat of the last one, or at none; also where that lies behind."""
    deadline = work_under_deadline(at("2026-11-23"))
    Deadline.objects.filter(pk=deadline.pk).update(next_at=next_at, rung=1, repeats=1)
    rest(deadline, at("2026-11-26", "09:00"), at("2026-11-26", "15:00"))
    assert (deadline.next_at, deadline.rung, deadline.repeats) == (next_at, 1, 1)
    assert deadline.due_on == date(2026, 12, 2)
    assert deadline.ledger[-1]["what"] == "resumed"


def test_a_legal_day_stays_and_a_rung_that_came_meanwhile_is_climbed_then() -> None:
    deadline = work_under_deadline(at("2026-11-23"), person("officer"))
    legal = {"rule": {"day_of_month": 2}}
    Deadline.objects.filter(pk=deadline.pk).update(**legal)
    rest(deadline, at("2026-11-24"), at("2026-12-01"))
    assert deadline.due_on == date(2026, 12, 2)
    assert deadline.next_at == at("2026-11-27", "08:30")
    sweep.until_done(at=at("2026-12-01", "10:00"))
    assert [message.template for message in Message.objects.all()] == ["reminder"]


def test_what_was_late_stays_late() -> None:
    deadline = work_under_deadline(at("2026-11-23"), working_days=1)
    Deadline.objects.filter(pk=deadline.pk).update(rung=3, next_at=at("2026-12-01", "08:30"))
    rest(deadline, at("2026-11-27"), at("2026-12-15"))
    assert deadline.due_on == date(2026, 11, 24)
    assert (deadline.rung, deadline.next_at) == (3, at("2026-12-01", "08:30"))


def test_what_rests_already_goes_on_resting_and_what_ended_does_not_begin() -> None:
    resting = work_under_deadline(at("2026-11-23"))
    rest(resting, at("2026-11-24"), None)
    rest(resting, at("2026-11-25"), None, "waiting")
    assert [entry["what"] for entry in resting.ledger].count("paused") == 1
    ended = work_under_deadline(at("2026-11-23"))
    deadlines.close([ended.work_item_id], at=at("2026-11-24"))
    rest(ended, at("2026-11-25"), at("2026-11-26"))
    assert (ended.paused_at, ended.next_at) == (None, None)
    assert "paused" not in {entry["what"] for entry in ended.ledger}


def test_more_time_for_what_rests_counts_when_it_goes_on() -> None:
    deadline = work_under_deadline(at("2026-11-23"))
    rest(deadline, at("2026-11-27"), None)
    moving.extend(deadline, deadline.case, 2, key=1, at=at("2026-11-30"))
    assert (deadline.due_on, deadline.next_at) == (date(2026, 12, 4), None)
    pauses.resume(deadline.case, at=at("2026-11-30", "15:00"))
    deadline.refresh_from_db()
    assert deadline.due_on == date(2026, 12, 8)  # one working day was lost, the 7th is off


def test_the_ladder_under_which_it_began_stays_in_force() -> None:
    deadline = work_under_deadline(at("2026-11-23"))
    newer = Ladder.objects.create(code="default", version=9, line=deadline.ladder.line)
    ladders.forget()
    assert ladders.current("default", TAMBON) == newer
    rest(deadline, at("2026-11-24"), at("2026-12-15"))
    assert (deadline.ladder.version, deadline.rung) == (1, 0)
    assert deadline.next_at is not None


@settings(max_examples=40)
@given(
    working_days=st.integers(1, 20),
    gaps=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 12)), max_size=4),
)
def test_after_any_pauses_as_many_working_days_counted_as_the_rule_says(
    working_days: int, gaps: list[tuple[int, int]]
) -> None:
    start = at("2026-11-23")
    deadline = work_under_deadline(start, working_days=working_days)
    now, rested = start, set[date]()
    for ran, paused in gaps:
        since = now + timedelta(days=ran)
        now = since + timedelta(days=paused)
        rest(deadline, since, now)
        rested |= {since.date() + timedelta(days=n) for n in range(paused)}
    day, counted = start.date(), 0
    while counted < working_days:
        day += timedelta(days=1)
        counted += calendar.is_working_day(TAMBON, day) and day not in rested
    assert deadline.due_on == day
    assert deadlines.due_of(deadline, deadline.case) == day
    assert len(ledger.pauses(deadline.ledger)) == len(gaps)
    assert deadline.paused_at is None
