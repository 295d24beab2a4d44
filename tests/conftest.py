"""The engines of the test run."""

from typing import Any

import hypothesis
import pytest
from django.db import connection

from tests.settings import engines


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start PostgreSQL and Redis, unless nothing will run or the environment names servers."""
    if not session.config.option.collectonly:
        engines.start()


def pytest_sessionfinish() -> None:
    engines.stop()


# Hypothesis: no time limit for one example, since the machine may be busy.
hypothesis.settings.register_profile("sajja", deadline=None)
hypothesis.settings.load_profile("sajja")


# The audit trail refuses TRUNCATE, with which Django empties tables after transactional tests.
# Only those triggers are off here; tests/cases/test_audit.py turns them on and sees them refuse.
@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("cases_event", "cases_eventtext"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER no_truncate")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What a process keeps in memory must not outlive the database of the test before.

    Time is the machine's: tests travel with `clock.travel`, those of the demonstration's own
    clock install it.
    """
    from cases import calendar, clock, ladders

    calendar.forget()
    ladders.forget()
    clock.use_offset(None)
