"""The auditor finds every rung that a sweep missed, and nothing in a healthy life (DESIGN 4)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cases import alarms, auditor, holidays, ladders, mending, pauses, sweep, unstaffed
from cases.alarms import Kind
from cases.models import Alarm, Deadline, OpenDay, RungRecord, User
from cases.roles import Role
from notifications.models import Message
from tests.cases.running import DISTRICT, PROVINCE, at, person, places, work_under_deadline

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BEGUN = at("2026-11-23")  # a Monday; 7 and 10 December are days off
MOMENTS = st.integers(0, 40).map(lambda days: BEGUN + days * DAY)


@pytest.fixture(scope="module", autouse=True)
def _data(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), undone():
        holidays.seed("TH", [2026, 2027])
        ladders.seed()
        places()
        OpenDay.objects.create(area_id=DISTRICT, day="2026-12-10")  # a calendar of its own
        person("officer", Role.FIELD_OFFICER)
        person("cd_chief", Role.DISTRICT_CHIEF_CD, DISTRICT)
        person("academic", Role.PROV_ACADEMIC, PROVINCE)
        yield


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def swept(until: datetime) -> None:
    """Sweep whenever a rung is due, and deliver, as a whole installation does."""
    while next_at := Deadline.objects.filter(next_at__lte=until).aggregate(Min("next_at"))[
        "next_at__min"
    ]:
        sweep.until_done(at=max(next_at, BEGUN))
    Message.objects.filter(sent_at=None).update(sent_at=timezone.now())


def found(moment: datetime) -> dict[str, set[int]]:
    """What the auditor finds when it looks a second time: deadlines by kind."""
    every = auditor.findings(at=moment, since=moment - auditor.GRACE)
    return {each.kind: set(each.facts["deadlines"]) for each in every}


def stop(deadline: Deadline) -> str:
    Deadline.objects.filter(pk=deadline.pk).update(next_at=None)
    return Kind.LADDER_STOPPED


def put_off(deadline: Deadline) -> str:
    Deadline.objects.filter(pk=deadline.pk).update(next_at=deadline.next_at + 400 * DAY)
    rungs_left = deadline.rung < deadline.ladder.rungs.count()
    return Kind.RUNG_LATE if rungs_left else Kind.LADDER_STOPPED  # only repeats are left


def leap(deadline: Deadline) -> str:
    following = deadline.rung + 1
    assume(following < deadline.ladder.rungs.count())
    later = deadline.next_at + 400 * DAY
    Deadline.objects.filter(pk=deadline.pk).update(rung=following, next_at=later)
    return Kind.RUNG_MISSED


def run_to_the_end(deadline: Deadline) -> str:
    last = deadline.ladder.rungs.count()
    assume(deadline.rung < last)
    Deadline.objects.filter(pk=deadline.pk).update(rung=last, next_at=None)
    return Kind.RUNG_MISSED


def forget(deadline: Deadline) -> str:
    records = RungRecord.objects.filter(deadline=deadline)
    assume(records.exists())
    records.filter(position=records.latest("pk").position).delete()
    return Kind.RUNG_MISSED


BREAKS: list[Callable[[Deadline], str]] = [stop, put_off, leap, run_to_the_end, forget]


@pytest.mark.parametrize("break_it", BREAKS)
@given(data=st.data())
@settings(max_examples=5)
def test_a_rung_that_a_sweep_misses_is_found(
    break_it: Callable[[Deadline], str], data: st.DataObject
) -> None:
    """Any deadline of several, broken at any moment of its life, is named; the others are not."""
    with undone():
        officer = User.objects.get(username="officer")
        many = [
            work_under_deadline(BEGUN, officer, working_days=data.draw(st.integers(0, 15)))
            for _ in range(data.draw(st.integers(1, 4)))
        ]
        moment = data.draw(MOMENTS)
        swept(moment)
        assert found(moment + auditor.GRACE) == {}
        broken = Deadline.objects.get(pk=data.draw(st.sampled_from(many)).pk)
        assume(broken.next_at is not None)
        kind = break_it(broken)
        later = moment + 60 * DAY
        swept(later)
        seen = later + auditor.GRACE  # a day later the next repeat may be due
        alarmed = found(seen)
        assert kind in alarmed
        assert set.union(*alarmed.values()) == {broken.pk}
        assert mending.mend(at=seen) == 1
        swept(later + 2 * DAY)
        assert found(later + 2 * DAY) == {}
        assert mending.mend(at=later + 2 * DAY) == 0


@given(data=st.data())
@settings(max_examples=10)
def test_a_healthy_life_gives_no_alarm(data: st.DataObject) -> None:
    """Work is begun, rests, goes on and ends at any time; sweeps come late and in bunches."""
    with undone():
        officer = User.objects.get(username="officer")
        running: list[Deadline] = []
        moment = BEGUN
        for _step in range(data.draw(st.integers(3, 12))):
            moment += timedelta(hours=data.draw(st.integers(1, 200)))
            act = data.draw(st.sampled_from(["begin", "begin", "rest", "go_on", "end", "wait"]))
            if act == "begin":
                days = data.draw(st.integers(0, 12))
                running.append(work_under_deadline(moment, officer, working_days=days))
            elif running and act != "wait":
                case = data.draw(st.sampled_from(running)).case
                if act == "rest":
                    pauses.pause(case, at=moment, why=pauses.WAITING)
                elif act == "go_on":
                    pauses.resume(case, at=moment)
                else:
                    Deadline.objects.filter(case=case).update(closed_at=moment, next_at=None)
            swept(moment)
            assert found(moment + auditor.GRACE) == {}


def one_told() -> Deadline:
    """A deadline whose officer was reminded a moment ago, on 27 November."""
    deadline = work_under_deadline(BEGUN, User.objects.get(username="officer"))
    sweep.until_done(at=at("2026-11-27"))
    return deadline


def test_what_the_outbox_lost_or_keeps_is_found() -> None:
    deadline = one_told()
    told = at("2026-11-27")
    assert found(told + timedelta(hours=1)) == {}
    assert found(told + timedelta(hours=3)) == {Kind.MESSAGE_OPEN: {deadline.pk}}
    Message.objects.update(hold_until=told + DAY)
    assert found(told + timedelta(hours=3)) == {}
    Message.objects.update(given_up_at=timezone.now())  # a dead letter stands on a list of its own
    assert found(told + 2 * DAY) == {}
    Message.objects.all().delete()
    assert found(told + timedelta(hours=1)) == {Kind.MESSAGE_MISSING: {deadline.pk}}


def test_after_a_jump_of_the_clock_the_sweep_may_catch_up_first() -> None:
    """A night without power, or the demonstration's clock: only a second look counts."""
    deadline = work_under_deadline(BEGUN, User.objects.get(username="officer"))
    before, after = at("2026-11-24"), at("2026-12-20")
    assert auditor.findings(at=after, since=before) == []
    (late,) = auditor.findings(at=after + DAY, since=after)
    assert (late.kind, late.area) == (Kind.RUNG_LATE, DISTRICT)
    assert late.facts == {"count": 1, "deadlines": [deadline.pk]}


