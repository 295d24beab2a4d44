"""I have seen this: stops what is told again, not the clock; without work it comes back."""

import threading

import pytest
from django.db import connection, transaction

from cases import acknowledging, audit, deadlines, holidays, ladders
from cases.acknowledging import AlreadyAcknowledged, NothingToAcknowledge, NotTold
from cases.audit import EventKind
from cases.models import Area, Case, Deadline, Event, RungRecord, User
from cases.roles import Role
from tests.cases.climbing import BEGUN, DUE_DAY, skips, swept
from tests.cases.running import DISTRICT, PROVINCE, at, person, places, work_under_deadline

SEEN = at(DUE_DAY, "10:00")  # Wednesday, 2 December; 7 December is a day off
DAILY = {"working_days": 0, "tell": "ASSIGNEE", "template": "due_today", "every": 1, "times": 5}
CHIEF_TOO = {"working_days": 8, "tell": "ABOVE", "above": 1, "template": "escalated"}
TOLD = {("officer", "due_today")}


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


@pytest.fixture
def deadline(officer: User, chief: User) -> Deadline:
    """Of which the officer was told on the due day, and will be every day."""
    entries = [DAILY, CHIEF_TOO]
    area = Area.objects.get(pk=DISTRICT)
    ladders.add_version("default", area, entries, by=chief, reason="-")
    return work_under_deadline(BEGUN, officer)


@pytest.fixture
def told(deadline: Deadline) -> Deadline:
    assert swept(DUE_DAY) == TOLD
    return deadline


def work_on(deadline: Deadline, day: str) -> None:
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=deadline.case_id)
        audit.record(case, EventKind.STEP_SAVED, at=at(day))


def test_it_stops_the_repeats_and_nothing_else(told: Deadline, officer: User) -> None:
    events = Event.objects.count()
    record = acknowledging.acknowledge(told, officer, SEEN)
    assert (record.position, record.repeat, record.role) == (0, 0, "FIELD_OFFICER")
    assert (record.outcome, record.receiver, record.at) == ("ACKNOWLEDGED", officer, SEEN)
    before = told.due_on
    told.refresh_from_db()
    assert (told.acknowledged_by, told.acknowledged_at, told.due_on) == (officer, SEEN, before)
    assert swept("2026-12-03") == swept("2026-12-04") == set()
    assert Event.objects.count() == events  # of the case nothing changed


def test_without_work_it_comes_back_after_three_working_days(told: Deadline, officer: User) -> None:
    acknowledging.acknowledge(told, officer, SEEN)
    assert swept("2026-12-08", "08:29") == set()
    assert swept("2026-12-08") == TOLD
    assert RungRecord.objects.order_by("pk").last().reason == "no_work_since"
    told.refresh_from_db()
    assert (told.acknowledged_at, told.acknowledged_by) == (None, None)
    assert swept("2026-12-09") == TOLD  # and so on, until it is seen again
    acknowledging.acknowledge(told, officer, at("2026-12-09", "10:00"))
    assert swept("2026-12-11") == set()


def test_nothing_comes_sooner_because_it_was_seen(officer: User, chief: User) -> None:
    weekly = DAILY | {"every": 5}
    area = Area.objects.get(pk=DISTRICT)
    ladders.add_version("default", area, [weekly], by=chief, reason="-")
    deadline = work_under_deadline(BEGUN, officer)
    swept(DUE_DAY)
    acknowledging.acknowledge(deadline, officer, SEEN)
    assert swept("2026-12-09") == set()
    assert swept("2026-12-11") == TOLD  # the fifth working day, as without it


def test_with_work_it_stays_quiet_until_the_next_rung(told: Deadline, officer: User) -> None:
    acknowledging.acknowledge(told, officer, SEEN)
    work_on(told, "2026-12-04")
    assert swept("2026-12-09") == set()
    assert skips() == [("acknowledged", "", None)]
    assert swept("2026-12-16") == {("chief", "escalated")}


def test_work_before_it_does_not_count(told: Deadline, officer: User) -> None:
    work_on(told, "2026-12-01")
    acknowledging.acknowledge(told, officer, SEEN)
    assert swept("2026-12-08") == TOLD


