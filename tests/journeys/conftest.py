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
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from project.embedded.place import private_folder_of
from tests.engines.demo import BASE_DIR, Demo, plain_environment
from tests.journeys.photos import phone_photo
from tests.journeys.visitor import Demonstration, Visitor, Visits

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A second officer and a second chief in Wang Saphung, so that two can want the same work.
SECOND_PEOPLE = """
from cases.models import Post, User
for name, like in (("ws-officer2", "ws-officer"), ("ws-cdchief2", "ws-cdchief")):
    first = User.objects.get(username=like)
    second = User(username=name, name=f"{first.name} (2)", language=first.language)
    second.set_password("sajja")
    second.save()
    for post in Post.objects.filter(user=first):
        Post.objects.create(
            user=second, role=post.role, area=post.area, starts_on=post.starts_on
        )
"""


@pytest.fixture(scope="package")
def demonstration(chromium: str) -> Iterator[Demonstration]:
    """A demonstration of its own, started from nothing as `make demo` does."""
    folder = Path(tempfile.mkdtemp(prefix="Sajja-")).resolve()
    folder.chmod(0o755)  # open to the engines' user, as pytest's own folders are not
    demo = Demo(folder)
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
def second_people(demonstration: Demonstration) -> None:
    """ws-officer2 and ws-cdchief2 hold the same posts as the first of each."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", SECOND_PEOPLE],
        cwd=BASE_DIR,
        env=plain_environment(SAJJA_RUN_DIR=str(demonstration.folder)),
        check=True,
    )


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


@pytest.fixture(scope="package")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo as a phone takes it."""
    path = tmp_path_factory.mktemp("phone") / "IMG_0001.jpg"
    path.write_bytes(phone_photo())
    return path
