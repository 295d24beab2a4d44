"""A change of the calendar moves what runs: each deadline once, with its reason (handbook 3.4)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cases import account, calendar, holidays, ladders, office_calendar, recounts, sweep
from cases.account import What
from cases.calendar_changes import CalendarChange
from cases.calendar_preview import preview
from cases.models import Area, Case, Change, Deadline, Holiday, OpenDay, Recount, User, WorkItem
from cases.models.area import prefixes
from cases.roles import Role
from notifications.models import Message
from tests.cases.running import at, person, places, work_under_deadline

pytestmark = pytest.mark.django_db

NAMES = {"name_th": "วันหยุดพิเศษ", "name_lo": "", "name_en": "Special holiday"}
SPECIAL = date(2026, 12, 1)  # a Tuesday
PLACES = ["TH420301", "TH420901", "TH430101"]
AREAS = ["TH", "TH42", "TH4203", "TH4209"]


@pytest.fixture(autouse=True)
def _data(db: None) -> None:
    holidays.seed("TH", [2026, 2027])
    ladders.seed()
    places()
    others = {"TH43": "TH", "TH4209": "TH42"}
    for code, parent in (others | dict.fromkeys(PLACES)).items():
        values = {"level": len(code) // 2 - 1, "parent_id": parent, "name_th": code}
        Area.objects.get_or_create(code=code, defaults=values)


@pytest.fixture
def admin(db: None) -> User:
    return person("admin", Role.ADMIN, "TH")


def announce(admin: User, day: date = SPECIAL) -> Recount:
    """Make `day` a holiday; what runs is not yet counted anew."""
    run = office_calendar.add("TH", day, NAMES, by=admin, reason="มติ ครม.")
    assert run is not None
    return run


def fresh(deadline: Deadline) -> Deadline:
    return Deadline.objects.select_related("work_item").get(pk=deadline.pk)


def moves_of(deadline: Deadline) -> list[tuple[Any, ...]]:
    """The entries of its ledger about moves: the day that moved it, from where to where."""
    return [
        (entry.get("day"), entry["from"], entry["on"])
        for entry in fresh(deadline).ledger
        if entry["what"] == "moved"
    ]


def test_a_holiday_moves_the_due_day_of_what_runs_and_says_why(admin: User) -> None:
    deadline = work_under_deadline(at("2026-11-23"))
    assert deadline.due_on == date(2026, 12, 2)
    recounts.advance(announce(admin).pk)
    found = fresh(deadline)
    assert found.due_on == found.work_item.due_on == date(2026, 12, 3)
    assert found.next_at == at("2026-11-27", "08:30")  # three working days before, without the 1st
    (entry,) = [entry for entry in found.ledger if entry["what"] == "moved"]
    change = Change.objects.get(kind="HOLIDAY_ADDED")
    assert (entry["day"], entry["from"], entry["on"]) == ("2026-12-01", "2026-12-02", "2026-12-03")
    assert (entry["change"], entry["name"]["en"]) == (change.pk, "Special holiday")
    moved = Change.objects.get(kind="DEADLINES_MOVED")
    assert (moved.by, moved.about, moved.after) == (admin, change.about, {"moved": 1})


def test_a_due_day_that_becomes_later_skips_the_holidays_behind_it_by_name(admin: User) -> None:
    deadline = work_under_deadline(at("2026-11-25"), working_days=9)
    assert deadline.due_on == date(2026, 12, 9)  # the 7th is a holiday, the 10th as well
    recounts.advance(announce(admin).pk)
    found = fresh(deadline)
    assert found.due_on == date(2026, 12, 11)
    assert [entry["what"] for entry in found.ledger[-2:]] == ["moved", "skipped"]
    assert found.ledger[-1]["on"] == "2026-12-10"


def test_closed_work_keeps_its_day(admin: User) -> None:
    deadline = work_under_deadline(at("2026-11-23"))
    Deadline.objects.filter(pk=deadline.pk).update(closed_at=at("2026-11-24"), next_at=None)
    recounts.advance(announce(admin).pk)
    assert fresh(deadline).due_on == date(2026, 12, 2)
    assert not Change.objects.filter(kind="DEADLINES_MOVED").exists()


def test_a_rung_that_was_climbed_is_not_climbed_again(admin: User) -> None:
    officer = person("officer", Role.FIELD_OFFICER)
    deadline = work_under_deadline(at("2026-11-23"), officer)
    sweep.until_done(at=at("2026-11-27", "08:30"))
    sweep.until_done(at=at("2026-12-02", "08:30"))
    recounts.advance(announce(admin, date(2026, 12, 2)).pk)
    assert fresh(deadline).due_on == date(2026, 12, 3)
    for day in ("2026-12-02", "2026-12-03", "2026-12-04", "2026-12-05"):
        sweep.until_done(at=at(day, "09:00"))
    told = Message.objects.filter(to=officer).order_by("pk").values_list("template", flat=True)
    assert list(told) == ["reminder", "due_today", "overdue"]


def test_a_rung_behind_the_due_day_does_not_fall_on_a_holiday_announced_late(admin: User) -> None:
    deadline = work_under_deadline(at("2026-11-23"))
    Deadline.objects.filter(pk=deadline.pk).update(rung=2, next_at=at("2026-12-03", "08:30"))
    recounts.advance(announce(admin, date(2026, 12, 3)).pk)
    found = fresh(deadline)
    assert (found.due_on, found.next_at) == (date(2026, 12, 2), at("2026-12-04", "08:30"))
    assert moves_of(deadline) == []


def test_an_open_day_moves_what_is_under_its_area_alone(admin: User) -> None:
    here, there = work_under_deadline(at("2026-12-01")), work_under_deadline(at("2026-12-01"))
    Case.objects.filter(pk=there.case_id).update(area="TH420901")
    day = date(2026, 12, 7)
    opened = office_calendar.open_on(Area(pk="TH4203"), day, by=admin, reason="ออกหน่วย")
    assert opened is not None
    recounts.advance(opened.pk)
    assert [fresh(each).due_on.day for each in (here, there)] == [11, 14]
    closed = office_calendar.close_on(Area(pk="TH4203"), day, by=admin, reason="งด")
    assert closed is not None
    recounts.advance(closed.pk)
    assert moves_of(here) == [
        ("2026-12-07", "2026-12-14", "2026-12-11"),
        ("2026-12-07", "2026-12-11", "2026-12-14"),
    ]


def test_a_crash_in_the_middle_loses_and_doubles_nothing(
    admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_of_them = [work_under_deadline(at("2026-11-23")) for _ in range(5)]
    run = announce(admin)
    monkeypatch.setattr(recounts, "BATCH", 2)
    written, write = [], recounts._write

    def crash(moves: Any) -> Any:
        written.append(write(moves))
        if len(written) == 2:
            raise RuntimeError("the power fails")
        return written[-1]

    monkeypatch.setattr(recounts, "_write", crash)
    recounts.advance(run.pk)
    run.refresh_from_db()
    assert (run.seen, run.moved, run.through_at) == (2, 2, None)
    assert recounts.waiting() == [run.pk]
    recounts.advance(run.pk)
    run.refresh_from_db()
    assert (run.seen, run.moved, run.total) == (5, 5, 5)
    assert [len(moves_of(each)) for each in all_of_them] == [1] * 5


def test_a_change_that_comes_meanwhile_is_counted_in_by_its_own_name(
    admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, late = (work_under_deadline(at("2026-11-23")) for _ in range(2))
    first = announce(admin)
    monkeypatch.setattr(recounts, "BATCH", 1)
    assert recounts._batch(first.pk)
    second = announce(admin, date(2026, 12, 3))
    for run in (first, second):
        recounts.advance(run.pk)
    expected = [
        ("2026-12-01", "2026-12-02", "2026-12-03"),
        ("2026-12-03", "2026-12-03", "2026-12-04"),
    ]
    assert moves_of(early) == moves_of(late) == expected
    assert [each.moved for each in Recount.objects.order_by("pk")] == [2, 2]


def test_what_began_with_the_calendar_of_before_is_found_by_the_second_look(admin: User) -> None:
    run = announce(admin)
    recounts.advance(run.pk)
    with calendar.supposing(without(SPECIAL)):  # another process, within the minute
        deadline = work_under_deadline(at("2026-11-23"))
    assert deadline.due_on == date(2026, 12, 2)
    assert recounts.waiting() == []
    Recount.objects.update(made_at=run.made_at - recounts.SECOND_LOOK)
    assert recounts.waiting() == [run.pk]
    recounts.advance(run.pk)
    assert fresh(deadline).due_on == date(2026, 12, 3)
    assert recounts.waiting() == []


def without(day: date) -> calendar.Tables:
    return CalendarChange("HOLIDAY_ADDED", "TH", day).undone(calendar.tables("TH"))


def test_the_preview_counts_what_would_move_and_writes_nothing(admin: User) -> None:
    officer = person("officer", Role.FIELD_OFFICER)
    touched = work_under_deadline(at("2026-11-23"), officer)
    work_under_deadline(at("2026-12-01"))
    found = preview(CalendarChange("HOLIDAY_ADDED", "TH", SPECIAL))
    assert (found.running, found.moved) == (2, 1)
    assert (dict(found.places), dict(found.steps)) == ({"TH4203": 1}, {("SGF", "study"): 1})
    assert dict(found.people) == {officer.pk: 1}
    (move,) = found.first
    assert (move.row.pk, move.due_on) == (touched.pk, date(2026, 12, 3))
    assert fresh(touched).due_on == date(2026, 12, 2)
    assert not Recount.objects.exists()


# ---- random deadlines, pauses, holidays and open days against a slow, obvious oracle -------------

FIRST, LAST = date(2026, 11, 16), date(2027, 1, 20)
days = st.dates(FIRST, LAST)
pauses = st.tuples(days, st.integers(0, 9)).map(lambda p: (p[0], p[0] + timedelta(days=p[1])))


@st.composite
def running(draw: st.DrawFn) -> dict[str, Any]:
    """A deadline as a row: rule, start, place, pauses that are over, more time that was granted."""
    unit = draw(st.sampled_from(["working_days", "working_days", "days"]))
    begun = draw(days)
    rests = sorted(draw(st.lists(pauses, max_size=2)))
    return {
        "place": draw(st.sampled_from(PLACES)),
        "rule": {unit: draw(st.integers(0, 25))},
        "started_on": begun,
        "pauses": [(max(since, begun), until) for since, until in rests if until > begun],
        "extended": draw(st.integers(0, 5)),
    }


def oracle(row: dict[str, Any]) -> date:
    """Day by day from the tables, by the words of the rule."""
    holiday = Holiday.objects.filter(country="TH", removed=False)
    off = set(holiday.values_list("day", flat=True))
    opened = OpenDay.objects.filter(area__in=prefixes(row["place"]))
    off -= set(opened.values_list("day", flat=True))
    ((unit, left),) = row["rule"].items()
    left += row["extended"]
    day = row["started_on"]
    while left:
        day += timedelta(days=1)
        rests = any(since <= day < until for since, until in row["pauses"])
        free = unit == "working_days" and (day.isoweekday() > 5 or day in off)
        left -= not (rests or free)
    return day


@contextmanager
def forgotten() -> Iterator[None]:
    """An example that leaves nothing behind, in the database or in memory."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    calendar.forget()