def test_a_later_rung_has_to_be_seen_anew(told: Deadline, officer: User, chief: User) -> None:
    acknowledging.acknowledge(told, officer, SEEN)
    work_on(told, "2026-12-04")
    swept("2026-12-16")
    told.refresh_from_db()
    assert told.acknowledged_at is None
    assert acknowledging.acknowledge(told, chief, at("2026-12-17")).role == "DISTRICT_CHIEF_CD"


def test_only_who_was_told_or_has_the_work(told: Deadline, officer: User, chief: User) -> None:
    outsider = person("outsider", Role.DISTRICT_CHIEF, DISTRICT)
    for other in (chief, outsider):  # the chief has not been told yet
        with pytest.raises(NotTold):
            acknowledging.acknowledge(told, other, SEEN)
        assert acknowledging.acknowledgeable([told], other, SEEN) == {}
    told.work_item.owner = outsider
    told.work_item.save(update_fields=["owner"])
    assert acknowledging.acknowledgeable([told], outsider, SEEN) == {told.pk: "FIELD_OFFICER"}
    assert acknowledging.acknowledge(told, outsider, SEEN)


def test_whoever_may_take_unclaimed_work(told: Deadline, chief: User) -> None:
    colleague = person("colleague", Role.FIELD_OFFICER)
    told.work_item.owner = None
    told.work_item.save(update_fields=["owner"])
    assert acknowledging.acknowledgeable([told], colleague, SEEN) == {told.pk: "FIELD_OFFICER"}
    assert acknowledging.acknowledgeable([told], chief, SEEN) == {}


def test_a_span_by_who_has_an_open_step_of_its_role(told: Deadline, officer: User) -> None:
    elsewhere = person("elsewhere", Role.PROV_ACADEMIC, PROVINCE)
    role = {"work_item": None, "name": "founding", "role": "FIELD_OFFICER"}
    Deadline.objects.filter(pk=told.pk).update(**role)
    span = Deadline.objects.get(pk=told.pk)
    RungRecord.objects.update(receiver=elsewhere)
    assert acknowledging.acknowledgeable([span], officer, SEEN) == {span.pk: "FIELD_OFFICER"}
    assert acknowledging.acknowledgeable([span], elsewhere, SEEN) == {span.pk: "FIELD_OFFICER"}


def test_not_before_anybody_was_told_nor_after_the_end(deadline: Deadline, officer: User) -> None:
    with pytest.raises(NothingToAcknowledge):
        acknowledging.acknowledge(deadline, officer, BEGUN)
    swept(DUE_DAY)
    deadlines.close([deadline.work_item_id], at=SEEN)
    with pytest.raises(NothingToAcknowledge):
        acknowledging.acknowledge(deadline, officer, SEEN)
    assert acknowledging.acknowledgeable([deadline], officer, SEEN) == {
        deadline.pk: "FIELD_OFFICER"
    }  # as it was read before it ended
    deadline.refresh_from_db()
    assert acknowledging.acknowledgeable([deadline], officer, SEEN) == {}


def test_it_waits_for_no_repeat_of_a_rung_that_told_nobody(told: Deadline, officer: User) -> None:
    """The deadline moved, so that its first rung lies behind and the chief's is next."""
    waits = at("2026-12-16", "08:30")
    Deadline.objects.filter(pk=told.pk).update(rung=1, repeats=0, next_at=waits)
    acknowledging.acknowledge(told, officer, SEEN)
    told.refresh_from_db()
    assert told.next_at == waits


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told(told: Deadline, officer: User) -> None:
    colleague = person("colleague", Role.FIELD_OFFICER)
    RungRecord.objects.create(
        deadline=told, position=0, receiver=colleague, outcome="FIRED", planned_at=SEEN, at=SEEN
    )
    together, results = threading.Barrier(2), []

    def say(who: User) -> None:
        together.wait()
        try:
            acknowledging.acknowledge(told, who, SEEN)
            results.append(who.pk)
        except AlreadyAcknowledged as refusal:
            results.append(-(refusal.by or 0))
        finally:
            connection.close()

    sayers = [threading.Thread(target=say, args=[who]) for who in (officer, colleague)]
    for sayer in sayers:
        sayer.start()
    for sayer in sayers:
        sayer.join()
    winner = Deadline.objects.get(pk=told.pk).acknowledged_by_id
    assert sorted(results) == [-winner, winner]
    assert RungRecord.objects.filter(outcome="ACKNOWLEDGED").count() == 1
