"""Random legal and illegal operations by random people never break an invariant (hypothesis)."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cases import clock, people
from cases.models import Case, Post, User
from cases.roles import Role
from cases.tasks import sweep
from notifications.models import Message
from tests.cast import LONG_AGO, Cast, do, fresh, open_founding
from workflows import actions, claims, tasks
from workflows.errors import Refused
from workflows.steps import Decide, Wait

PERSONS = (
    "officer",
    "colleague",
    "chief",
    "second_chief",
    "district_chief",
    "province",
    "outsider",
    "outside_chief",
    "admin",
    "nobody",
)
persons = st.sampled_from(PERSONS)
WRONG: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"leaders_agreed": False},
    {"interested_count": 3},
    {"ticked": set()},
    {"votes_for": 3, "votes_against": 20, "after_lost_vote": "TRY_AGAIN"},
    {"votes_for": 3, "votes_against": 20, "after_lost_vote": "CLOSE"},
    {"lines": []},
)


class Life(RuleBasedStateMachine):
    """Cases of two villages, whoever comes by, and time that passes."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = clock.now()
        self.travel = clock.travel(self.now)
        self.travel.__enter__()

    def teardown(self) -> None:
        self.travel.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def person(self, name: str) -> User:
        return User.objects.get(username=name)

    def running(self, index: int) -> Any:
        cases = list(Case.objects.filter(closed_at=None).order_by("pk"))
        return fresh(cases[index % len(cases)]) if cases else None

    def attempt(self, work: Any) -> None:
        """Either the whole happens or it is refused and nothing does."""
        try:
            with transaction.atomic():
                work()
        except Refused:
            pass

    @rule(
        name=st.sampled_from(["officer", "second_chief", "colleague", "outsider", "chief"]),
        second=st.booleans(),
    )
    def open(self, name: str, second: bool) -> None:
        area = self.cast.second_village if second else self.cast.village
        self.attempt(lambda: open_founding(self.cast, by=self.person(name), area=area))

    @rule(index=st.integers(0, 5), name=persons, given=st.sampled_from(WRONG))
    def work(self, index: int, name: str, given: dict[str, Any]) -> None:
        case = self.running(index)
        item = case and case.task_set.filter(closed_at=None).first()
        if not item or isinstance(item.flow_task, Decide):
            return
        known = {*item.flow_task.fields, "ticked", *(["lines"] if item.flow_task.rows else [])}
        values = {key: value for key, value in given.items() if key in known}
        if values.get("leaders_agreed") is False:
            values["revisit_on"] = clock.today() + timedelta(days=12)
        self.attempt(lambda: do(case, item.step, by=self.person(name), **values))

    @rule(index=st.integers(0, 2))
    def work_rightly(self, index: int) -> None:
        """The owner does what is next: lets cases come far."""
        case = self.running(index)
        item = case and case.task_set.filter(closed_at=None).first()
        if not item or isinstance(item.flow_task, Wait):
            return
        last = "chief" if isinstance(item.flow_task, Decide) else "officer"
        owner = item.owner or self.person(last)
        self.attempt(lambda: do(case, item.step, by=owner))

    @rule(
        index=st.integers(0, 5),
        name=persons,
        outcome=st.sampled_from(["APPROVED", "RETURNED", "REJECTED"]),
        to=st.sampled_from(["study", "gather", "elect", "report", "verify_founding", ""]),
        reason=st.sampled_from(["", "เหตุผล"]),
    )
    def decide(self, index: int, name: str, outcome: str, to: str, reason: str) -> None:
        case = self.running(index)
        item = case and case.task_set.filter(closed_at=None).first()
        if item and isinstance(item.flow_task, Decide):
            given = {"outcome": outcome, "to": to, "reason": reason, "defects": [reason]}
            self.attempt(lambda: do(case, item.step, by=self.person(name), **given))

    @rule(index=st.integers(0, 5), name=persons, take=st.booleans())
    def claim_or_release(self, index: int, name: str, take: bool) -> None:
        case = self.running(index)
        item = case and case.task_set.filter(closed_at=None).first()
        if item:
            action = claims.claim if take else claims.release
            self.attempt(lambda: action(item.pk, by=self.person(name)))

    @rule(index=st.integers(0, 5), name=persons)
    def cancel(self, index: int, name: str) -> None:
        case = self.running(index)
        if case:
            self.attempt(
                lambda: actions.end(case, how="cancelled", by=self.person(name), reason="เหตุ")
            )

    @rule(days=st.integers(1, 15))
    def time_passes(self, days: int) -> None:
        self.travel.__exit__(None, None, None)
        self.now += timedelta(days=days)
        self.travel = clock.travel(self.now)
        self.travel.__enter__()
        tasks.wake()
        sweep()

    @invariant()
    def every_running_case_has_an_open_step(self) -> None:
        for case in Case.objects.all():
            open_items = case.task_set.filter(closed_at=None)
            if case.closed_at:
                assert not open_items.exists(), case
                assert not case.deadlines.filter(closed_at=None).exists(), case
                assert case.state in {"founded", "declined", "cancelled", "dissolved"}
            else:
                assert open_items.count() == 1, case
                assert case.state in {"preparing", "founding", "not_ready", "founded"}
                item = open_items.get()
                waits = isinstance(item.flow_task, Wait)
                assert waits == (item.wakes_on is not None) == (case.state == "not_ready")
                assert waits or item.deadline.closed_at is None

    @invariant()
    def the_chain_is_whole(self) -> None:
        call_command("verify_audit", stdout=StringIO())

    @invariant()
    def nobody_did_what_is_not_theirs(self) -> None:
        for case in Case.objects.all():
            done = case.task_set.filter(status="DONE", owner__isnull=False)
            for item in done.select_related("owner"):
                assert people.post_for(item.owner, item.role, item.area_id), (item, item.owner)
            for made in case.decisions.all():
                before = [item for item in done if item.closed_at < made.decided_at]
                workers = {i.owner_id for i in before if not isinstance(i.flow_task, Decide)}
                assert made.decided_by_id not in workers

    @invariant()
    def nobody_outside_hears_anything(self) -> None:
        strangers = ["outsider", "outside_chief", "admin", "nobody"]
        assert not Message.objects.filter(to__username__in=strangers).exists()


@pytest.mark.full
@pytest.mark.django_db
def test_random_life(cast: Cast, pytestconfig: pytest.Config) -> None:
    # One person with two posts: four eyes must hold for them too (handbook 4.1).
    Post.objects.create(
        user=cast.second_chief, role=Role.FIELD_OFFICER, area_id="TH420301", starts_on=LONG_AGO
    )
    machine = type("LifeOfThisCast", (Life,), {"cast": cast})
    examples = 200 if getattr(pytestconfig.option, "full", False) else 15
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
