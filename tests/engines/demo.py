"""Start the whole demonstration as a visitor does, and look at what it leaves."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

MAKE_DEMO = ("make", "demo", f"PYTHON={sys.executable}")
BASE_DIR = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 180
ALL_WELL = {"database": "ok", "broker": "ok", "worker": "ok", "escalation": "ok"}
KEPT = ("PATH", "HOME", "LANG", "SSL_CERT_FILE")  # a visitor's environment knows no Sajja


def plain_environment(**extra: str) -> dict[str, str]:
    """What a visitor's shell hands on, without any variable of this test run."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | extra


class Demo:
    """One running `make demo` or `python -m project.run`, with what it printed."""

    def __init__(self, run_dir: Path, *command: str, **environment: str) -> None:
        run_dir.mkdir(exist_ok=True)
        output, name = tempfile.mkstemp(dir=run_dir)
        self.printed = Path(name)
        self.process = subprocess.Popen(
            command or (sys.executable, "-m", "project.run"),
            cwd=BASE_DIR,
            env=plain_environment(SAJJA_RUN_DIR=str(run_dir), PORT="0") | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.close(output)

    @property
    def output(self) -> str:
        """What it printed so far."""
        return self.printed.read_text()

    def wait_ready(self) -> str:
        """The address, once the demonstration says it is ready."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            found = re.search(r"^ready: (\S+)$", self.output, re.MULTILINE)
            if found:
                return found[1]
            time.sleep(0.05)
        raise AssertionError(f"not ready, returned {self.process.poll()}:\n{self.output}")

    def family(self) -> list[psutil.Process]:
        """The process started here and all below it."""
        head = psutil.Process(self.process.pid)
        return [head, *head.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """Used so far by all of it: says what a start costs, whoever else uses the machine."""
        return sum(sum(process.cpu_times()[:4]) for process in self.family())

    def stop(self, how: signal.Signals) -> int:
        """Signal it as `kill` does, to the one process; its exit status."""
        self.process.send_signal(how)
        return self.process.wait(60)

    def ctrl_c(self) -> int:
        """What a terminal does: SIGINT to the whole group; the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(60)

    def end(self) -> None:
        """Whatever a failed test left: away with it."""
        if self.process.poll() is None:
            for process in self.family():
                process.kill()
            self.process.wait()


def get(url: str, host: str = "localhost") -> tuple[int, dict]:
    """Status and JSON of an address, for error answers too."""
    request = urllib.request.Request(url, headers={"Host": host})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def wait_gone(family: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those of the family that still run after some seconds; zombies have ended."""
    deadline = time.monotonic() + seconds
    while (alive := [p for p in family if _alive(p)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive


def traces_of(run_dir: Path) -> list[psutil.Process]:
    """Processes that name the run folder in any way: command, environment, working folder."""
    return [p for p in psutil.process_iter() if str(run_dir) in _description(p)]


def _alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _description(process: psutil.Process) -> str:
    try:
        return f"{process.cmdline()} {process.environ()} {process.cwd()}"
    except psutil.Error:
        return ""
