"""The engines of the test run, its thoroughness and its browser."""

import os
import shutil
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.utils import translation

from tests.settings import engines


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full",
        action="store_true",
        help="ten times as many random examples, and what takes minutes",
    )


def pytest_configure(config: pytest.Config) -> None:
    in_ci = "_ci" if "CI" in os.environ else ""
    hypothesis.settings.load_profile(("full" if config.getoption("full") else "sajja") + in_ci)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what takes minutes to the full run, unless somebody names it."""
    if config.getoption("full") or any("::" in name or ".py" in name for name in config.args):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in set(long)]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start PostgreSQL and Redis, unless nothing will run or the environment names servers."""
    if not session.config.option.collectonly and not _is_worker(session.config):
        engines.start()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not _is_worker(session.config):
        engines.stop()


def _is_worker(config: pytest.Config) -> bool:
    """Whether this is one of the processes among which `-n` shares the tests out."""
    return hasattr(config, "workerinput")


# Hypothesis: no time limit for one example, since the machine may be busy.
hypothesis.settings.register_profile("sajja", deadline=None)
hypothesis.settings.register_profile("full", deadline=None, max_examples=1000)
# CI judges a change by the same examples each time; new ones are looked for at the desk.
for profile in ("sajja", "full"):
    hypothesis.settings.register_profile(
        f"{profile}_ci", hypothesis.settings.get_profile(profile), derandomize=True, database=None
    )


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; without one the test is skipped, in CI it fails."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail("No Chromium on this machine: .ci/run installs one.")
    pytest.skip("No Chromium on this machine: install chromium, or name one with CHROMIUM.")


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
    clock install it. The language is Thai: a request leaves that of its user in the thread.
    """
    from cases import calendar, clock, ladders, matters, office_settings
    from notifications import endpoints

    calendar.forget()
    ladders.forget()
    matters.forget()
    office_settings.forget()
    endpoints.forget()
    clock.use_offset(None)
    translation.deactivate()