@given(rows=st.lists(running(), min_size=3, max_size=3), data=st.data())
def test_every_deadline_is_due_on_the_day_of_the_oracle(
    rows: list[Any], data: st.DataObject
) -> None:
    with forgotten():
        admin = person("admin")
        deadlines = [as_running(row) for row in rows]
        for _ in range(data.draw(st.integers(1, 2))):
            would = change(data, admin)
            if would is not None:
                run, expected = would
                before = {each.pk: fresh(each).due_on for each in deadlines}
                recounts.advance(run.pk)
                moved = {each.pk for each in deadlines if fresh(each).due_on != before[each.pk]}
                assert len(moved) == expected
        assert [fresh(each).due_on for each in deadlines] == [oracle(row) for row in rows]
        for each, row in zip(deadlines, rows, strict=True):
            tells_the_same(fresh(each), row)


def change(data: st.DataObject, admin: User) -> tuple[Recount, int] | None:
    """Change the calendar somehow; with how many deadlines the preview says will move."""
    kind = data.draw(st.sampled_from(["add", "remove", "open", "close"]))
    day, area = data.draw(days), Area(pk=data.draw(st.sampled_from(AREAS)))
    known = list(Holiday.objects.filter(country="TH", removed=False, day__range=(FIRST, LAST)))
    about = {"by": admin, "reason": "เหตุ"}
    if kind == "add":
        expected = preview(CalendarChange("HOLIDAY_ADDED", "TH", day)).moved
        run = office_calendar.add("TH", day, NAMES, **about)
    elif kind == "remove":
        holiday = data.draw(st.sampled_from(known))
        expected = preview(CalendarChange("HOLIDAY_REMOVED", "TH", holiday.day)).moved
        run = office_calendar.remove(holiday, **about)
    elif kind == "open":
        day = data.draw(st.sampled_from(known)).day
        expected = preview(CalendarChange("OPEN_DAY_ADDED", area.pk, day)).moved
        run = office_calendar.open_on(area, day, **about)
    else:
        opened = OpenDay.objects.first()
        if opened is None:
            return None
        expected = preview(CalendarChange("OPEN_DAY_REMOVED", opened.area_id, opened.day)).moved
        run = office_calendar.close_on(opened.area, opened.day, **about)
    return (run, expected) if run else None


