"""The demonstration starts from nothing, stops without a trace, survives being killed.

The tests share one run folder and run in the order of this file: the later starts are those of
a visitor who comes back.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from project.processes import MARK
from tests.engines.demo import (
    ALL_WELL,
    BASE_DIR,
    MAKE_DEMO,
    Demo,
    get,
    plain_environment,
    traces_of,
    wait_gone,
)

LATER_START_CPU_SECONDS = 15  # a later start takes 15 seconds at most on two cores: half of that


@pytest.fixture
def demo(run_dir: Path, request: pytest.FixtureRequest) -> Iterator[Demo]:
    started = Demo(run_dir, *getattr(request, "param", ()))
    yield started
    started.end()


by_make = pytest.mark.parametrize("demo", [MAKE_DEMO], ids=["make"], indirect=True)


@by_make
def test_first_start_tells_all_and_ctrl_c_leaves_nothing(demo: Demo, run_dir: Path) -> None:
    url = demo.wait_ready()

    assert get(f"{url}/healthz") == (200, {"status": "alive"})
    status, answer = get(f"{url}/readyz")
    assert (status, answer["parts"]) == (200, ALL_WELL)

    described = json.loads((run_dir / "demo.json").read_text())
    assert described["url"] == url
    assert described["accounts"]
    for account in described["accounts"]:
        assert set(account) == {"username", "password", "role", "area", "language"}
        assert f"{account['username']}  " in demo.output
        assert account["password"] in demo.output
    assert (run_dir / "secret-key").stat().st_mode & 0o077 == 0
    assert (run_dir / "env").stat().st_mode & 0o077 == 0

    _talk_to_it_by_hand(run_dir)
    _refuse_a_second_one(run_dir, port=url.rpartition(":")[2])

    family = demo.family()
    assert {"postgres", "redis-server"} <= {process.name() for process in family}
    assert demo.ctrl_c() != 0  # of make: it was interrupted
    assert "\nstopped\n" in demo.output
    assert wait_gone(family, seconds=0) == []
    assert traces_of(run_dir) == []


def _refuse_a_second_one(run_dir: Path, port: str) -> None:
    same_folder = Demo(run_dir)
    assert same_folder.process.wait(30) == 1
    assert "already runs as process" in same_folder.output

    other = Demo(run_dir / "other", PORT=port)
    assert other.process.wait(30) == 1
    assert f"port {port} cannot be used" in other.output
    assert "make demo PORT=" in other.output


def _talk_to_it_by_hand(run_dir: Path) -> None:
    """settings.py reads the file `env` of the run folder when nothing else is configured."""
    question = (
        "from django.db import connection as c; c.ensure_connection(); print(c.settings_dict)"
    )
    answer = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", question],
        cwd=BASE_DIR,
        env=plain_environment(SAJJA_RUN_DIR=str(run_dir)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "/sockets" in answer.stdout


def test_a_killed_runner_leaves_no_orphan(demo: Demo, run_dir: Path) -> None:
    demo.wait_ready()
    family = demo.family()

    demo.stop(signal.SIGKILL)

    assert wait_gone(family, seconds=20) == []
    assert traces_of(run_dir) == []


def test_start_after_everything_was_killed_at_once(demo: Demo, run_dir: Path) -> None:
    """Runner, engines and services get kill -9 together; some of their children live on."""
    demo.wait_ready()
    family = demo.family()
    heads = [p for p in family if demo.process.pid in (p.pid, p.ppid())]
    assert len(heads) == 6, heads  # runner, two engines, three services
    for process in heads:
        process.kill()
    demo.process.wait()
    stray = subprocess.Popen(["sleep", "300"], env=plain_environment(**{MARK: str(run_dir)}))

    again = Demo(run_dir, *MAKE_DEMO)
    try:
        again.wait_ready()
        assert again.cpu_seconds() < LATER_START_CPU_SECONDS
        assert stray.wait(1) == -signal.SIGTERM
        assert wait_gone(family, seconds=0) == []
        _end_by_signal(again, signal.SIGTERM)
    finally:
        again.end()
        stray.kill()
        stray.wait()
    assert traces_of(run_dir) == []


@by_make
def test_a_killed_make_takes_everything_along(demo: Demo, run_dir: Path) -> None:
    demo.wait_ready()
    _end_by_signal(demo, signal.SIGKILL)
    assert traces_of(run_dir) == []


def _end_by_signal(demo: Demo, how: signal.Signals) -> None:
    family = demo.family()
    assert demo.stop(how) != 0  # of make: it was interrupted
    assert wait_gone(family, seconds=20) == []
