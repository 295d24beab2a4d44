"""The processes under torture: Celery workers, beat and sweepers, killed and brought back."""

import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

import psutil

from project import processes
from project.programs import BASE_DIR, procfile

WORKERS, SWEEPERS = 2, 3
START_SECONDS = 300  # on a machine that is busy with other things


class CrewError(Exception):
    """A process does not come up, or ended by itself: this is no torture."""


class Crew:
    """All that sweeps and delivers."""

    def __init__(self, run_dir: Path, env: Mapping[str, str]) -> None:
        self._logs = run_dir / "logs"
        self._logs.mkdir(exist_ok=True)
        self._run_dir = run_dir
        self._env = {**env, processes.MARK: str(run_dir)}
        services = procfile()
        self._commands = {
            **{f"worker-{number}": services["worker"] for number in range(WORKERS)},
            "beat": services["beat"],
            "sweepers": ["python", "-m", "tests.torture.sweepers", str(SWEEPERS)],
        }
        self._heads: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start whoever does not run."""
        for name, command in self._commands.items():
            if name not in self._heads or self._heads[name].poll() is not None:
                with (self._logs / f"{name}.log").open("ab") as log:
                    self._heads[name] = processes.spawn(
                        [sys.executable, *command[1:]], output=log, env=self._env, cwd=BASE_DIR
                    )

    def await_all(self) -> None:
        """Return when every worker has its children.

        Raises:
            CrewError: one ended by itself, or takes too long.
        """
        end = time.monotonic() + START_SECONDS
        while len(self._alive("child")) < WORKERS * 2 or len(self._alive("sweeper")) < SWEEPERS:
            self.check()
            if time.monotonic() > end:
                raise CrewError(f"not all are up after {START_SECONDS} seconds, see {self._logs}")
            time.sleep(0.1)

    def check(self) -> None:
        """Raise CrewError when one ended that was not killed."""
        for name, head in self._heads.items():
            if head.poll() is not None:
                words = (self._logs / f"{name}.log").read_text(errors="replace").splitlines()
                raise CrewError("\n".join([f"{name} ended by itself:", *words[-10:]]))

    def end(self) -> None:
        """Kill -9 for all of them, and for what they started."""
        while family := processes.supervised(self._run_dir):
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            for head in self._heads.values():
                head.wait()
            psutil.wait_procs(family, timeout=1)

    def kill(self, kind: str, chance: Random) -> bool:
        """Kill -9 for one of a kind: `sweeper`, `child` of a worker, `worker`, `beat`.

        A worker and beat are started again at once, the others are replaced by their parent.
        Returns whether there was one.
        """
        if not (family := self._alive(kind)):
            return False
        victim = chance.choice(family)
        with suppress(psutil.NoSuchProcess):
            victim.kill()
        for head in self._heads.values():
            if head.pid == victim.pid:
                head.wait()
        self.start()
        return True

    def _alive(self, kind: str) -> list[psutil.Process]:
        heads = {"sweeper": "sweepers", "child": "worker", "worker": "worker", "beat": "beat"}
        found = [
            psutil.Process(process.pid)
            for name, process in self._heads.items()
            if name.startswith(heads[kind]) and process.poll() is None
        ]
        if kind in ("sweeper", "child"):
            found = [child for head in found for child in head.children()]
        return sorted(found, key=lambda process: process.pid)
