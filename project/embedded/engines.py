"""Start PostgreSQL and Redis, wait until they answer, stop them again."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import IO, Self

import psycopg
import redis

from project import processes
from project.embedded.place import EngineError, find_place
from project.embedded.servers import PostgreSQL, Redis, Server

START_SECONDS = 60  # PostgreSQL may have to replay its log after a crash
STOP_SECONDS = 20


class Engines:
    """The engines that the environment does not name, running inside the `with` block."""

    def __init__(self, run_dir: Path, *, durable: bool) -> None:
        """Decide what to start under `run_dir` (see `find_place`); nothing starts yet.

        Raises:
            EngineError: the engines' wheels are missing or have no place to run.
        """
        self._running: list[tuple[Server, subprocess.Popen[bytes]]] = []
        self._lock: IO[str] | None = None
        self.servers: list[Server] = []
        if {PostgreSQL.variable, Redis.variable} <= os.environ.keys():
            return
        self.place = find_place(run_dir)
        both: list[Server] = [PostgreSQL(self.place, durable=durable), Redis(self.place)]
        self.servers = [server for server in both if server.variable not in os.environ]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point to the engines started here."""
        return {server.variable: server.url for server in self.servers}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the engines and wait until they answer.

        Raises:
            EngineError: they do not come up, or another process uses them.
        """
        if not self.servers:
            return
        self._take_lock()
        try:
            self._clear()
            for server in self.servers:
                server.prepare()
                self._spawn(server)
            for server, process in self._running:
                self._await(server, process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop what was started here, cleanly if it lets us; harmless when called twice."""
        for server, process in self._running:
            process.send_signal(server.stop_signal)
        for _, process in self._running:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()
        if self._lock:
            self._lock.close()
            self._lock = None

    def halt(self, variable: str, how: signal.Signals) -> None:
        """End the one engine to which `variable` points, as abruptly as `how` ends it."""
        server, process = next(each for each in self._running if each[0].variable == variable)
        process.send_signal(how)
        process.wait(STOP_SECONDS)
        self._running.remove((server, process))

    def resume(self, variable: str) -> None:
        """Start an engine that was halted again, and wait until it answers.

        Raises:
            EngineError: it does not come up.
        """
        server = next(each for each in self.servers if each.variable == variable)
        server.prepare()
        self._spawn(server)
        self._await(*self._running[-1])

    def _take_lock(self) -> None:
        try:
            self._lock = processes.take(self.place.home / "lock")
        except processes.InUseError as error:
            raise EngineError(
                f"The engines in {self.place.home} are in use by process {error.holder}. "
                "Stop it, or choose another folder with SAJJA_RUN_DIR."
            ) from None

    def _clear(self) -> None:
        """End engines that outlived a killed owner (we hold the lock), and their sockets."""
        processes.end(processes.working_in(self.place.home), signal.SIGINT, STOP_SECONDS)
        for stale in self.place.sockets.iterdir():
            stale.unlink()

    def _log(self, server: Server) -> Path:
        return self.place.home / f"{type(server).__name__.lower()}.log"

    def _spawn(self, server: Server) -> None:
        with self._log(server).open("wb") as log:
            process = processes.spawn(
                server.command(),
                output=log,
                user=self.place.user,
                cwd=self.place.home,
                on_parent_death=server.stop_signal,
            )
        self._running.append((server, process))

    def _await(self, server: Server, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return server.check()
            except (psycopg.OperationalError, redis.ConnectionError) as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    log = self._log(server)
                    tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
                    raise EngineError(f"No answer: {error}\n{tail}\n(from {log})") from error
            time.sleep(0.05)
