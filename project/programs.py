"""The programs of one demonstration: each with its log, none living longer than the others."""

import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from project import processes

BASE_DIR = Path(__file__).resolve().parent.parent
STOP_SECONDS = 20


class ProgramError(Exception):
    """A program failed or ended by itself; the text has its last words."""


def procfile() -> dict[str, list[str]]:
    """The services by name, each with its command."""
    lines = (BASE_DIR / "Procfile").read_text().splitlines()
    pairs = [line.split(":", 1) for line in lines if line and not line.startswith("#")]
    return {name: shlex.split(command) for name, command in pairs}


class Programs:
    """What runs in one environment until the `with` block ends; logs in the run folder."""

    def __init__(self, run_dir: Path, env: Mapping[str, str]) -> None:
        self.run_dir = run_dir
        self.logs = run_dir / "logs"
        self.env = {**env, processes.MARK: str(run_dir)}
        self._services: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End all that runs, and what it started."""
        processes.end(processes.supervised(self.run_dir), signal.SIGTERM, STOP_SECONDS)
        for process in self._services.values():
            process.wait()

    def manage(self, command: str) -> None:
        """Run a command of manage.py to its end.

        Raises:
            ProgramError: it failed.
        """
        if self._start(command, ["python", "manage.py", command]).wait():
            raise ProgramError(f"`manage.py {command}` failed:\n{self._last_words(command)}")

    def start_services(self) -> None:
        """Start all of the Procfile."""
        for name, command in procfile().items():
            self._services[name] = self._start(name, command)

    def check(self) -> None:
        """Raise ProgramError when a service ended by itself."""
        for name, process in self._services.items():
            if process.poll() is not None:
                raise ProgramError(f"{name} ended by itself:\n{self._last_words(name)}")

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        self.logs.mkdir(exist_ok=True)
        program = sys.executable if command[0] == "python" else command[0]
        with self._log(name).open("wb") as log:
            return processes.spawn([program, *command[1:]], output=log, env=self.env, cwd=BASE_DIR)

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _last_words(self, name: str) -> str:
        lines = self._log(name).read_text(errors="replace").splitlines()
        return "\n".join([*lines[-15:], f"(from {self._log(name)})"])
