"""The engines of the test run."""

import pytest

from tests.settings import engines


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start PostgreSQL and Redis, unless nothing will run or the environment names servers."""
    if not session.config.option.collectonly:
        engines.__enter__()


def pytest_sessionfinish() -> None:
    engines.stop()
