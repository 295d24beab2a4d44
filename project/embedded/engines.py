"""Start PostgreSQL and Redis, wait until they answer, stop them again."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

import psycopg
import redis

from project import processes
from project.embedded.place import EngineError, Place, find_place

START_SECONDS = 60  # PostgreSQL may have to replay its log after a crash
STOP_SECONDS = 20
NAME = "sajja"  # of the database and of its owner


class PostgreSQL:
    """One cluster, owned by the run folder. `durable=False` trades crash safety for speed."""

    variable = "DATABASE_URL"
    stop_signal = signal.SIGINT  # fast shutdown: ends sessions, writes a checkpoint

    def __init__(self, place: Place, *, durable: bool) -> None:
        self.place = place
        self.durable = durable
        self.data = place.home / "postgres" / "data"

    @property
    def url(self) -> str:
        # django-environ's form of a socket folder; libpq's (%2F in the host) loses capitals there
        return f"postgres://{NAME}@/{quote(str(self.place.sockets))}/{NAME}"

    def prepare(self) -> None:
        """Make the cluster unless it exists. Nothing of it runs when this is called."""
        parent = self.place.folder("postgres")
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # its number may be reused by now
        if not self.data.exists():
            self._initialise(parent / "new")
            (parent / "new").rename(self.data)
        wanted = _run([self.place.postgres / "bin/postgres", "--version"], self.place.user).split()[
            2
        ]
        found = (self.data / "PG_VERSION").read_text().strip()
        if wanted.split(".")[0] != found:
            raise EngineError(
                f"{self.data} was made by PostgreSQL {found}, this is {wanted}: "
                "save what you need, then run `make clean`."
            )

    def _initialise(self, target: Path) -> None:
        # libc's C.UTF-8: under C, or the builtin provider, trigrams of Thai come out empty
        shutil.rmtree(target, ignore_errors=True)
        options = f"--locale=C.UTF-8 --locale-provider=libc --encoding=UTF8 --username={NAME}"
        sync = [] if self.durable else ["--no-sync"]
        _run(
            [
                self.place.postgres / "bin/initdb",
                f"--pgdata={target}",
                *options.split(),
                "--auth=trust",  # whoever can open the socket's folder is its owner
                *sync,
            ],
            self.place.user,
        )

    def command(self) -> list[str | Path]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": '"' + str(self.place.sockets).replace('"', '""') + '"',
            "unix_socket_permissions": "0700",
            "dynamic_shared_memory_type": "mmap",  # keeps out of /dev/shm, small in containers
            "timezone": "UTC",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [self.place.postgres / "bin/postgres", "-D", self.data, *options]

    def check(self) -> None:
        """Return when the server answers and has the database; raise while it does not."""
        where = {"host": str(self.place.sockets), "user": NAME}
        with psycopg.connect(dbname="postgres", autocommit=True, **where) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if found.fetchone() is None:
                connection.execute(f"CREATE DATABASE {NAME}")


class Redis:
    """A broker without memory: all that must not be lost stands in PostgreSQL (DESIGN 4)."""

    variable = "REDIS_URL"
    stop_signal = signal.SIGTERM

    def __init__(self, place: Place) -> None:
        self.place = place
        self.socket = place.sockets / "redis"

    @property
    def url(self) -> str:
        return f"redis+socket://{quote(str(self.socket))}"

    def prepare(self) -> None:
        self.place.folder("redis")

    def command(self) -> list[str | Path]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.place.home / "redis"),
            "save": "",
            "appendonly": "no",
        }
        pairs = [part for name, value in options.items() for part in (f"--{name}", value)]
        return [self.place.redis, *pairs]

    def check(self) -> None:
        """Return when the server answers; raise while it does not."""
        with redis.Redis(unix_socket_path=str(self.socket)) as client:
            client.ping()


class Engines:
    """The engines that the environment does not name, running inside the `with` block."""

    def __init__(self, run_dir: Path, *, durable: bool) -> None:
        """Decide what to start under `run_dir` (see `find_place`); nothing starts yet.

        Raises:
            EngineError: the engines' wheels are missing or have no place to run.
        """
        self._running: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []
        self._lock: IO[str] | None = None
        self.engines: list[PostgreSQL | Redis] = []
        if {PostgreSQL.variable, Redis.variable} <= os.environ.keys():
            return
        self.place = find_place(run_dir)
        candidates = [PostgreSQL(self.place, durable=durable), Redis(self.place)]
        self.engines = [e for e in candidates if e.variable not in os.environ]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point to the engines started here."""
        return {engine.variable: engine.url for engine in self.engines}

    def __enter__(self) -> Self:
        """Start the engines and wait until they answer.

        Raises:
            EngineError: they do not come up, or another process uses them.
        """
        if self.engines:
            self._take_lock()
            self._clear()
        try:
            for engine in self.engines:
                engine.prepare()
                self._start(engine)
            for engine, (process, _) in zip(self.engines, self._running, strict=True):
                self._await(engine.check, process, self._log(engine))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop what was started here, cleanly if it lets us; harmless when called twice."""
        for process, how in self._running:
            process.send_signal(how)
        for process, _ in self._running:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()
        if self._lock:
            self._lock.close()
            self._lock = None

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

    def _log(self, engine: PostgreSQL | Redis) -> Path:
        return self.place.home / f"{type(engine).__name__.lower()}.log"

    def _start(self, engine: PostgreSQL | Redis) -> None:
        with self._log(engine).open("wb") as log:
            process = processes.spawn(
                engine.command(),
                output=log,
                user=self.place.user,
                cwd=self.place.home,
                on_parent_death=engine.stop_signal,
            )
        self._running.append((process, engine.stop_signal))

    @staticmethod
    def _await(check: Callable[[], None], process: subprocess.Popen[bytes], log: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return check()
            except (psycopg.OperationalError, redis.ConnectionError) as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
                    raise EngineError(
                        f"{process.args[0]} did not start: {error}\n{tail}"
                    ) from error
            time.sleep(0.05)


def _run(command: list[str | Path], user: tuple[int, int] | None) -> str:
    """Output of a short command, run as `user`; EngineError with its words when it fails."""
    identity = {} if user is None else {"user": user[0], "group": user[1], "extra_groups": []}
    done = subprocess.run(  # noqa: S603
        command, cwd="/", capture_output=True, text=True, check=False, **identity
    )
    if done.returncode:
        raise EngineError(f"{command[0]} failed: {done.stderr.strip()}")
    return done.stdout