def test_empty_posts_and_people_without_an_address_are_named() -> None:
    officer = User.objects.get(username="officer")
    work_under_deadline(BEGUN, officer)
    notices = list(unstaffed.findings(day=BEGUN.date()))
    assert {each.kind for each in notices} == {Kind.EMPTY_POST}
    empty = {(each.facts["role"], each.area) for each in notices}
    assert {(Role.DISTRICT_CHIEF, DISTRICT), (Role.GOVERNOR, PROVINCE)} <= empty
    assert not {role for role, _area in empty} & {Role.DISTRICT_CHIEF_CD, Role.FIELD_OFFICER}
    User.objects.filter(pk=officer.pk).update(email="")
    (unreached,) = [e for e in unstaffed.findings(day=BEGUN.date()) if e.kind == Kind.NO_ADDRESS]
    assert unreached.facts == {"user": officer.pk, "count": 1}


def test_an_alarm_is_open_once_and_cleared_when_it_is_mended() -> None:
    first, later = timezone.now(), timezone.now() + DAY
    late = alarms.Finding(Kind.RUNG_LATE, DISTRICT, DISTRICT, {"count": 1})
    empty = alarms.Finding(Kind.EMPTY_POST, "x", PROVINCE)
    assert len(alarms.keep([late, empty], now=first)) == 2
    more = alarms.Finding(Kind.RUNG_LATE, DISTRICT, DISTRICT, {"count": 7})
    for _twice in range(2):
        alarms.keep([more, empty], now=later)
    alarm = Alarm.objects.get(kind=Kind.RUNG_LATE)
    assert (alarm.seen_at, alarm.last_seen_at) == (first, later)
    assert alarm.facts == {"count": 7, "area": DISTRICT}
    assert [each.kind for each in alarms.red()] == [Kind.RUNG_LATE]
    alarms.keep([empty], now=later)
    assert not alarms.red().exists()
    alarms.keep([late], now=later)  # it comes back as another alarm
    assert Alarm.objects.filter(kind=Kind.RUNG_LATE).count() == 2
