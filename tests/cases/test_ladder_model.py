"""Random ladders, people, days and disturbances: the engine and a reference model agree on every
rung, every repeat and every message (DESIGN 4).
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from cases import acknowledging, audit, calendar, ladders, pauses, rungs, sweep
from cases.audit import EventKind
from cases.models import Area, Case, Deadline, Holiday, Post, RungRecord, User
from cases.roles import Role
from notifications.models import Message
from tests.cases.ladder_model import BANGKOK, Clerk, Office, Someone
from tests.cases.running import DISTRICT, PROVINCE, TAMBON, at, person, places, work_under_deadline

MONDAY = date(2026, 11, 23)
NIGHT = (time(18, 0), time(7, 30))
STAFF = {
    "officer": (Role.FIELD_OFFICER, TAMBON),
    "colleague": (Role.FIELD_OFFICER, TAMBON),
    "cd_chief": (Role.DISTRICT_CHIEF_CD, DISTRICT),
    "chief": (Role.DISTRICT_CHIEF, DISTRICT),
    "academic": (Role.PROV_ACADEMIC, PROVINCE),
    "head": (Role.PROV_GROUP_HEAD, PROVINCE),
    "governor": (Role.GOVERNOR, PROVINCE),
    "coach": (Role.COACH, TAMBON),
}
KEYS = {name: number for number, name in enumerate(STAFF, 1)}
COUNTRY_LINE = [
    ["FIELD_OFFICER"],
    ["DISTRICT_CHIEF_CD"],
    ["DISTRICT_CHIEF"],
    ["PROV_ACADEMIC", "PROV_GROUP_HEAD"],
    ["PROV_CHIEF_CD"],
    ["GOVERNOR"],
    ["DEPARTMENT"],
]

receivers = st.one_of(
    st.just({"tell": "ASSIGNEE"}),
    st.builds(lambda n: {"tell": "ABOVE", "above": n}, st.integers(1, 4)),
    st.builds(
        lambda role: {"tell": "ROLE", "role": role},
        st.sampled_from(["FIELD_OFFICER", "DISTRICT_CHIEF", "GOVERNOR", "COACH"]),
    ),
    st.builds(
        lambda names: {"tell": "PEOPLE", "people": names},
        st.lists(st.sampled_from(list(STAFF)), min_size=1, max_size=2, unique=True),
    ),
)
repeats = st.builds(lambda n, m: {"every": n, "times": m}, st.integers(1, 3), st.integers(1, 4))
tones = st.fixed_dictionaries(
    {"template": st.sampled_from(["reminder", "overdue", "escalated"])},
    optional={"urgent": st.just(True), "channel": st.sampled_from(["EMAIL", "BELL"])},
)


@st.composite
def a_ladder(draw: Any) -> list[dict[str, Any]]:
    """Entries that `rungs.parse` takes; people stand under their names. The last one repeats."""
    unit = draw(st.sampled_from(["working_days", "days"]))
    parts = st.tuples(st.integers(-3, 5), receivers, st.one_of(st.just({}), repeats), tones)
    drawn = draw(st.lists(parts, min_size=1, max_size=4))
    kept: list[dict[str, Any]] = []
    for day, receiver, repeat, tone in drawn:
        entry = {unit: day, **receiver, **repeat, **tone}
        with suppress(ValueError):  # without those that another one hides
            rungs.parse([_keyed(each, KEYS) for each in [*kept, entry]], people=True)
            kept.append(entry)
    last = {unit: 7, "template": "escalated", **draw(receivers), **draw(repeats)}
    return [*(entry for entry in kept if unit == "days" or _fits(entry)), last]


def _fits(entry: dict[str, Any]) -> bool:
    """Whether the entry is told again before the last one, of day 7, comes."""
    return bool(entry["working_days"] + entry.get("every", 0) < 7)


people_now = st.fixed_dictionaries(
    {name: st.sampled_from(["here"] * 9 + ["no post", "no address", "left"]) for name in STAFF}
)
LAST_TOLD = "whoever was told last"
deeds = st.one_of(
    *[st.just(("sweep", ""))] * 6,
    st.just(("sweep one by one", "")),
    st.just(("crash", "")),
    *[st.tuples(st.just("acknowledge"), st.just(LAST_TOLD))] * 2,
    st.tuples(st.just("acknowledge"), st.sampled_from(list(STAFF))),
    st.just(("work", "")),
    st.sampled_from([("pause", ""), ("resume", ""), ("resume", "")]),
)
hours = st.sampled_from([time(6), time(8, 30), time(8, 30), time(10), time(19)])


@st.composite
def a_life(draw: Any) -> list[tuple[datetime, tuple[str, str]]]:
    """Moments in order, mostly a day or two apart, and what happens at each."""
    days = st.sampled_from([0, 1, 1, 2, 3, 5])
    parts = draw(st.lists(st.tuples(days, hours, deeds), min_size=14, max_size=20))
    day, life = MONDAY + timedelta(days=1), []
    for gap, hour, deed in parts:
        day += timedelta(days=gap)
        life.append((datetime.combine(day, hour, BANGKOK), deed))
    return sorted(life, key=lambda each: each[0])


@pytest.fixture
def staff(db: None) -> dict[str, User]:
    """Everybody with a post and an address, and the country's ladder."""
    ladders.seed()
    places()
    return {name: person(name, role, area) for name, (role, area) in STAFF.items()}


