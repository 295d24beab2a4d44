"""The audit trail: append-only, chained, texts erasable, every tampering named (DESIGN 3)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from cases import audit, chain
from cases.audit import EventKind
from cases.models import Case, Event, EventText
from cases.proof import Break, Fault, prove
from notifications import endpoints
from tests.cases.bare_case import bare_case, chained, check_constraints_now, officer

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 2, 30, 15, 123456, tzinfo=UTC)


def sql(statement: str, *args: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, args)


# Writing


def test_an_event_costs_one_statement(django_assert_num_queries: Any) -> None:
    case, by = bare_case(), officer()
    post = by.posts.get()
    endpoints.active()  # from memory from now on
    with django_assert_num_queries(1):
        audit.record(case, EventKind.CASE_OPENED, by=by, post=post, step="open", at=AT)
    with django_assert_num_queries(1):
        audit.record(case, EventKind.DECIDED, codes={"outcome": "RETURNED"}, text={"reason": "ก"})


def test_an_event_keeps_what_happened() -> None:
    case, by = bare_case(), officer()
    post = by.posts.get()
    codes = {"item": 7, "to": ["a", None, True], "on": AT.date(), "amount": Decimal("1.50")}
    given_back = audit.record(
        case, EventKind.STEP_DONE, by=by, post=post, step="study", codes=codes, at=AT
    )
    event = Event.objects.get()
    assert event == given_back
    for field in Event._meta.concrete_fields:
        assert getattr(event, field.attname) == getattr(given_back, field.attname), field
    assert (event.number, event.by, event.post, event.at) == (1, by, post, AT)
    assert event.codes["on"] == "2026-11-23"
    assert event.text_digest == ""
    with translation.override("en"):
        assert event.title == "Step done"


def test_the_head_of_the_chain_stands_on_the_case() -> None:
    case = chained(3)
    last = Event.objects.get(case=case, number=3)
    kept = Case.objects.values_list("event_count", "event_hash").get(pk=case.pk)
    assert kept == (case.event_count, case.event_hash) == (3, last.hash)
    assert last.previous_hash == Event.objects.get(case=case, number=2).hash


def test_text_stands_apart_under_a_salted_digest() -> None:
    first, second = (
        audit.record(bare_case(), EventKind.DECIDED, text={"reason": "ไม่ครบ"}, at=AT)
        for _ in range(2)
    )
    text = EventText.objects.get(event=first)
    assert text.body == {"reason": "ไม่ครบ"}
    assert first.text_digest == chain.digest(text.salt, text.body)
    assert first.text_digest != second.text_digest


def test_an_event_belongs_to_the_transaction_of_what_it_tells(transactional_db: None) -> None:
    case = bare_case()
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record(case, EventKind.STEP_DONE)
    with transaction.atomic():
        audit.record(case, EventKind.STEP_DONE, text={"a": "b"})
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    assert Case.objects.values_list("event_count", flat=True).get() == 0


def test_a_case_read_without_its_lock_forks_no_chain() -> None:
    case = bare_case()
    stale = Case.objects.only("number", "state", "event_count", "event_hash").get(pk=case.pk)
    audit.record(case, EventKind.STEP_CLAIMED)
    with pytest.raises(audit.StaleHeadError):
        audit.record(stale, EventKind.STEP_CLAIMED, text={"a": "b"})
    stale.event_count = 1
    with pytest.raises(audit.StaleHeadError):
        audit.record(stale, EventKind.STEP_CLAIMED)
    assert Event.objects.count() == 1
    assert prove().broken is None


@pytest.mark.parametrize("codes", [{"a": 1.5}, {"a": [{"b": 1e20}]}, {"a": {1, 2}}])
def test_codes_hold_only_what_comes_back_the_same(codes: dict) -> None:
    with pytest.raises(TypeError):
        audit.record(bare_case(), EventKind.STEP_DONE, codes=codes)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="NONSENSE"):
        audit.record(bare_case(), "NONSENSE")  # type: ignore[arg-type]


# Refusing


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_event SET kind = 'X'",
        "UPDATE cases_event SET kind = 'X' WHERE false",
        "DELETE FROM cases_event WHERE number = 2",
        "UPDATE cases_eventtext SET body = '{}'",
        "INSERT INTO cases_event TABLE cases_event ON CONFLICT (id) DO UPDATE SET step = 'x'",
    ],
)
def test_the_database_refuses_to_change_the_trail(statement: str) -> None:
    chained(2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(statement)
    assert prove().broken is None


@pytest.mark.parametrize("table", ["cases_event", "cases_eventtext", "cases_case"])
def test_the_database_refuses_to_empty_the_trail(table: str) -> None:
    chained(2)
    check_constraints_now()
    for guarded in ("cases_event", "cases_eventtext"):
        sql(f"ALTER TABLE {guarded} ENABLE TRIGGER no_truncate")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(f"TRUNCATE {table} CASCADE")
    assert Event.objects.count() == 2


# Erasing


def test_an_erased_text_leaves_the_chain_whole() -> None:
    case, by = chained(2), officer("chief")
    event = Event.objects.get(case=case, number=2)
    told = audit.erase(event, by, "OWNER_ASKED")
    assert not EventText.objects.exists()
    assert (told.kind, told.codes) == ("TEXT_ERASED", {"event": 2, "reason": "OWNER_ASKED"})
    assert prove().broken is None
    with pytest.raises(EventText.DoesNotExist):
        audit.erase(event, by, "OWNER_ASKED")


def test_a_text_that_is_just_gone_is_found() -> None:
    case = chained(4)
    EventText.objects.filter(event__number=4).delete()
    assert prove().broken == Break(case.number, 4, Fault.TEXT_MISSING)
    # An erasure that tells of another event excuses nothing, nor does another kind of event.
    audit.record(case, EventKind.TEXT_ERASED, codes={"event": 2})
    audit.record(case, EventKind.STEP_DONE, codes={"event": 4})
    assert prove().broken == Break(case.number, 4, Fault.TEXT_MISSING)
