"""A dry run tells what the sweep then does, and writes nothing (handbook 4.3)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from cases import acknowledging, audit, clock, forecast, holidays, ladders, rungs, sweep
from cases.audit import EventKind
from cases.forecast import Comparison, Line, with_rungs
from cases.models import Area, Case, Deadline, Ladder, Post, RungRecord, User, WorkItem
from cases.roles import Role
from notifications.models import Message
from tests.cases.running import DISTRICT, PROVINCE, at, person, places, work_under_deadline

BEGUN = at("2026-11-23")  # a Monday; 7, 10 and 31 December are days off
OPENS = time(8, 30)


@pytest.fixture(autouse=True)
def _data(db: None) -> None:
    holidays.seed("TH", [2026, 2027])
    ladders.seed()
    places()
    for name, role, area in (
        ("officer", Role.FIELD_OFFICER, "TH420301"),
        ("colleague", Role.FIELD_OFFICER, "TH420301"),
        ("cd_chief", Role.DISTRICT_CHIEF_CD, DISTRICT),
        ("chief", Role.DISTRICT_CHIEF, DISTRICT),
        ("academic", Role.PROV_ACADEMIC, PROVINCE),
        ("head", Role.PROV_CHIEF_CD, PROVINCE),
    ):
        person(name, role, area)


def district() -> Area:
    return Area.objects.get(pk=DISTRICT)


def new_ladder(*entries: dict[str, Any], code: str = "default") -> Ladder:
    """A ladder that is only thought of."""
    country = ladders.current(code)
    return with_rungs(Ladder(code=code, line=country.line), rungs.parse(entries, people=True))


def live(since: datetime, until: datetime) -> None:
    """Nobody works; the sweep comes by each morning."""
    day = timezone.localdate(since)
    while (moment := datetime.combine(day, OPENS, since.tzinfo)) <= until:
        if Deadline.objects.filter(next_at__lte=max(moment, since)).exists():
            sweep.until_done(at=max(moment, since))
        day += timedelta(days=1)


def compare(area: Area, new: Ladder, now: datetime) -> Comparison:
    """The dry run with all its lines."""
    return forecast.compare(area, new, at=now, first=10**6)


def day(line: Line) -> date:
    return timezone.localdate(line.at)


def foretold(lines: list[Line]) -> Counter[tuple[Any, ...]]:
    """What a forecast says, as `happened` does."""
    return Counter(
        (
            *(line.record[name] for name in ("deadline_id", "position", "repeat", "outcome")),
            *(line.record[name] for name in ("role", "receiver_id", "reason", "message_key")),
            *(datetime.fromisoformat(line.record[name]) for name in ("planned_at", "at")),
            line.at if line.is_told else None,
        )
        for line in lines
    )


def happened(since: int) -> Counter[tuple[Any, ...]]:
    """The records behind the key `since`, each with when its message may go out."""
    held = {
        key: hold_until or queued_at
        for key, hold_until, queued_at in Message.objects.values_list(
            "key", "hold_until", "queued_at"
        )
    }
    names = ("deadline", "position", "repeat", "outcome", "role", "receiver", "reason")
    found = RungRecord.objects.filter(pk__gt=since, outcome__in=("FIRED", "SKIPPED"))
    rows = found.values_list(*names, "message_key", "planned_at", "at")
    return Counter((*row, held.get(row[7])) for row in rows)


def last_record() -> int:
    return RungRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


whole = st.integers
entries = st.fixed_dictionaries(
    {"working_days": whole(-4, 12), "template": st.sampled_from(sorted(rungs.TEMPLATES))},
    optional={"urgent": st.booleans(), "channel": st.sampled_from(["EMAIL", "BELL", "LINE"])},
)
receivers = st.one_of(
    st.just({"tell": "ASSIGNEE"}),
    st.builds(lambda n: {"tell": "ABOVE", "above": n}, whole(1, 4)),
    st.builds(
        lambda role: {"tell": "ROLE", "role": role},
        st.sampled_from([Role.DISTRICT_CHIEF, Role.GOVERNOR, Role.PROV_ACADEMIC]),
    ),
    st.just({"tell": "PEOPLE", "people": ["chief", "head"]}),
)
repeats = st.one_of(
    st.just({}), st.builds(lambda e, n: {"every": e, "times": n}, whole(1, 3), whole(1, 4))
)
some_rungs = st.lists(
    st.tuples(entries, receivers, repeats).map(lambda parts: parts[0] | parts[1] | parts[2]),
    min_size=1,
    max_size=5,
)
quiet_hours = st.sampled_from([None, (time(18), time(7, 30)), (time(8), time(10))])
works = st.lists(
    st.tuples(
        whole(0, 20),  # days after BEGUN on which it begins
        whole(1, 15),  # working days that it takes
        st.sampled_from(["officer", "cd_chief", None]),
        st.sampled_from([Role.FIELD_OFFICER, Role.DISTRICT_CHIEF_CD]),
    ),
    min_size=1,
    max_size=4,
)
changes = st.lists(
    st.sampled_from(
        ["chief leaves", "no address", "account closed", "acknowledged", "gap ends", "work goes on"]
    )
)


@given(some_rungs, quiet_hours, works, changes, whole(0, 24 * 30))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_thirty_days_are_foretold_as_the_sweep_then_lives_them(
    its: list[dict[str, Any]],
    quiet: Any,
    work: list[tuple[int, int, str | None, str]],
    changed: list[str],
    hours: int,
) -> None:
    with undone():
        choose(its, quiet)
        now = BEGUN + timedelta(hours=hours)
        for begins, days, owner, role in work:
            begun = BEGUN + timedelta(days=min(begins, hours // 24))
            who = User.objects.get(username=owner) if owner else None
            work_under_deadline(begun, who, role=role, working_days=days)
        live(BEGUN, now)
        change(changed, now)
        before = last_record()
        told = compare(district(), ladders.current("default", DISTRICT), now)
        live(now, now + timedelta(days=30))
        assert foretold(told.now.lines) == happened(before)


@given(some_rungs, quiet_hours, whole(0, 24 * 30), st.booleans())
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_on_its_own_ladder_a_deadline_comes_out_the_same_on_both_sides(
    its: list[dict[str, Any]], quiet: Any, hours: int, acknowledged: bool
) -> None:
    with undone():
        choose(its, quiet)
        now = BEGUN + timedelta(hours=hours)
        work_under_deadline(BEGUN, User.objects.get(username="officer"))
        work_under_deadline(BEGUN)
        live(BEGUN, now)
        change(["acknowledged"] * acknowledged, now)
        told = compare(district(), ladders.current("default", DISTRICT), now)
        assert foretold(told.now.lines) == foretold(told.then.lines)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves the database, and what is remembered of it, as it was."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        ladders.forget()


def choose(its: list[dict[str, Any]], quiet: Any) -> None:
    """A ladder of the district's own; one that is refused is no example."""
    keys = dict(User.objects.values_list("username", "pk"))
    named = [
        entry | ({"people": [keys[name] for name in entry["people"]]} if "people" in entry else {})
        for entry in its
    ]
    try:
        rungs.parse(named, people=True)
    except ValueError:
        reject()
    by = User.objects.get(username="chief")
    ladders.add_version("default", district(), named, by=by, reason="ลอง", quiet=quiet)


