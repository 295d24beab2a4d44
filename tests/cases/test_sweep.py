"""Whoever is late hears of it, and those above them: once each, in order (handbook 4.3)."""

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from cases import deadlines, holidays, ladders, sweep
from cases.models import (
    Area,
    Case,
    Deadline,
    Holiday,
    Post,
    ProcedureContent,
    RungRecord,
    User,
    WorkItem,
)
from cases.roles import Role
from notifications.models import Message
from tests.cases.running import DISTRICT, PROVINCE, at, person, places, work_under_deadline

# Work that began on Monday, 23 November 2026, is due in 7 working days: on Wednesday, 2 December.
BEGUN = at("2026-11-23")
REMINDER, DUE_DAY, ONE_LATE = "2026-11-27", "2026-12-02", "2026-12-03"
# 7 and 10 December are days off.
FIVE_LATE, TEN_LATE = "2026-12-11", "2026-12-18"


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
    """Everybody above the officer, by the start of their name."""
    return {
        "cd_chief": person("cd_chief", Role.DISTRICT_CHIEF_CD, DISTRICT),
        "chief": person("chief", Role.DISTRICT_CHIEF, DISTRICT),
        "academic": person("academic", Role.PROV_ACADEMIC, PROVINCE),
        "head": person("head", Role.PROV_GROUP_HEAD, PROVINCE),
    }


def swept(day: str, time: str = "08:30") -> set[tuple[str, str]]:
    """Sweep at that moment; who was told with which template by then and not before."""
    moment = at(day, time)
    sweep.until_done(at=moment)
    return set(Message.objects.filter(queued_at=moment).values_list("to__username", "template"))


def skips() -> list[tuple[str, str, str | None]]:
    """Who was passed over: reason, role, person."""
    skipped = RungRecord.objects.filter(outcome="SKIPPED").order_by("pk")
    return list(skipped.values_list("reason", "role", "receiver__username"))


@pytest.mark.usefixtures("chiefs")
def test_the_default_ladder_from_the_reminder_to_two_rungs_up(officer: User) -> None:
    deadline = work_under_deadline(BEGUN, officer)
    assert deadline.due_on == date.fromisoformat(DUE_DAY)
    assert swept(REMINDER, "08:29") == set()
    assert swept(REMINDER) == {("officer", "reminder")}
    assert swept(DUE_DAY) == {("officer", "due_today")}
    assert swept(ONE_LATE) == {("officer", "overdue"), ("cd_chief", "escalated")}
    assert swept(FIVE_LATE, "08:29") == set()
    assert swept(FIVE_LATE) == {("chief", "escalated")}
    assert swept(TEN_LATE) == {("academic", "escalated"), ("head", "escalated")}
    deadline.refresh_from_db()
    assert deadline.next_at == at("2026-12-25", "08:30")  # told again every five working days
    assert skips() == []


@pytest.mark.usefixtures("chiefs")
def test_what_a_message_says(officer: User) -> None:
    deadline = work_under_deadline(BEGUN, officer)
    sweep.until_done(at=at(FIVE_LATE))
    message = Message.objects.get(to__username="chief")
    assert message.context == {
        "case": deadline.case.number,
        "title": {
            "th": "เชียงคาน · เชียงคาน · เลย",
            "lo": "เชียงคาน · เชียงคาน · เลย",
            "en": "Chiang Khan · Chiang Khan · Loei",
        },
        "area": {
            "th": "เชียงคาน · เชียงคาน · เลย",
            "lo": "เชียงคาน · เชียงคาน · เลย",
            "en": "Chiang Khan · Chiang Khan · Loei",
        },
        "step": {"en": "study"},
        "url": f"/cases/{deadline.case.number}/",
        "due_on": DUE_DAY,
        "days_left": -9,
        "late_days": 5,
        "who": "Officer",
        "passed_up": False,
        "deadline": deadline.pk,
        "repeat": 0,
    }
    record = RungRecord.objects.get(receiver__username="chief")
    assert (record.outcome, record.role, record.message_key) == (
        "FIRED",
        "DISTRICT_CHIEF",
        message.key,
    )
    assert record.planned_at == at(FIVE_LATE, "08:30")
    assert record.at == at(FIVE_LATE)


