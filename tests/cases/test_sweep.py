"""Whoever is late hears of it, and those above them: once each, in order (handbook 4.3)."""

from datetime import date
from typing import Any

import pytest

from cases import deadlines, holidays, ladders, sweep
from cases.models import (
    Area,
    Case,
    Holiday,
    ProcedureContent,
    RungRecord,
    User,
    WorkItem,
)
from cases.roles import Role
from notifications.models import Message
from tests.cases.climbing import (
    BEGUN,
    DUE_DAY,
    FIVE_LATE,
    ONE_LATE,
    REMINDER,
    TEN_LATE,
    chiefs_of_all_levels,
    skips,
    swept,
)
from tests.cases.running import PROVINCE, at, person, places, work_under_deadline


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
