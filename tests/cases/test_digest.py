"""Digests: once a person and period, on working mornings, also after an outage (handbook 8.9)."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cases import calendar, deadlines, digest, holidays, ladders, sweep
from cases.models import Area, Deadline, Holiday, OpenDay, User, WorkItem
from cases.roles import Role
from notifications import choices
from notifications.models import Message
from notifications.wording import worded
from tests.cases import running
from tests.cases.running import BANGKOK, DISTRICT, at, person, places

MONDAY = "2026-11-23"


@pytest.fixture
def _data(db: None) -> None:
    holidays.seed("TH", [2026, 2027])
    ladders.seed()
    places()


@pytest.fixture
def officer(_data: None) -> User:
    return person("officer", Role.FIELD_OFFICER)


def work_under_deadline(start: datetime, owner: User | None = None) -> Deadline:
    """Work due in 7 working days, as the work list sorts it."""
    deadline = running.work_under_deadline(start, owner)
    WorkItem.objects.filter(pk=deadline.work_item_id).update(due_on=deadline.due_on)
    return deadline


def told(moment: datetime) -> list[tuple[str, str]]:
    """Whom the digests of that moment tell, and with which template."""
    before = set(Message.objects.values_list("pk", flat=True))
    digest.send_due(at=moment)
    fresh = Message.objects.exclude(pk__in=before).order_by("to__username", "template")
    return list(fresh.values_list("to__username", "template"))


def test_on_monday_morning_each_hears_what_stands_before_them(officer: User) -> None:
    chief = person("cd_chief", Role.DISTRICT_CHIEF_CD, DISTRICT)
    late = work_under_deadline(at("2026-11-02"), officer)
    sweep.until_done(at=at("2026-11-19"))  # the chief is told of it
    work_under_deadline(at("2026-11-18"), officer)  # due on Friday, the 27th
    work_under_deadline(at("2026-11-20"), officer)  # due on the next Tuesday
    work_under_deadline(at("2026-11-20"))  # nobody has it
    Message.objects.all().delete()
    assert told(at(MONDAY, "08:29")) == []
    assert told(at(MONDAY, "08:30")) == [
        ("cd_chief", "digest_weekly"),
        ("officer", "digest_weekly"),
    ]
    mine = Message.objects.get(to=officer).context
    assert {name: part["count"] for name, part in mine.items() if name != "url"} == {
        "late": 1,
        "due": 1,
        "unclaimed": 1,
    }
    (matter,) = mine["late"]["matters"]
    assert (matter["case"], matter["late_days"]) == (late.case.number, 8)
    assert Message.objects.get(to=chief).context["told"]["count"] == 1
    assert told(at(MONDAY, "09:30")) == []
    assert told(at("2026-11-24", "08:30")) == []


def test_who_has_nothing_before_them_hears_nothing_all_week(officer: User) -> None:
    assert told(at(MONDAY, "08:30")) == []
    work_under_deadline(at("2026-11-02"), officer)
    assert told(at("2026-11-24", "09:00")) == []
    assert told(at("2026-11-30", "09:00")) == [("officer", "digest_weekly")]


def test_a_closed_deadline_is_nobodys_matter(officer: User) -> None:
    done = work_under_deadline(at("2026-11-02"), officer)
    deadlines.close([done.work_item_id], at=at("2026-11-20"))
    type(done.work_item).objects.update(closed_at=at("2026-11-20"))
    assert told(at(MONDAY)) == []


def test_on_a_holiday_it_comes_on_the_next_working_day(officer: User) -> None:
    work_under_deadline(at("2026-11-02"), officer)
    Holiday.objects.create(country="TH", day=MONDAY, name_th="วันหยุดพิเศษ")
    assert told(at(MONDAY)) == []
    assert told(at("2026-11-24")) == [("officer", "digest_weekly")]


def test_an_office_that_is_open_on_the_holiday_hears_on_it(officer: User) -> None:
    work_under_deadline(at("2026-11-02"), officer)
    Area.objects.create(code="TH43", level=1)
    elsewhere = person("elsewhere", Role.FIELD_OFFICER, "TH43")
    work_under_deadline(at("2026-11-02"), elsewhere)
    Holiday.objects.create(country="TH", day=MONDAY, name_th="วันหยุดพิเศษ")
    OpenDay.objects.create(area_id="TH42", day=MONDAY, reason="-")
    assert told(at(MONDAY)) == [("officer", "digest_weekly")]
    assert told(at("2026-11-24")) == [("elsewhere", "digest_weekly")]


def test_daily_is_a_choice_and_says_nothing_twice(officer: User) -> None:
    work_under_deadline(at("2026-11-02"), officer)
    choices.choose(officer, {"daily": ["EMAIL"]})
    assert told(at(MONDAY)) == [("officer", "digest_weekly")]
    assert told(at("2026-11-24")) == [("officer", "digest_daily")]
    assert told(at("2026-11-28")) == []  # Saturday
    choices.choose(officer, {"weekly": []})
    assert told(at("2026-11-30")) == [("officer", "digest_daily")]


def test_one_broken_case_takes_no_digest_from_others(officer: User, caplog: Any) -> None:
    other = person("other", Role.FIELD_OFFICER)
    broken = work_under_deadline(at("2026-11-02"), officer)
    work_under_deadline(at("2026-11-02"), other)
    type(broken.work_item).objects.filter(pk=broken.work_item_id).update(flow_task="no/such.step")
    assert told(at(MONDAY)) == [("other", "digest_weekly")]
    assert f"no digest can be made for user {officer.pk}" in caplog.text


def test_an_interrupted_run_goes_on_where_it_stopped(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "CHUNK", 1)
    others = [person(f"other{n}", Role.FIELD_OFFICER) for n in range(3)]
    for each in (officer, *others):
        work_under_deadline(at("2026-11-02"), each)
    made, calls = digest._context, []

    def killed(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise SystemExit
        return made(*args)

    with monkeypatch.context() as patch:
        patch.setattr(digest, "_context", killed)
        with pytest.raises(SystemExit):
            digest.send_due(at=at(MONDAY))
    assert Message.objects.count() == 2
    assert len(told(at(MONDAY, "09:05"))) == 2
    assert Message.objects.count() == 4


def test_the_words_of_a_digest(officer: User) -> None:
    for _ in range(12):
        work_under_deadline(at("2026-11-02"), officer)
    told(at(MONDAY))
    words = worded(Message.objects.get())
    assert words.subject == "Your week – late: 12"
    assert words.text.count("http://localhost:8000/cases/") == 10
    assert "… and 2 more" in words.text
    assert "8 working days late" in words.html
    assert "http://localhost:8000/work/" in words.html


def test_a_person_costs_few_statements(officer: User) -> None:
    people = [officer, *(person(f"other{n}", Role.FIELD_OFFICER) for n in range(3))]
    costs = []
    for week, more in enumerate((people[:1], people[1:])):
        for each in more:
            work_under_deadline(at("2026-11-02"), each)
        with CaptureQueriesContext(connection) as queries:
            digest.send_due(at=at(MONDAY) + timedelta(days=7 * week))
        costs.append(len(queries))
    assert Message.objects.count() == 1 + 4
    assert costs[1] - costs[0] <= 3 * 2
    assert costs[1] <= 20 + 10 * len(people)


class TestAlways(TestCase):
    """Whenever beat runs, whoever wants what."""

    @settings(max_examples=15)
    @given(
        ticks=st.lists(
            st.tuples(st.integers(0, 20), st.sampled_from(["07:00", "08:30", "12:00", "19:00"])),
            max_size=12,
        ),
        wants=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=3, max_size=3),
        days_off=st.sets(st.integers(0, 20), max_size=4),
    )
    def test_exactly_once_a_person_and_period(
        self,
        ticks: list[tuple[int, str]],
        wants: list[tuple[bool, bool]],
        days_off: set[int],
    ) -> None:
        holidays.seed("TH", [2026])
        ladders.seed()
        places()
        first = date.fromisoformat(MONDAY)
        for n in days_off:
            Holiday.objects.get_or_create(country="TH", day=first + timedelta(days=n))
        calendar.forget()
        users = [person(f"user{n}", Role.FIELD_OFFICER) for n in range(3)]
        for user, (weekly, daily) in zip(users, wants, strict=True):
            choices.choose(user, {"weekly": ["EMAIL"] * weekly, "daily": ["EMAIL"] * daily})
            work_under_deadline(at("2026-10-01"), user)
        moments = sorted(
            datetime.fromisoformat(f"{first + timedelta(days=n)}T{time}").replace(tzinfo=BANGKOK)
            for n, time in ticks
        )
        for moment in moments:
            digest.send_due(at=moment)
        keys = Counter(Message.objects.values_list("to__username", "key"))
        assert set(keys.values()) <= {1}
        assert {key for _to, key in keys} == _expected(users, wants, moments)


def _expected(
    users: list[User], wants: list[tuple[bool, bool]], moments: list[datetime]
) -> set[str]:
    """The slow, obvious rule: what each working morning on which beat ran owes to whom."""
    owed = set()
    for moment in moments:
        day = moment.date()
        if moment.hour not in (8, 12) or not calendar.is_working_day("TH", day):
            continue
        monday = day - timedelta(days=day.weekday())
        opens = next(
            monday + timedelta(days=n)
            for n in range(7)
            if calendar.is_working_day("TH", monday + timedelta(days=n))
        )
        for user, (weekly, daily) in zip(users, wants, strict=True):
            if weekly:
                owed.add(f"digest:weekly:{monday}:{user.pk}")
            if daily and not (weekly and day == opens):
                owed.add(f"digest:daily:{day}:{user.pk}")
    return owed
