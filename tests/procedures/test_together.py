"""Several people and the sweep at once, on real connections of PostgreSQL (DESIGN 3, 4)."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from cases import clock
from cases.models import Deadline, WorkItem
from cases.tasks import sweep
from notifications.models import Message
from tests.cast import Cast, assemble, bring_to, entries, fresh, item_of, open_founding
from workflows import actions, claims, tasks
from workflows.entries import Entries
from workflows.errors import AlreadyDone, TakenBySomebody
from workflows.verdicts import Verdict

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run `works` in threads that start together; returns what each returned or raised."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            results[index] = work()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, work)) for i, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return results


@pytest.mark.parametrize("attempt", range(5))
def test_two_claim_and_one_wins(cast: Cast, attempt: int) -> None:
    case = open_founding(cast)
    item = item_of(case)
    claims.release(item.pk, by=cast.officer)
    results = at_once(
        lambda: claims.claim(item.pk, by=cast.officer),
        lambda: claims.claim(item.pk, by=cast.colleague),
    )
    winners = [r for r in results if isinstance(r, WorkItem)]
    losers = [r for r in results if isinstance(r, TakenBySomebody)]
    assert (len(winners), len(losers)) == (1, 1), results
    item.refresh_from_db()
    assert item.owner_id == winners[0].owner_id
    assert item.owner.get_full_name() in losers[0].text


@pytest.mark.parametrize("attempt", range(5))
def test_two_chiefs_decide_and_one_wins(cast: Cast, attempt: int) -> None:
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    pk = item_of(case).pk
    approve = Verdict("APPROVED")
    send_back = Verdict("RETURNED", reason="เหตุ", return_to="study")
    results = at_once(
        lambda: actions.decide(pk, by=cast.chief, verdict=approve),
        lambda: actions.decide(pk, by=cast.second_chief, verdict=send_back),
    )
    assert sum(isinstance(r, AlreadyDone) for r in results) == 1, results
    assert case.decisions.filter(step="verify_preparation").count() == 1
    assert fresh(case).task_set.filter(closed_at=None).count() == 1
    call_command("verify_audit", case=case.number)


def test_a_double_click_finishes_a_step_once(cast: Cast) -> None:
    case = open_founding(cast)
    pk = item_of(case).pk
    sent = Entries(values=entries("study"), ticked={"data-sheet", "way-of-life"})
    results = at_once(
        *[lambda: actions.submit(pk, by=cast.officer, entries=sent) for _ in range(4)]
    )
    assert sum(isinstance(r, AlreadyDone) for r in results) == 3, results
    assert item_of(fresh(case)).step == "analyse"


def test_two_workers_wake_a_case_once(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "ask_leaders", cast)
    values = {"leaders_agreed": False, "revisit_on": clock.today() + timedelta(days=9)}
    actions.submit(item_of(case).pk, by=cast.officer, entries=Entries(values=values))
    later = clock.now() + timedelta(days=10)

    def wake() -> int:
        with clock.travel(later):
            return tasks.wake()

    at_once(wake, wake)
    case = fresh(case)
    assert case.state == "preparing"
    assert case.events.filter(kind="CASE_REOPENED").count() == 1


@transaction.atomic
def make_due(moment: datetime) -> None:
    """Let the next rung of every running deadline be due, as whoever moves many cases does."""
    running = Deadline.objects.filter(closed_at=None, paused_at=None).order_by("pk")
    held = list(running.select_for_update(no_key=True).values_list("pk", flat=True))
    Deadline.objects.filter(pk__in=held).update(next_at=moment, rung=1)


@pytest.fixture
def sweeping(cast: Cast) -> Iterator[list[Any]]:
    """A sweep that runs all the time, over deadlines that are made due again and again."""
    stop = threading.Event()
    seen: list[Any] = []

    def run() -> None:
        try:
            while not stop.wait(0.005):
                make_due(clock.now() - timedelta(minutes=1))
                seen.append(sweep())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            seen.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield seen
    stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_sweep_and_steps_on_one_case_never_deadlock(cast: Cast, sweeping: list[Any]) -> None:
    """A thousand steps under a running sweep: a return and its mending, over and over."""
    cases = [bring_to(open_founding(cast), "verify_preparation", cast) for _ in range(10)]
    send_back = Verdict("RETURNED", reason="อีกครั้ง", return_to="study")
    for case in cases * 50:
        actions.decide(item_of(case).pk, by=cast.chief, verdict=send_back)
        mended = {defect.pk: "แก้แล้ว" for defect in case.defects.filter(mended_at=None)}
        sent = Entries(values=entries("study"), ticked={"data-sheet", "way-of-life"}, mended=mended)
        actions.submit(item_of(case).pk, by=cast.officer, entries=sent)
    assert [r for r in sweeping if isinstance(r, Exception)] == []
    assert len(sweeping) > 50
    assert Message.objects.exists()
    call_command("verify_audit")