@settings(
    max_examples=settings.default.max_examples // 2,
    phases=set(Phase) - {Phase.explain},  # which tells little of a life, and takes long
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    entries=a_ladder(),
    now=people_now,
    off=st.sets(st.integers(0, 50), max_size=6),
    quiet=st.booleans(),
    owners=st.lists(st.sampled_from(["", "officer", "cd_chief"]), min_size=1, max_size=2),
    days=st.integers(1, 5),
    life=a_life(),
)
def test_the_engine_and_the_model_agree(
    staff: dict[str, User],
    entries: list[dict[str, Any]],
    now: dict[str, str],
    off: set[int],
    quiet: bool,
    owners: list[str],
    days: int,
    life: list[tuple[datetime, tuple[str, str]]],
) -> None:
    with undone():
        office = arranged(staff, entries, now, off, quiet)
        clerks = [begun(office, staff.get(owner), days) for owner in owners]
        for moment, (deed, who) in life:
            happen(clerks, moment, deed, who)
        assert told() == {clerk.key: clerk.records for clerk in clerks if clerk.records}
        assert queued() == {row[0]: row for clerk in clerks for row in clerk.messages}
        what = {(record[2], record[5]) for clerk in clerks for record in clerk.records}
        for outcome, reason in what:
            event(f"{outcome} {reason}")
        if any(record[1] for clerk in clerks for record in clerk.records):
            event("told again")


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves the database as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    calendar.forget()
    ladders.forget()


def arranged(
    staff: dict[str, User],
    entries: list[dict[str, Any]],
    now: dict[str, str],
    off: set[int],
    quiet: bool,
) -> Office:
    """The district's own ladder, its days off, and who is there."""
    keyed = [_keyed(entry, {name: user.pk for name, user in staff.items()}) for entry in entries]
    ladders.add_version(
        *("default", Area.objects.get(pk=DISTRICT), keyed),
        by=staff["governor"],
        reason="tried",
        quiet=NIGHT if quiet else None,
    )
    holidays = {MONDAY + timedelta(days=n) for n in off}
    Holiday.objects.bulk_create(Holiday(country="TH", day=day, name_th="-") for day in holidays)
    calendar.forget()
    places_of = {name: [n for n in STAFF if now[n] == name] for name in set(now.values())}
    User.objects.filter(username__in=places_of.get("no address", [])).update(email="")
    User.objects.filter(username__in=places_of.get("left", [])).update(is_active=False)
    without = Post.objects.filter(user__username__in=places_of.get("no post", []))
    without.update(ends_on="2026-01-01")
    people = {
        name: Someone(
            name=name,
            key=staff[name].pk,
            post="" if now[name] == "no post" else str(role),
            active=now[name] != "left",
            address=now[name] != "no address",
        )
        for name, (role, _area) in STAFF.items()
    }
    return Office(keyed, COUNTRY_LINE, people, holidays, quiet)


def begun(office: Office, owner: User | None, days: int) -> Clerk:
    """Work under a deadline, and a clerk who keeps it as well."""
    start = at(MONDAY.isoformat())
    deadline = work_under_deadline(start, owner, working_days=days)
    return Clerk(office, deadline.pk, deadline.due_on, owner.username if owner else "", start)


def happen(clerks: list[Clerk], moment: datetime, deed: str, who: str) -> None:
    """Let the engine and the clerks do the same; what concerns one deadline, for the first."""
    if deed in ("sweep", "sweep one by one"):
        most = 1 if deed == "sweep one by one" else sweep.BATCH
        while sweep.sweep_batch(at=moment, most=most):
            pass
        for clerk in clerks:
            clerk.sweep(moment)
    elif deed == "crash":
        with patch("cases.sweep._move_on", side_effect=KeyboardInterrupt):
            suppressed_sweep(moment)
    else:
        about(clerks[0], moment, deed, who)


def suppressed_sweep(moment: datetime) -> None:
    """A sweep that breaks off before its last statement, if there was anything to do."""
    with suppress(KeyboardInterrupt):
        sweep.until_done(at=moment)


def about(clerk: Clerk, moment: datetime, deed: str, who: str) -> None:
    """What somebody does with one case."""
    deadline = Deadline.objects.get(pk=clerk.key)
    case = Case.objects.get(pk=deadline.case_id)
    if deed == "acknowledge":
        if who == LAST_TOLD:
            names = [record[4] for record in clerk.records if record[2] == "FIRED"]
            who = (names or ["officer"])[-1]
        by = User.objects.get(username=who)
        try:
            acknowledging.acknowledge(deadline, by, moment)
            taken = True
        except acknowledging.NotAcknowledged:
            taken = False
        assert taken == clerk.acknowledge(who, moment)
    elif deed == "work":
        audit.record(case, EventKind.STEP_SAVED, at=moment)
        clerk.work.append(moment)
    elif deed == "pause":
        pauses.pause(case, at=moment, why=pauses.WAITING)
        clerk.resting = True
    elif clerk.resting:
        pauses.resume(case, at=moment)
        clerk.resting = False
        deadline.refresh_from_db()
        if deadline.due_on != clerk.due_on:
            clerk.due_moved(deadline.due_on, moment)


def told() -> dict[int, list[tuple[Any, ...]]]:
    """What the engine recorded, as the clerks write it."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    columns = ("position", "repeat", "outcome", "role", "receiver__username", "reason")
    rows = RungRecord.objects.order_by("pk").values_list(
        "deadline", *columns, "planned_at", "at", "message_key"
    )
    for deadline, *values in rows:
        found[deadline].append(tuple(values))
    return dict(found)


def queued() -> dict[str, tuple[Any, ...]]:
    """What the engine put into the outbox, as the clerks write it."""
    columns = ("key", "template", "channel", "hold_until", "urgent", "context__passed_up")
    return {row[0]: row for row in Message.objects.values_list(*columns)}


def _keyed(entry: dict[str, Any], keys: dict[str, int]) -> dict[str, Any]:
    """The entry with keys for the names of people."""
    if "people" not in entry:
        return entry
    return entry | {"people": [keys[name] for name in entry["people"]]}
