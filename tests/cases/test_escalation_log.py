"""The proof of a deadline says of every rung what was planned and what came of it (DESIGN 4)."""

from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cases import climb, clock, escalation_log, escalation_words, holidays, ladders, sweep
from cases.models import Deadline, User
from cases.roles import Role
from notifications.models import Message
from tests.cases.running import DISTRICT, at, person, places, work_under_deadline

# Begun on Monday, 23 November 2026, due in 7 working days: on Wednesday, 2 December.
BEGUN = at("2026-11-23")


@pytest.fixture(autouse=True)
def _data(db: None) -> Any:
    holidays.seed("TH", [2026, 2027])
    ladders.seed()
    places()
    with clock.travel(BEGUN), translation.override("en"):
        yield


@pytest.fixture
def officer() -> User:
    return person("officer", Role.FIELD_OFFICER)


def whole(deadline: Deadline) -> Deadline:
    return Deadline.objects.select_related(*escalation_log.WITH).get(pk=deadline.pk)


def told(deadline: Deadline) -> list[tuple[bool, str, list[tuple[str, str]]]]:
    """Each rung: whether it is planned, its title, and its lines as status and receiver."""
    return [
        (
            rung.planned,
            rung.title,
            [(line.status.name, line.who or line.role) for line in rung.lines],
        )
        for rung in escalation_log.proof(whole(deadline))["rungs"]
    ]


def test_what_is_planned_names_who_would_be_told_and_the_empty_post(officer: User) -> None:
    person("cd_chief", Role.DISTRICT_CHIEF_CD, DISTRICT)
    deadline = work_under_deadline(BEGUN, officer)
    rungs = told(deadline)
    assert rungs[:4] == [
        (True, "3 working days before", [("PLANNED", "Officer")]),
        (True, "on the due day", [("PLANNED", "Officer")]),
        (True, "1 working day late", [("PLANNED", "Officer")]),
        (True, "1 working day late", [("PLANNED", "Cd_Chief")]),
    ]
    assert rungs[4][2][0] == ("SKIPPED", "District chief")
    assert len(rungs) == 6


def test_what_was_told_is_delivered_or_not_and_what_was_skipped_says_why(officer: User) -> None:
    person("cd_chief", Role.DISTRICT_CHIEF_CD, DISTRICT, email="")
    person("chief", Role.DISTRICT_CHIEF, DISTRICT)
    deadline = work_under_deadline(BEGUN, officer)
    for day in ("2026-11-27", "2026-12-02", "2026-12-03"):
        sweep.until_done(at=at(day))
    reminder, due_today, *_rest = Message.objects.order_by("queued_at")
    Message.objects.filter(pk=reminder.pk).update(sent_at=timezone.now())
    gone = {"given_up_at": timezone.now(), "error": "SMTPRecipientsRefused: {'x@example.org'}"}
    Message.objects.filter(pk=due_today.pk).update(**gone)
    rungs = told(deadline)
    assert [lines for planned, _title, lines in rungs if not planned] == [
        [("DELIVERED", "Officer")],
        [("NOT_DELIVERED", "Officer")],
        [("WAITING", "Officer")],
        [("SKIPPED", "Cd_Chief"), ("WAITING", "Chief")],
    ]
    page = shown(deadline)
    assert "has no address to which a message could go" in page
    assert "mail server did not take it" in page
    assert "x@example.org" not in page  # what servers answer is for operators


def test_rungs_that_lay_before_the_beginning_say_so(officer: User) -> None:
    deadline = work_under_deadline(BEGUN, officer, working_days=1)
    assert told(deadline)[0] == (False, "3 working days before", [("SKIPPED", "")])
    assert "its day had passed" in shown(deadline)


def test_a_closed_deadline_plans_nothing(officer: User) -> None:
    deadline = work_under_deadline(BEGUN, officer)
    Deadline.objects.update(closed_at=BEGUN, next_at=None)
    assert [planned for planned, _title, _lines in told(deadline) if planned] == []
    assert "nobody is told any more" in shown(deadline)


def test_the_proof_costs_the_same_however_long(officer: User) -> None:
    for number in range(5):
        person(f"chief{number}", Role.DISTRICT_CHIEF_CD, DISTRICT)
    deadline = work_under_deadline(BEGUN, officer)
    counts = []
    for day in ("2026-11-27", "2026-12-02", "2026-12-03"):
        sweep.until_done(at=at(day))
        found = whole(deadline)
        with CaptureQueriesContext(connection) as queries:
            escalation_log.proof(found)
        counts.append(len(queries))
    assert max(counts) <= 5


def test_every_reason_has_its_words() -> None:
    codes = {code for name, code in vars(climb.Reason).items() if name.isupper()}
    assert codes <= set(escalation_words.REASONS)


def shown(deadline: Deadline) -> str:
    context = {"proof": escalation_log.proof(whole(deadline))}
    return render_to_string("workflows/deadline_proof.html", context)