@pytest.mark.usefixtures("chiefs")
def test_unclaimed_work_reminds_everybody_who_may_claim_it(officer: User) -> None:
    person("colleague", Role.FIELD_OFFICER)
    person("elsewhere", Role.FIELD_OFFICER, PROVINCE)  # further away than the two
    work_under_deadline(BEGUN)
    assert swept(REMINDER) == {("officer", "reminder"), ("colleague", "reminder")}
    assert Message.objects.filter(context__who="").count() == 2


def test_an_empty_post_is_skipped_upwards_at_once(officer: User, chiefs: dict[str, User]) -> None:
    Post.objects.filter(user=chiefs["cd_chief"]).update(ends_on="2026-11-30")
    work_under_deadline(BEGUN, officer)
    assert swept(ONE_LATE) == {("officer", "overdue"), ("chief", "escalated")}
    assert ("nobody_holds_post", "DISTRICT_CHIEF_CD", None) in skips()
    assert Message.objects.get(to__username="chief").context["passed_up"]


def test_who_has_no_address_or_left_is_passed_over_upwards(chiefs: dict[str, User]) -> None:
    left = person("left", Role.FIELD_OFFICER, is_active=False)
    User.objects.filter(username="cd_chief").update(email="")
    work_under_deadline(BEGUN, left)
    assert swept(DUE_DAY) == {("chief", "due_today")}
    assert skips()[1:] == [
        ("not_active", "FIELD_OFFICER", "left"),
        ("no_address", "DISTRICT_CHIEF_CD", "cd_chief"),
    ]


