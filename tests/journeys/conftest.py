"""The demonstration as a newcomer meets it, a browser, and people who use both.

The fixtures live as long as this package: a started Playwright keeps an event loop in the main
thread, in which Django refuses to talk to the database, and later tests have to.
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from project.embedded.place import private_folder_of
from tests.engines.demo import BASE_DIR, Demo, plain_environment
from tests.journeys.visitor import Demonstration, Visitor, Visits

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def started_demonstration() -> Iterator[Demonstration]:
    """A demonstration started from nothing as `make demo` does, until the block is left."""
    folder = Path(tempfile.mkdtemp(prefix="Sajja-")).resolve()
    folder.chmod(0o755)  # open to the engines' user, as pytest's own folders are not
    demo = Demo(folder, MAKELEVEL="1")  # ends with its parent, as under make
    try:
        demo.wait_ready()
        described = json.loads((folder / "demo.json").read_text())
        yield Demonstration(described["url"], described["accounts"], folder)
        demo.stop(signal.SIGTERM)
    finally:
        demo.end()
        shutil.rmtree(folder)
        shutil.rmtree(private_folder_of(folder), ignore_errors=True)


@pytest.fixture(scope="package")
def demonstration(chromium: str) -> Iterator[Demonstration]:
    """The one demonstration that the journeys share."""
    with started_demonstration() as started:
        yield started


@pytest.fixture(scope="package")
def cases(demonstration: Demonstration) -> dict[str, Any]:
    """Numbers of cases by what they are good for, and second people; see stage.py."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.stage"],
        cwd=BASE_DIR,
        env=plain_environment(
            SAJJA_RUN_DIR=str(demonstration.folder), DJANGO_SETTINGS_MODULE="project.settings"
        ),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def number(cases: dict[str, Any]) -> str:
    """The number of a new case of `ws-officer`, at its first step."""
    fresh: str = cases["fresh"].pop(0)
    return fresh


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all; each visitor has a context of their own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="package")
def _signed_in() -> dict[str, Any]:
    """Cookies of those who signed in once, by user name."""
    return {}


@pytest.fixture
def visits(
    browser: Browser, demonstration: Demonstration, _signed_in: dict[str, Any]
) -> Iterator[Visits]:
    """Whoever visits in this test. At its end: no error in any console, no 500, no CSP report."""
    everybody = Visits(browser, demonstration, _signed_in)
    yield everybody
    everybody.close()
    assert everybody.faults == []


@pytest.fixture
def officer(visits: Visits) -> Visitor:
    """The field officer of Chiang Khan with a phone, signed in."""
    return visits.of("officer")