def change(changes: list[str], now: datetime) -> None:
    """What may be different on some day of the thirty, or is known already."""
    day = timezone.localdate(now)
    for each in dict.fromkeys(changes):
        match each:
            case "chief leaves":
                Post.objects.filter(user__username="chief").update(ends_on=day + timedelta(days=9))
            case "no address":
                User.objects.filter(username="cd_chief").update(email="")
            case "account closed":
                User.objects.filter(username="academic").update(is_active=False)
            case "gap ends":
                head = User.objects.get(username="head")
                Post.objects.create(
                    user=head, role=Role.GOVERNOR, area_id=PROVINCE, starts_on=day + timedelta(5)
                )
            case "acknowledged":
                acknowledge_all(now)
            case "work goes on":
                go_on(now + timedelta(minutes=1))


def acknowledge_all(now: datetime) -> None:
    for record in RungRecord.objects.filter(outcome="FIRED").order_by("deadline", "pk"):
        with suppress(acknowledging.NotAcknowledged):
            assert record.receiver
            acknowledging.acknowledge(record.deadline, record.receiver, now)


def go_on(now: datetime) -> None:
    """Something happens in every case."""
    officer = User.objects.get(username="officer")
    for case in Case.objects.all():
        with clock.travel(now):
            post = officer.posts.get()
            audit.record(case, EventKind.STEP_DONE, by=officer, post=post, step="study")


def test_a_dry_run_only_reads(django_assert_max_num_queries: Any) -> None:
    for days in range(1, 13):
        work_under_deadline(BEGUN, working_days=days)
    new = new_ladder(
        {"working_days": 1, "tell": "ASSIGNEE", "template": "overdue", "every": 1, "times": 30}
    )
    with CaptureQueriesContext(connection) as few:
        told = compare(district(), new, BEGUN)
    assert len(told.then.lines) > 100
    assert {query["sql"].split()[0] for query in few} <= {"SELECT", "WITH"}
    for days in range(1, 13):
        work_under_deadline(BEGUN, working_days=days)
    with django_assert_max_num_queries(len(few)):
        assert len(compare(district(), new, BEGUN).then.lines) == 2 * len(told.then.lines)


def test_all_is_counted_of_which_the_first_lines_are_kept() -> None:
    work_under_deadline(BEGUN)
    everything = compare(district(), ladders.current("default"), BEGUN).now
    some = forecast.compare(district(), ladders.current("default"), at=BEGUN, first=3).now
    assert (some.told, some.passed) == (everything.told, everything.passed)
    assert some.lines == everything.lines[:3]
    told = [line for line in everything.lines if line.is_told]
    assert some.told == Counter((line.record["receiver_id"], day(line)) for line in told)
    assert some.passed.total() == len(everything.lines) - len(told) > 0


