"""Told again until somebody acts; quiet hours; a deadline that moves tells anew (handbook 4.3, 8).

Rungs of a ladder of the district's own: a reminder that repeats, and the chief once it is late.
"""

from datetime import date, time
from typing import Any

import pytest

from cases import deadlines, holidays, ladders, sweep
from cases.models import Area, Deadline, RungRecord, User
from cases.roles import Role
from notifications.models import Message
from tests.cases.climbing import BEGUN, DUE_DAY, TEN_LATE, skips, swept
from tests.cases.running import DISTRICT, at, person, places, work_under_deadline

AGAIN = {
    "working_days": 0,
    "tell": "ASSIGNEE",
    "template": "due_today",
    "every": 2,
    "times": 2,
}
LATE = {"working_days": 9, "tell": "ABOVE", "above": 1, "template": "escalated"}


@pytest.fixture(autouse=True)
def _data(db: None) -> None:
    holidays.seed("TH", [2026, 2027])
    ladders.seed()
    places()


@pytest.fixture
def officer() -> User:
    return person("officer", Role.FIELD_OFFICER)


@pytest.fixture
def chief() -> User:
    return person("chief", Role.DISTRICT_CHIEF_CD, DISTRICT)


def climbing(officer: User, *entries: dict[str, Any], quiet: Any = None) -> Deadline:
    """Work of the officer's, due on 2 December, on a ladder of the district's own."""
    area = Area.objects.get(pk=DISTRICT)
    ladders.add_version("default", area, entries, by=officer, reason="-", quiet=quiet)
    return work_under_deadline(BEGUN, officer)


def test_told_again_so_many_times_and_no_more(officer: User) -> None:
    deadline = climbing(officer, AGAIN)
    told = {("officer", "due_today")}
    assert swept(DUE_DAY) == told
    assert swept("2026-12-03") == set()
    assert swept("2026-12-04") == told  # two working days later
    assert swept("2026-12-09") == told  # 7 December is a day off
    assert swept("2027-01-29") == set()
    assert list(RungRecord.objects.order_by("pk").values_list("position", "repeat")) == [
        (0, 0),
        (0, 1),
        (0, 2),
    ]
    deadline.refresh_from_db()
    assert (deadline.repeats, deadline.next_at) == (2, None)
    assert Message.objects.order_by("pk").last().context["repeat"] == 2


@pytest.mark.usefixtures("chief")
def test_the_next_rung_overtakes_the_repeats_that_are_left(officer: User) -> None:
    climbing(officer, AGAIN | {"times": 9, "every": 4}, LATE)
    assert swept(DUE_DAY) == {("officer", "due_today")}
    assert swept("2026-12-09") == {("officer", "due_today")}  # the second one is due on the 16th
    assert swept("2026-12-17") == {("chief", "escalated")}  # the sweep stood still since
    assert swept("2027-01-29") == set()


def test_after_a_standstill_told_again_once_and_from_then_on(officer: User) -> None:
    climbing(officer, AGAIN)
    swept(DUE_DAY)
    assert len(swept("2026-12-14")) == 1
    assert swept("2026-12-15") == set()
    assert len(swept("2026-12-16")) == 1


def test_work_that_is_done_is_not_told_again(officer: User) -> None:
    deadline = climbing(officer, AGAIN)
    swept(DUE_DAY)
    deadlines.close([deadline.work_item_id], at=at("2026-12-03"))
    assert swept(TEN_LATE) == set()


def test_no_repeat_of_a_rung_that_lay_behind_when_it_began(officer: User) -> None:
    early = AGAIN | {"working_days": -8, "every": 1}
    climbing(officer, early, AGAIN | {"every": 5})
    assert swept("2026-11-24") == set()
    assert swept("2026-11-30") == set()
    assert swept(DUE_DAY) == {("officer", "due_today")}


def test_a_deadline_that_moved_tells_anew(officer: User) -> None:
    deadline = climbing(officer, AGAIN)
    assert len(swept(DUE_DAY)) == 1
    Deadline.objects.filter(pk=deadline.pk).update(
        due_on=date(2026, 12, 15), rung=0, repeats=0, next_at=at("2026-12-15", "08:30")
    )
    assert len(swept("2026-12-15")) == 1
    keys = [f"rung:{deadline.pk}:0:{day}:0:{officer.pk}" for day in (DUE_DAY, "2026-12-15")]
    assert list(Message.objects.order_by("pk").values_list("key", flat=True)) == keys


@pytest.mark.parametrize(
    ("day", "hour", "held"),
    [
        (DUE_DAY, "08:30", None),
        (DUE_DAY, "17:59", None),
        (DUE_DAY, "18:00", "2026-12-03"),
        ("2026-12-03", "07:29", "2026-12-03"),
        ("2026-12-05", "10:00", "2026-12-08"),  # a Saturday, and Monday is a day off
    ],
)
def test_in_quiet_hours_it_is_recorded_at_once_and_held(
    officer: User, day: str, hour: str, held: str | None
) -> None:
    climbing(officer, AGAIN, quiet=(time(18), time(7, 30)))
    assert len(swept(day, hour)) == 1
    message, record = Message.objects.get(), RungRecord.objects.get()
    assert message.hold_until == (at(held, "08:30") if held else None)
    assert (record.outcome, record.at) == ("FIRED", at(day, hour))


def test_what_is_urgent_is_told_at_night(officer: User) -> None:
    climbing(officer, AGAIN | {"urgent": True}, quiet=(time(18), time(7, 30)))
    swept(DUE_DAY, "22:00")
    message = Message.objects.get()
    assert (message.hold_until, message.urgent) == (None, True)


def test_told_again_counts_from_when_the_message_goes_out(officer: User) -> None:
    climbing(officer, AGAIN | {"every": 1}, quiet=(time(18), time(7, 30)))
    assert len(swept("2026-12-05")) == 1  # a Saturday: held until Tuesday, the 8th
    assert swept("2026-12-08") == set()
    assert len(swept("2026-12-09")) == 1


def test_a_rung_may_name_its_channel(officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(email="")
    climbing(officer, AGAIN | {"channel": "BELL"})
    assert len(swept(DUE_DAY)) == 1  # the bell needs no address
    assert Message.objects.get().channel == "BELL"
    assert skips() == []


def test_a_batch_with_repeats_costs_no_more(
    officer: User, django_assert_max_num_queries: Any
) -> None:
    climbing(officer, AGAIN)
    for _ in range(7):
        work_under_deadline(BEGUN, officer)
    swept(DUE_DAY)
    with django_assert_max_num_queries(9):
        assert sweep.until_done(at=at("2026-12-04")) == 8