def as_running(row: dict[str, Any]) -> Deadline:
    """The row in the database, due as the oracle says, with its story in the ledger."""
    deadline = work_under_deadline(at(row["started_on"].isoformat()), working_days=1)
    ledger: list[dict[str, Any]] = [{"what": "started", "on": row["started_on"].isoformat()}]
    for since, until in row["pauses"]:
        ledger += [{"what": "paused", "on": since.isoformat(), "why": "returned"}]
        ledger += [{"what": "resumed", "on": until.isoformat()}]
    if row["extended"]:
        ledger += [{"what": "extended", "days": row["extended"]}]
    due_on = oracle(row)
    Case.objects.filter(pk=deadline.case_id).update(area=row["place"])
    ledger += skipped(row, due_on)
    told = {"rule": row["rule"], "due_on": due_on, "ledger": ledger}
    Deadline.objects.filter(pk=deadline.pk).update(**told)
    WorkItem.objects.filter(pk=deadline.work_item_id).update(due_on=due_on)
    return deadline


def skipped(row: dict[str, Any], due_on: date) -> list[dict[str, Any]]:
    off = calendar.holidays_of(row["place"])
    span = calendar.days_after(row["started_on"], due_on)
    return [
        {"what": "skipped", "on": day.isoformat(), "name": off[day]} for day in span if day in off
    ]


def tells_the_same(deadline: Deadline, row: dict[str, Any]) -> None:
    """The account of the ledger counts as many days as the rule asks for, the last one is due."""
    assert deadline.work_item is not None
    assert deadline.work_item.due_on == deadline.due_on
    told = list(account.days(deadline))
    counted = [day.on for day in told if day.what == What.COUNTED]
    assert len(counted) == sum(row["rule"].values()) + row["extended"]
    assert told[-1].due
    assert not counted or counted[-1] == deadline.due_on


def test_a_batch_takes_as_many_statements_for_one_deadline_as_for_twenty(admin: User) -> None:
    costs = []
    for most in (1, 20):
        while Deadline.objects.count() < most:
            work_under_deadline(at("2026-11-23"))
        run = announce(admin, date(2026, 11, 24 if most == 1 else 25))
        with CaptureQueriesContext(connection) as statements:
            recounts.advance(run.pk)
        assert Recount.objects.get(pk=run.pk).moved == most
        costs.append(len(statements))
    assert costs[0] == costs[1]
