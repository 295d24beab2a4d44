"""Any sequence of corrections, also by two at the same moment: one chain of versions."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import clock
from cases.models import Case
from tests.cast import Cast, assemble, bring_to, fresh, open_founding
from tests.procedures.test_corrections import done_item
from tests.procedures.test_together import at_once
from workflows import actions, corrections, versions
from workflows.errors import Outdated, Refused
from workflows.steps import Fill
from workflows.verdicts import Verdict

AGO = st.integers(0, 20).map(lambda days: clock.today() - timedelta(days=days))
# What somebody types into a finished step: right, wrong, and what breaks the case.
TYPED: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "study": {"study_year": st.integers(2015, 2026), "study_findings": st.sampled_from(["ก", "ข"])},
    "gather": {"interested_count": st.integers(15, 40)},
    "meet": {"meeting_on": AGO, "meeting_attendance": st.integers(38, 60)},
    "vote": {"votes_for": st.integers(0, 45), "votes_against": st.integers(0, 5)},
    "enrol": {"enrolled_on": AGO},
    "elect": {"elected_on": AGO, "committee_term_months": st.integers(10, 70)},
    "draft_rules": {
        "group_name": st.sampled_from(["กลุ่มหนึ่ง", "กลุ่มสอง"]),
        "deposit_day": st.integers(0, 32),
        "interest_rate": st.decimals(0, 18, places=2),
        "cash_limit": st.none() | st.just(Decimal(5000)),
    },
    "set_targets": {"target_members": st.integers(1, 99)},
}


def attempts() -> st.SearchStrategy[tuple[str, str, dict[str, Any]]]:
    """A step, who corrects it, and some of its fields typed anew."""
    one = [
        st.tuples(st.just(step), st.sampled_from(["officer", "colleague", "chief"]), some(fields))
        for step, fields in TYPED.items()
    ]
    return st.one_of(*one)


def some(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


@pytest.mark.django_db
def test_any_sequence_of_corrections_leaves_one_chain(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "bank_letter", cast)

    @settings(deadline=None, max_examples=settings.default.max_examples // 8)
    @given(st.lists(attempts(), min_size=1, max_size=6))
    def live(sequence: list[Any]) -> None:
        with transaction.atomic():
            for step, who, values in sequence:
                attempt(case, step, getattr(cast, who), values)
            holds(case)
            transaction.set_rollback(True)

    live()


def attempt(case: Case, step: str, by: Any, values: dict[str, Any]) -> None:
    """Either the whole happens or it is refused and nothing does."""
    before = fresh(case).events.count()
    shown = len(versions.of_step(case, step))
    pk, sent = done_item(case, step).pk, {"by": by, "values": values, "version": shown}
    try:
        with transaction.atomic():
            corrections.propose(pk, **sent)
            assert fresh(case).events.count() == before
            corrections.correct(pk, reason="เหตุ", **sent)
    except Refused:
        assert fresh(case).events.count() == before
    else:
        assert fresh(case).events.count() == before + 1


def holds(case: Case) -> None:
    """The chain verifies; each version begins where the one before ended; the last one stands."""
    now = fresh(case)
    call_command("verify_audit", case=now.number, stdout=StringIO())
    for step in now.flow_class.steps():
        if not isinstance(step, Fill) or not step.fields:
            continue
        known = versions.of_step(now, step.name)
        for earlier, later in pairwise(known):
            assert_continues(now, step, earlier, later)
        if known:
            standing = versions.standing(now, step)
            assert versions.differing(known[-1].values or {}, standing.values) == []
            assert all(guard(now) for guard in step.guards)
    assert now.party.name == now.group_name
    assert now.party.founded_on == now.meeting_on
    assert {each.joined_on for each in now.party.members.all()} == {now.enrolled_on}
    assert {seat.elected_on for seat in now.party.seats.all()} == {now.elected_on}
    rules = now.rules.get()
    assert (rules.deposit_day, rules.interest_rate) == (now.deposit_day, now.interest_rate)


def assert_continues(case: Case, step: Fill, earlier: Any, later: Any) -> None:
    body = later.event.text.body
    names = later.event.codes["fields"]
    before = versions.recorded(case, step, body["before"]).values
    assert set(body["before"]) == set(names) != set()
    assert versions.differing(before, {n: earlier.values.get(n) for n in names}) == []
    assert sorted(versions.differing(earlier.values, later.values)) == sorted(names)
    assert later.event.codes["version"] == later.number == earlier.number + 1


# Two at the same moment, on real connections --------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_two_correct_and_one_is_told(attempt: int) -> None:
    cast = assemble()
    case = bring_to(open_founding(cast), "analyse", cast)
    pk = done_item(case, "study").pk

    def work(by: Any, year: int) -> Any:
        values = {"study_year": year}
        return corrections.correct(pk, by=by, values=values, reason="เหตุ", version=1)

    results = at_once(lambda: work(cast.officer, 2023), lambda: work(cast.colleague, 2024))
    assert sum(isinstance(r, Outdated) for r in results) == 1, results
    won = 2023 if isinstance(results[1], Outdated) else 2024
    assert fresh(case).study_year == won
    assert [v.number for v in versions.of_step(case, "study")] == [1, 2]
    call_command("verify_audit", case=case.number)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_a_correction_and_a_return_at_once(attempt: int) -> None:
    """Either the step was corrected before it was returned, or it is open and not corrected."""
    cast = assemble()
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    pk = done_item(case, "study").pk
    deciding = case.task_set.get(closed_at=None).pk
    back = Verdict("RETURNED", reason="เหตุ", return_to="study")
    sent = {"values": {"study_year": 2024}, "reason": "เหตุ", "version": 1}
    results = at_once(
        lambda: corrections.correct(pk, by=cast.officer, **sent),
        lambda: actions.decide(deciding, by=cast.chief, verdict=back),
    )
    assert not isinstance(results[1], Exception), results
    corrected = not isinstance(results[0], Refused)
    assert corrected or type(results[0]).__name__ == "StillOpen", results
    assert fresh(case).study_year == (2024 if corrected else 2025)
    kinds = list(case.events.order_by("number").values_list("kind", flat=True))[-2:]
    assert kinds == (["STEP_CORRECTED", "DECIDED"] if corrected else [kinds[0], "DECIDED"])
    call_command("verify_audit", case=case.number)
