"""Every month of every followed group is opened once: never twice, never missing (issue 3).

Random outages of beat, groups that join, close and open again, several openers at once.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cases import clock
from cases.models import CaseCounter, Party
from cases.periods import first_month, month_of, months_through
from tests.cast import assemble
from tests.procedures.monthly import at, followed
from workflows import tasks
from workflows.procedures.group_month.days import days_of
from workflows.procedures.group_month.models import GroupMonth
from workflows.procedures.group_month.opening import open_months

NUMBERS = {"report_day": 20, "same_month_until": 15, "missing_after_days": 10}


class Calendar(RuleBasedStateMachine):
    """Time passes, beat runs or not, groups come and go; a plain model says what must be there."""

    cast: Any

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.today = date(2026, 9, 12)
        self.asked: dict[int, set[date]] = {}  # by group: the periods of which it is asked
        self.groups: list[Party] = []
        self.slept = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def now(self) -> Any:
        return clock.travel(timezone.make_aware(datetime.combine(self.today, time(9))))

    def expect(self) -> None:
        """What must be there once beat has run today."""
        for group in self.groups:
            if group.status == Party.Status.ACTIVE:
                self.asked[group.pk] |= set(months_through(group.followed_from, self.today))
            elif group.status == Party.Status.DISSOLVED:
                day = group.rules.get().deposit_day
                self.asked[group.pk] |= {
                    period
                    for period in months_through(group.followed_from, group.closed_on)
                    if days_of(period, day, NUMBERS, "TH4203").deposit_on <= group.closed_on
                }

    @rule(day=st.integers(1, 31), back=st.integers(0, 100))
    def join(self, day: int, back: int) -> None:
        if len(self.groups) < 4:
            with self.now():
                since = first_month(self.today - timedelta(days=back), day)
                group = followed(self.cast.village, since, deposit_day=day)
            self.groups.append(group)
            self.asked[group.pk] = set()
            self.slept = True

    @rule(index=st.integers(0, 3), status=st.sampled_from(["DISSOLVED", "DORMANT"]))
    def close(self, index: int, status: str) -> None:
        group = self.groups[index] if index < len(self.groups) else None
        if group and group.status == Party.Status.ACTIVE:
            group.status = status
            group.closed_on = self.today if status == "DISSOLVED" else None
            group.save()
            self.slept = True

    @rule(index=st.integers(0, 3))
    def reopen(self, index: int) -> None:
        """Whoever makes a group active again asks from this month on."""
        group = self.groups[index] if index < len(self.groups) else None
        if group and group.status != Party.Status.ACTIVE and not self.slept:
            group.status, group.closed_on = Party.Status.ACTIVE, None
            group.followed_from = month_of(self.today)
            group.save()
            self.slept = True

    @rule(days=st.integers(1, 100))
    def sleep(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.slept = True

    @rule(times=st.integers(1, 3))
    def beat(self, times: int) -> None:
        with self.now():
            for _ in range(times):
                open_months()
            tasks.lapse()
        self.expect()
        self.slept = False

    @invariant()
    def never_twice_and_never_one_too_many(self) -> None:
        rows = list(GroupMonth.objects.values_list("party", "period"))
        assert len(rows) == len(set(rows))
        assert all(period in self.asked[party] for party, period in rows)

    @invariant()
    def never_missing_once_beat_has_run(self) -> None:
        if not self.slept:
            for pk, periods in self.asked.items():
                opened = GroupMonth.objects.filter(party=pk).values_list("period", flat=True)
                assert set(opened) == periods

    @invariant()
    def what_was_not_reported_is_seen(self) -> None:
        """Open are only months that can still come in."""
        if not self.slept:
            past = GroupMonth.objects.filter(missing_on__lte=self.today)
            assert set(past.values_list("state", flat=True)) <= {"missing"}


@pytest.mark.django_db
def test_whatever_beat_and_groups_do_each_month_is_opened_once() -> None:
    with transaction.atomic():
        Calendar.cast = assemble()
        run_state_machine_as_test(
            Calendar,
            settings=settings(
                max_examples=25,
                stateful_step_count=12,
                suppress_health_check=list(HealthCheck),
            ),
        )
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_openers_at_the_same_moment_open_each_month_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cast = assemble()
    for number in range(30):
        followed(cast.village, date(2026, 9, 1), name=f"กลุ่ม {number}")
    together = Barrier(3)

    def opener(_: int) -> int:
        try:
            together.wait()
            with at(2026, 11, 2):
                return open_months()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        opened = list(pool.map(opener, range(3)))
    assert sum(opened) == GroupMonth.objects.count() == 90
    assert GroupMonth.objects.values("party", "period").distinct().count() == 90
    assert not caplog.records  # none ran into another
    numbers = GroupMonth.objects.values_list("number", flat=True)
    assert len(set(numbers)) == 90
    assert CaseCounter.objects.get(prefix="SGM-42-2570").last == 90


@pytest.mark.django_db(transaction=True)
def test_a_group_that_cannot_be_opened_stops_no_other(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflows.procedures.group_month import opening

    cast = assemble()
    groups = [followed(cast.village, name=f"กลุ่ม {number}") for number in range(3)]
    whole = opening._open

    def broken(group: Party, *more: Any) -> None:
        whole(group, *more)
        if group == groups[1]:
            raise RuntimeError("the power fails")

    monkeypatch.setattr(opening, "_open", broken)
    with at(2026, 9, 2):
        assert open_months() == 2
        monkeypatch.undo()
        assert open_months() == 1
    assert "the power fails" in caplog.text
    assert GroupMonth.objects.count() == 3
