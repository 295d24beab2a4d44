"""Several sweeps at once, and one that breaks off: nothing is lost or doubled."""

import threading

import pytest
from django.db import connection, transaction

from cases import holidays, ladders, sweep
from cases.models import (
    Deadline,
    RungRecord,
    User,
)
from cases.roles import Role
from notifications.models import Message
from tests.cases.climbing import (
    BEGUN,
    ONE_LATE,
    chiefs_of_all_levels,
)
from tests.cases.running import at, person, places, work_under_deadline


@pytest.fixture(autouse=True)
def _data(db: None) -> None:
    holidays.seed("TH", [2026, 2027])
    ladders.seed()
    places()


@pytest.fixture
def officer() -> User:
    return person("officer", Role.FIELD_OFFICER)


@pytest.fixture
def chiefs() -> dict[str, User]:
    return chiefs_of_all_levels()


@pytest.mark.django_db(transaction=True)
class TestConcurrently:
    """Each with a transaction of its own."""

    @pytest.mark.usefixtures("chiefs")
    def test_two_sweeps_at_once_tell_everybody_once(
        self, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sweep, "BATCH", 3)
        started = [work_under_deadline(BEGUN, officer) for _ in range(30)]
        together, moved = threading.Barrier(2), []

        def one_sweep() -> None:
            with transaction.atomic():
                count = sweep.sweep_batch(at=at(ONE_LATE), most=3)
                together.wait(30)  # both hold a batch at the same time
            count += sum(sweep.sweep_batch(at=at(ONE_LATE), most=3) for _ in range(12))
            moved.append(count)
            connection.close()

        sweepers = [threading.Thread(target=one_sweep) for _ in range(2)]
        for sweeper in sweepers:
            sweeper.start()
        for sweeper in sweepers:
            sweeper.join()
        assert sum(moved) == len(started)
        assert min(moved) > 0
        self._everybody_was_told_once(started)

    @pytest.mark.usefixtures("chiefs")
    def test_rows_held_by_another_transaction_are_left_to_it(self, officer: User) -> None:
        held, free = work_under_deadline(BEGUN, officer), work_under_deadline(BEGUN, officer)
        swept_meanwhile = []

        def other_sweep() -> None:
            swept_meanwhile.append(sweep.until_done(at=at(ONE_LATE)))
            connection.close()

        with transaction.atomic():
            Deadline.objects.select_for_update().get(pk=held.pk)
            other = threading.Thread(target=other_sweep)
            other.start()
            other.join(timeout=10)
            assert swept_meanwhile == [1]
        assert set(RungRecord.objects.values_list("deadline", flat=True)) == {free.pk}

    @pytest.mark.parametrize("breaks_in", ["outbox.queue_many", "_move_on"])
    @pytest.mark.usefixtures("chiefs")
    def test_a_crash_in_the_middle_loses_and_doubles_nothing(
        self, officer: User, monkeypatch: pytest.MonkeyPatch, breaks_in: str
    ) -> None:
        started = [work_under_deadline(BEGUN, officer) for _ in range(5)]

        def crash(*_args: object) -> None:
            raise SystemExit("killed")

        with monkeypatch.context() as patch:
            patch.setattr(f"cases.sweep.{breaks_in}", crash)
            with pytest.raises(SystemExit):
                sweep.until_done(at=at(ONE_LATE))
        assert not Message.objects.exists()
        assert not RungRecord.objects.exists()
        assert sweep.until_done(at=at(ONE_LATE)) == 5
        self._everybody_was_told_once(started)

    def _everybody_was_told_once(self, started: list[Deadline]) -> None:
        expected = sorted(
            (deadline.pk, position, name)
            for deadline in started
            for position, name in [(2, "officer"), (3, "cd_chief")]
        )
        fired = RungRecord.objects.filter(outcome="FIRED")
        assert sorted(fired.values_list("deadline", "position", "receiver__username")) == expected
        keys = set(Message.objects.values_list("key", flat=True))
        assert keys == set(fired.values_list("message_key", flat=True))
        assert Message.objects.count() == len(expected)
