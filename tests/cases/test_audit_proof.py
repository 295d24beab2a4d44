"""Proving the audit trail: every tampering is found and its first broken link named."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Event, EventText
from cases.proof import Break, Fault, prove
from tests.cases.bare_case import bare_case, chained, check_constraints_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def tamper() -> Callable[..., None]:
    """Runs SQL as somebody who owns the database and has switched all triggers off."""

    def run(statement: str, *args: Any) -> None:
        check_constraints_now()
        with connection.cursor() as cursor:
            for table in ("cases_event", "cases_eventtext"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            cursor.execute(statement, args)

    return run


def test_chains_that_are_whole_are_proved() -> None:
    bare_case()
    chained(5)
    chained(3)
    assert (proof := prove()).broken is None
    assert (proof.cases, proof.events) == (3, 8)


TAMPERINGS: dict[str, tuple[str, int, Fault]] = {
    "a changed code": (
        "UPDATE cases_event SET codes = '{\"item\": 9}' WHERE number = 3",
        *(3, Fault.CHANGED),
    ),
    "a changed person": ("UPDATE cases_event SET by_id = NULL WHERE number = 2", 2, Fault.CHANGED),
    "a changed time": (
        "UPDATE cases_event SET at = at + interval '1 microsecond' WHERE number = 1",
        *(1, Fault.CHANGED),
    ),
    "a changed hash": (
        "UPDATE cases_event SET hash = md5(hash) WHERE number = 2",
        2,
        Fault.CHANGED,
    ),
    "a changed last event": (
        "UPDATE cases_event SET step = 'x' WHERE number = 4",
        4,
        Fault.CHANGED,
    ),
    "a removed first event": ("DELETE FROM cases_event WHERE number = 1", 1, Fault.MISSING),
    "a removed middle event": ("DELETE FROM cases_event WHERE number = 3", 3, Fault.MISSING),
    "a cut tail": ("DELETE FROM cases_event WHERE number > 2", 3, Fault.MISSING),
    "all events gone": ("DELETE FROM cases_event", 1, Fault.MISSING),
    "swapped numbers": (
        "UPDATE cases_event SET number = 100 WHERE number = 2; "
        "UPDATE cases_event SET number = 2 WHERE number = 3; "
        "UPDATE cases_event SET number = 3 WHERE number = 100",
        *(2, Fault.NOT_LINKED),
    ),
    "a gap closed": (
        "DELETE FROM cases_event WHERE number = 2; "
        "UPDATE cases_event SET number = number - 1 WHERE number > 2",
        *(2, Fault.NOT_LINKED),
    ),
    "a changed text": (
        'UPDATE cases_eventtext SET body = \'{"reason": "x"}\' '
        "WHERE event_id = (SELECT id FROM cases_event WHERE number = 4)",
        *(4, Fault.TEXT_CHANGED),
    ),
    "a changed salt": ("UPDATE cases_eventtext SET salt = 'x'", 2, Fault.TEXT_CHANGED),
    "a text put in": (
        "INSERT INTO cases_eventtext SELECT id, 's', '{}' FROM cases_event WHERE number = 3",
        *(3, Fault.TEXT_ADDED),
    ),
    "a changed head": ("UPDATE cases_case SET event_hash = md5(event_hash)", 4, Fault.HEAD_CHANGED),
    "a head set forward": ("UPDATE cases_case SET event_count = 9", 4, Fault.HEAD_CHANGED),
    "a head set back": ("UPDATE cases_case SET event_count = 2", 4, Fault.HEAD_CHANGED),
    "an event put at the end": (
        "INSERT INTO cases_event (case_id, number, kind, at, step, codes, text_digest,"
        " previous_hash, hash) SELECT case_id, 5, kind, at, step, codes, '', hash, hash"
        " FROM cases_event WHERE number = 4",
        *(5, Fault.CHANGED),
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_tampering_is_found_and_rightly_named(how: str, tamper: Callable[..., None]) -> None:
    statement, number, fault = TAMPERINGS[how]
    case = chained(4)
    tamper(statement)
    assert prove().broken == Break(case.number, number, fault)


# Anybody's hand on any column of an event.
HANDS = [
    f"UPDATE cases_event SET {change} WHERE number = %s"  # noqa: S608 - a list of our own
    for change in (
        "kind = 'CASE_ENDED'",
        "step = step || 'x'",
        "codes = codes || '{\"more\": 1}'",
        "at = at - interval '1 second'",
        "by_id = NULL",
        "post_id = NULL",
        "text_digest = md5(text_digest)",
        "previous_hash = md5(previous_hash)",
        "hash = md5(hash)",
        "number = number + 50",
    )
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(length=st.integers(1, 6), data=st.data())
def test_the_first_touched_event_is_named(
    tamper: Callable[..., None], length: int, data: st.DataObject
) -> None:
    hands = st.dictionaries(st.integers(1, length), st.sampled_from(HANDS), min_size=1)
    touched = data.draw(hands)
    with transaction.atomic():
        case = chained(length)
        for number, hand in touched.items():
            tamper(hand, number)
        broken = prove().broken
        transaction.set_rollback(True)
    assert broken is not None
    assert (broken.case, broken.event) == (case.number, min(touched))


def test_only_the_broken_case_is_named(tamper: Callable[..., None]) -> None:
    whole, broken = chained(3), chained(3)
    tamper("UPDATE cases_event SET step = 'x' WHERE case_id = %s AND number = 2", broken.pk)
    assert prove().broken == Break(broken.number, 2, Fault.CHANGED)
    assert prove(whole.number).broken is None
    assert prove(broken.number).broken == Break(broken.number, 2, Fault.CHANGED)


# The command


def verify(*args: str) -> str:
    out = io.StringIO()
    with translation.override("en"):
        call_command("verify_audit", *args, stdout=out)
    return out.getvalue()


def test_the_command_says_that_all_is_whole() -> None:
    case = chained(3)
    assert verify().startswith("Whole: 3 events of 1 cases")
    assert verify("--case", case.number).startswith("Whole: 3 events of 1 cases")


def test_the_command_names_the_first_broken_link(tamper: Callable[..., None]) -> None:
    case = chained(3)
    tamper("DELETE FROM cases_event WHERE number = 3")
    with pytest.raises(CommandError) as failed:
        verify()
    assert failed.value.returncode == 1
    assert str(failed.value) == f"BROKEN: case {case.number}, event 3: the event is missing."


def test_the_command_knows_no_other_case() -> None:
    with pytest.raises(CommandError, match="There is no case X-1") as failed:
        verify("--case", "X-1")
    assert failed.value.returncode == 2


def test_a_long_trail_is_read_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.proof.BATCH", 3)
    chained(5)
    chained(4)
    assert prove().events == 9
    assert Event.objects.count() == 9
    assert EventText.objects.count() == 4