@pytest.mark.usefixtures("chiefs")
def test_nobody_is_told_twice_by_rungs_that_meet_in_one_person(officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(email="")
    work_under_deadline(BEGUN, officer)
    # The doer's rung passes upwards to the supervisor, who stands on the next rung as well.
    assert swept(ONE_LATE) == {("cd_chief", "overdue")}
    assert skips()[-1] == ("told_already", "DISTRICT_CHIEF_CD", "cd_chief")


def test_nobody_hears_about_themselves_as_somebodys_supervisor(chiefs: dict[str, User]) -> None:
    acting = chiefs["cd_chief"]
    Post.objects.create(
        user=acting, role=Role.FIELD_OFFICER, area_id=DISTRICT, starts_on="2026-01-01"
    )
    work_under_deadline(BEGUN, acting)
    assert swept(ONE_LATE) == {("cd_chief", "overdue"), ("chief", "escalated")}
    assert skips()[-1] == ("is_the_doer", "DISTRICT_CHIEF_CD", "cd_chief")


@pytest.mark.usefixtures("chiefs")
def test_the_line_ends_with_a_record_where_nobody_is_left() -> None:
    department = person("department", Role.DEPARTMENT, "TH")
    work_under_deadline(BEGUN, department, role=Role.DEPARTMENT)
    assert swept(ONE_LATE) == {("department", "overdue")}
    assert skips()[-1] == ("end_of_line", "", None)


@pytest.mark.usefixtures("chiefs")
def test_after_a_standstill_each_hears_once_what_is_true_now(officer: User) -> None:
    work_under_deadline(BEGUN, officer)
    assert swept(FIVE_LATE) == {
        ("officer", "overdue"),
        ("cd_chief", "escalated"),
        ("chief", "escalated"),
    }
    assert set(Message.objects.values_list("context__late_days", flat=True)) == {5}
    assert [reason for reason, _, _ in skips()] == ["overtaken", "overtaken"]


@pytest.mark.usefixtures("chiefs")
def test_sweeping_again_and_after_the_end_tells_nothing_more(officer: User) -> None:
    deadline = work_under_deadline(BEGUN, officer)
    assert len(swept(REMINDER)) == 1
    assert swept(REMINDER, "09:00") == set()
    deadlines.close([deadline.work_item_id], at=at(DUE_DAY))
    assert swept(TEN_LATE) == set()


@pytest.mark.usefixtures("chiefs")
def test_a_holiday_announced_late_moves_the_rungs_that_are_still_to_come(officer: User) -> None:
    work_under_deadline(BEGUN, officer)
    Holiday.objects.create(country="TH", day=ONE_LATE, name_th="วันหยุดพิเศษ")
    assert swept(DUE_DAY) == {("officer", "due_today")}
    assert swept(ONE_LATE) == set()
    assert swept("2026-12-04") == {("officer", "overdue"), ("cd_chief", "escalated")}


def test_a_lao_matter_climbs_its_own_line() -> None:
    start = work_under_deadline(BEGUN, role=Role.KBF)  # Lao roles, and below a Lao area
    Area.objects.bulk_create([Area(code="LA", level=0), Area(code="LA08", level=1)])
    Case.objects.filter(pk=start.case_id).update(area="LA08")
    WorkItem.objects.filter(pk=start.work_item_id).update(area="LA08")
    person("facilitator", Role.KBF, "LA08")
    person("district", Role.DIST_CD, "LA08")
    person("province", Role.PROV_CD, "LA08")
    assert swept(ONE_LATE) == {("facilitator", "overdue"), ("district", "escalated")}
    assert swept("2026-12-09") == {("province", "escalated")}  # no Thai holidays in Laos


@pytest.mark.parametrize("broken", ["template: no_such", "tell: NOBODY", "[NO_SUCH_ROLE]"])
def test_a_ladder_with_unknown_words_is_refused(tmp_path: Path, broken: str) -> None:
    text = ladders.FIXTURE.read_text(encoding="utf-8")
    sound = {"template": "template: reminder", "tell": "tell: ASSIGNEE"}.get(
        broken.split(":")[0], "[GOVERNOR]"
    )
    path = tmp_path / "ladders.yaml"
    path.write_text(text.replace(sound, broken), encoding="utf-8")
    with pytest.raises(ValueError, match=broken.split()[-1].strip("[]")):
        ladders.seed(path)


def test_a_broken_deadline_holds_up_no_other(officer: User, caplog: Any) -> None:
    broken, sound = work_under_deadline(BEGUN, officer), work_under_deadline(BEGUN, officer)
    unreadable = ProcedureContent.objects.create(
        procedure="SGF", version=99, digest="-", body={"steps": {"study": "not a mapping"}}
    )
    Case.objects.filter(pk=broken.case_id).update(content=unreadable)
    assert swept(REMINDER) == {("officer", "reminder")}
    assert f"deadline {broken.pk} cannot be climbed" in caplog.text
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.rung, broken.next_at) == (0, at(REMINDER, "09:30"))
    assert (sound.rung, sound.next_at) == (1, at(DUE_DAY, "08:30"))


@pytest.mark.usefixtures("chiefs")
def test_a_batch_costs_the_same_few_statements_however_many_are_due(
    officer: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        work_under_deadline(BEGUN, officer)
    with django_assert_max_num_queries(10):  # two of them are the savepoint of the test
        assert sweep.until_done(at=at(ONE_LATE)) == 12
    assert Message.objects.count() == 24


@pytest.mark.django_db(transaction=True)
class TestConcurrently:
    """Several sweeps on connections of their own, and one that breaks off."""

    @pytest.mark.usefixtures("chiefs")
    def test_two_sweeps_at_once_tell_everybody_once(
        self, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sweep, "BATCH", 3)
        started = [work_under_deadline(BEGUN, officer) for _ in range(30)]
        together, moved = threading.Barrier(2), []

        def one_sweep() -> None:
            together.wait()
            moved.append(sum(sweep.sweep_batch(at=at(ONE_LATE), most=3) for _ in range(12)))
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