def test_a_new_ladder_stands_beside_the_one_that_runs() -> None:
    choose(
        [
            {"working_days": 1, "tell": "ASSIGNEE", "template": "overdue"},
            {"working_days": 5, "tell": "ABOVE", "above": 2, "template": "escalated"},
        ],
        None,
    )
    officer = User.objects.get(username="officer")
    late = work_under_deadline(BEGUN, officer, working_days=1)
    now = at("2026-11-26", "12:00")  # two days late
    live(BEGUN, now)
    new = new_ladder(
        {"working_days": 1, "tell": "ASSIGNEE", "template": "overdue", "every": 1, "times": 3},
        {"working_days": 30, "tell": "ROLE", "role": "GOVERNOR", "template": "escalated"},
    )
    told = compare(district(), new, now)
    assert [(day(line), line.rung.template) for line in told.now.lines] == [
        (date(2026, 12, 1), "escalated")
    ]
    # The repeats that would be left had it always been on the new ladder.
    assert [(str(day(line)), line.record["repeat"]) for line in told.then.lines] == [
        ("2026-11-27", 2),
        ("2026-11-30", 3),
    ]
    assert {line.record["deadline_id"] for line in told.then.lines} == {late.pk}


def test_what_was_acknowledged_and_went_on_is_not_told_again() -> None:
    again = {"working_days": 1, "tell": "ASSIGNEE", "template": "overdue", "every": 2, "times": 3}
    choose([again], None)
    work_under_deadline(BEGUN, User.objects.get(username="officer"), working_days=1)
    now = at("2026-11-25", "12:00")  # one day late
    live(BEGUN, now)
    change(["acknowledged", "work goes on"], now)
    before = last_record()
    told = compare(district(), ladders.current("default", DISTRICT), now).now
    assert (told.told.total(), told.passed.total()) == (0, 1)
    live(now, now + timedelta(days=30))
    assert foretold(told.lines) == happened(before)


def test_an_empty_post_is_foretold_as_passed_upwards() -> None:
    work_under_deadline(BEGUN)
    new = new_ladder(
        {"working_days": 0, "tell": "ROLE", "role": "PROV_GROUP_HEAD", "template": "due_today"}
    )
    told = compare(district(), new, BEGUN).then.lines
    assert [(ln.is_told, ln.record["role"], ln.record["reason"]) for ln in told] == [
        (False, "PROV_GROUP_HEAD", "nobody_holds_post"),
        (True, "PROV_CHIEF_CD", ""),
    ]


def test_quiet_hours_put_off_the_hour_and_not_the_count() -> None:
    work_under_deadline(BEGUN)
    new = new_ladder({"working_days": 0, "tell": "ABOVE", "above": 1, "template": "not_in"})
    new.quiet_from, new.quiet_to = time(7), time(13)
    (line,) = compare(district(), new, BEGUN).then.lines
    assert line.at == at("2026-12-02", "13:00")


def test_what_rests_or_has_ended_is_told_on_neither_side() -> None:
    resting, ended = work_under_deadline(BEGUN), work_under_deadline(BEGUN)
    Deadline.objects.filter(pk=resting.pk).update(paused_at=BEGUN, next_at=None)
    Deadline.objects.filter(pk=ended.pk).update(closed_at=BEGUN, next_at=None)
    told = compare(district(), ladders.current("default"), BEGUN)
    assert (told.looked_at, told.now.lines, told.then.lines) == (1, [], [])


def test_areas_with_a_ladder_of_their_own_are_left_out_until_they_give_it_up() -> None:
    work_under_deadline(BEGUN)
    tambon, by = Area.objects.get(pk="TH420301"), User.objects.get(username="chief")
    own = [{"working_days": 2, "tell": "ASSIGNEE", "template": "overdue"}]
    ladders.add_version("default", tambon, own, by=by, reason="ของเรา")
    for area, running in ((district(), 0), (tambon, 1)):
        assert compare(area, ladders.current("default"), BEGUN).running == running
    ladders.withdraw("default", tambon, by=by, reason="ตามอำเภอ")
    assert compare(district(), ladders.current("default"), BEGUN).running == 1


def test_only_running_work_of_the_area_and_of_that_ladder_counts() -> None:
    here, there = work_under_deadline(BEGUN), work_under_deadline(BEGUN)
    Area.objects.create(code="TH43", level=1, parent_id="TH")
    for model, key in ((Case, there.case_id), (WorkItem, there.work_item_id)):
        model.objects.filter(pk=key).update(area="TH43")
    told = compare(district(), ladders.current("default"), BEGUN)
    assert {line.record["deadline_id"] for line in told.now.lines} == {here.pk}
    assert compare(district(), ladders.current("monthly"), BEGUN).running == 0


def test_beyond_the_most_it_says_that_not_all_were_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for days in (9, 2, 5):
        work_under_deadline(BEGUN, working_days=days)
    monkeypatch.setattr(forecast, "MOST", 2)
    told = compare(district(), ladders.current("default"), BEGUN)
    assert (told.is_capped, told.looked_at, told.running) == (True, 2, 3)
    # Those due first.
    assert max(line.subject.due_on for line in told.now.lines) == date(2026, 11, 30)
