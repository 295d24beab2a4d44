"""Deadlines of a case itself, over several steps (handbook 5.1, deadlines; 8, rule 5)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cases import clock, deadlines, office_settings, sweep
from cases.models import Case, Deadline
from notifications.models import Message
from tests.cases.running import at
from tests.cast import Cast, assemble, bring_to, do, item_of, open_founding
from workflows import actions, office_numbers, tasks

pytestmark = pytest.mark.django_db
START = at("2026-11-23")
RETURN = {"outcome": "RETURNED", "to": "study", "reason": "เหตุ"}


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def span_of(case: Case) -> Deadline:
    return case.deadlines.get(name="preparation_span")


def begun(cast: Cast, step: str = "study") -> Any:
    with clock.travel(START):
        return bring_to(open_founding(cast), step, cast)


def on(moment: datetime, case: Any, step: str, **what: Any) -> Any:
    with clock.travel(moment):
        return do(case, step, **what)


def test_it_begins_with_its_first_step_and_belongs_to_no_work_item(cast: Cast) -> None:
    span = span_of(begun(cast))
    assert (span.work_item, span.role) == (None, "FIELD_OFFICER")
    assert span.due_on == START.date() + timedelta(days=60)
    assert span.ledger[0]["rule"] == {"days": 60}
    assert span.closed_at is None


def test_it_ends_when_its_last_step_is_done(cast: Cast) -> None:
    case = begun(cast, "verify_preparation")
    assert span_of(case).closed_at is None
    case = on(at("2026-12-01"), case, "verify_preparation", by=cast.chief)
    assert (span_of(case).closed_at, span_of(case).next_at) == (at("2026-12-01"), None)


def test_it_ends_with_the_case(cast: Cast) -> None:
    case = begun(cast)
    actions.end(case, how="cancelled", by=cast.chief, reason="เหตุ")
    assert span_of(case).closed_at is not None


def test_it_rests_from_a_return_until_what_was_returned_is_submitted(cast: Cast) -> None:
    case = begun(cast, "verify_preparation")
    case = on(at("2026-12-01"), case, "verify_preparation", by=cast.chief, **RETURN)
    resting = span_of(case)
    assert (resting.paused_at, resting.next_at) == (at("2026-12-01"), None)
    assert item_of(case, "study").deadline.next_at is not None  # the returned step has its own
    case = on(at("2026-12-11"), case, "study", by=cast.officer)
    going = span_of(case)
    assert (going.paused_at, going.closed_at) == (None, None)
    assert going.due_on == START.date() + timedelta(days=60 + 10)
    assert [entry.get("why") for entry in going.ledger if "why" in entry] == ["returned"] * 2


def test_returned_again_and_again_it_stays_one(cast: Cast) -> None:
    case = begun(cast, "verify_preparation")
    for day in ("2026-12-01", "2026-12-03"):
        case = on(at(day), case, "verify_preparation", by=cast.chief, **RETURN)
        case = on(at(day, "15:00"), case, "study", by=cast.officer)
    assert case.deadlines.filter(name="preparation_span").count() == 1
    assert span_of(case).due_on == START.date() + timedelta(days=60)


def test_it_rests_while_the_case_waits_for_others(cast: Cast) -> None:
    case = begun(cast, "ask_leaders")
    waits = {"leaders_agreed": False, "revisit_on": START.date() + timedelta(days=40)}
    case = on(at("2026-11-24"), case, "ask_leaders", by=cast.officer, **waits)
    assert span_of(case).paused_at == at("2026-11-24")
    with clock.travel(at("2027-01-02", "10:00")):
        assert tasks.wake() == 1
    going = span_of(case)
    assert going.paused_at is None
    assert going.due_on == START.date() + timedelta(days=60 + 39)
    assert going.ledger[-2]["why"] == "waiting"


def test_whoever_has_the_work_is_told_of_it_by_its_own_name(cast: Cast) -> None:
    case = begun(cast)
    span = span_of(case)
    Deadline.objects.filter(case=case).exclude(pk=span.pk).update(next_at=None)
    sweep.until_done(at=at(span.due_on.isoformat(), "10:00"))
    message = Message.objects.get(template="due_today")
    assert message.to == cast.officer
    assert message.context["step"]["en"] == "The whole stage before founding"


def test_an_office_may_choose_how_long_it_takes(cast: Cast) -> None:
    number = office_numbers.of_procedure("SGF")["due.SGF.preparation_span"]
    assert (number.unit, number.default) == ("days", 60)
    assert number.texts["th"] == "ขั้นก่อนการจัดตั้งทั้งหมด"
    with clock.travel(START - timedelta(days=1)):
        office_settings.choose(number.key, cast.village, 90, by=cast.admin, reason="เหตุ")
    span = span_of(begun(cast))
    assert (span.rule, span.due_on) == ({"days": 90}, START.date() + timedelta(days=90))
    assert [entry["declared"] for entry in span.ledger if entry["what"] == "setting"] == [60]


def test_a_rule_on_a_day_that_the_case_does_not_hold_begins_nothing(cast: Cast) -> None:
    case = begun(cast)
    assert deadlines.due_on(case, {"on": "analysed_on"}, at=START) is None
