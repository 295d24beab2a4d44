"""`python -m project.run`: the whole demonstration from nothing, until Ctrl-C (make demo).

Starts the engines, migrates, loads the demonstration's data, then runs the processes of the
Procfile. Says `ready: <address>` once /readyz answers 200. SIGINT, SIGTERM and SIGHUP stop
everything; if this process is killed outright, the kernel stops its children (see
project/processes.py) and the next start clears what may be left.

Environment: PORT (default 8000, 0 takes a free one), SAJJA_RUN_DIR, DATABASE_URL, REDIS_URL.
"""

import contextlib
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from project import demonstration, processes
from project.embedded import EngineError, Engines
from project.programs import BASE_DIR, ProgramError, Programs

READY_SECONDS = 90
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class RunError(Exception):
    """The demonstration cannot run; the text says why and what to do."""


class StopAsked(BaseException):
    """Somebody asked us to stop: not an error, and nothing may swallow it."""


def main() -> int:
    """Run the demonstration; 0 when it was asked to stop, 1 when something failed."""
    _listen_for_stop()
    run_dir = Path(os.environ.get("SAJJA_RUN_DIR", BASE_DIR / ".sajja")).resolve()
    run_dir.mkdir(parents=True, exist_ok=True)
    try:
        with _alone(run_dir):
            port = free_port(int(os.environ.get("PORT") or 8000))
            with Engines(run_dir, durable=True) as engines:
                _run(run_dir, f"http://localhost:{port}", engines.environment)
    except StopAsked:
        say("stopped")
        return 0
    except (RunError, ProgramError, EngineError) as error:
        say(f"error: {error}")
    return 1


def say(line: str) -> None:
    """One line for whoever watches; they may be gone (a closed terminal or pipe)."""
    with contextlib.suppress(OSError):
        print(line, flush=True)  # noqa: T201


def _listen_for_stop() -> None:
    def stop(number: int, frame: FrameType | None) -> NoReturn:
        _be_deaf()
        raise StopAsked

    for each in STOP_SIGNALS:
        if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN:  # nohup
            signal.signal(each, stop)
    if "MAKELEVEL" in os.environ:  # a killed make cannot pass the signal on
        processes.die_with_parent(signal.SIGTERM)


def _be_deaf() -> None:
    """Once is enough: let the end be orderly."""
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)


@contextlib.contextmanager
def _alone(run_dir: Path) -> Iterator[None]:
    """Hold the run folder, cleared of what a killed run left in it."""
    try:
        lock = processes.take(run_dir / "demo.lock")
    except processes.InUseError as error:
        raise RunError(
            f"the demonstration already runs as process {error.holder}. Stop it first, or choose "
            "another folder with SAJJA_RUN_DIR and another PORT."
        ) from None
    with lock:
        processes.end(processes.supervised(run_dir), signal.SIGTERM, patience=20)
        yield


def free_port(wanted: int) -> int:
    """The port itself when nobody listens on it; some free one for 0.

    Raises:
        RunError: the port is taken.
    """
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", wanted))
        except (OSError, OverflowError) as error:
            raise RunError(
                f"port {wanted} cannot be used ({error}). Choose another one: make demo PORT=8001"
            ) from None
        return int(trial.getsockname()[1])


def _run(run_dir: Path, url: str, engines: dict[str, str]) -> None:
    env = demonstration.environment(run_dir, url) | engines
    demonstration.write_env_file(run_dir, env)
    (run_dir / "demo.json").unlink(missing_ok=True)
    port = url.rpartition(":")[2]
    with Programs(run_dir, {**os.environ, **env, "PORT": port}) as programs:
        try:
            _bring_up(run_dir, url, programs)
            while True:
                programs.check()
                time.sleep(0.5)
        finally:
            _be_deaf()
            say("stopping …")


def _bring_up(run_dir: Path, url: str, programs: Programs) -> None:
    started = time.monotonic()
    say("Preparing the database, its data, styles and scripts …")
    programs.manage("prepare_demo")
    say("Starting web, worker and beat …")
    programs.start_services()
    _await_ready(url, programs)
    demonstration.write_description(run_dir, url)
    say(f"\n{demonstration.account_table()}\n\nLogs: {programs.logs}. Ctrl-C stops everything.")
    say(f"Started in {time.monotonic() - started:.0f} seconds.\nready: {url}")


def _await_ready(url: str, programs: Programs) -> None:
    started = time.monotonic()
    while True:
        programs.check()
        waited = time.monotonic() - started
        answer = _readiness(url)
        words = dict(answer.get("parts", {"web": "no answer"}))
        # An open alarm is what a visitor comes to see; a heartbeat from before proves nothing.
        words.pop("escalation", None)
        if set(words.values()) == {"ok"} and answer["heartbeat_age_seconds"] < waited:
            return
        if waited > READY_SECONDS:
            raise RunError(f"not ready after {READY_SECONDS} seconds: {answer}")
        time.sleep(0.2)


def _readiness(url: str) -> dict[str, Any]:
    """What /readyz answers, whatever it says; else what stands in the way."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=10) as answer:  # noqa: S310
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        return dict(json.load(error)) if error.code == 503 else {"status": error.code}
    except OSError as error:
        return {"web": str(error)}


if __name__ == "__main__":
    sys.exit(main())
