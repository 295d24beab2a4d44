"""One PostgreSQL and one Redis: how they are made ready, started and asked."""

import shutil
import signal
import subprocess
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import psycopg
import redis

from project.embedded.place import EngineError, Place
from project.processes import Identity

NAME = "sajja"  # of the database and of its owner


class Server(Protocol):
    """What `Engines` needs to know of a server."""

    variable: str  # of the environment, names the server
    stop_signal: signal.Signals

    @property
    def url(self) -> str:
        """The value for `variable`."""

    def prepare(self) -> None:
        """Make what the server needs on disk; nothing of it runs when this is called."""

    def command(self) -> list[str | Path]:
        """The server in the foreground."""

    def check(self) -> None:
        """Return when the server answers; raise its client's connection error while not."""


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
        """Make the cluster unless it exists.

        Raises:
            EngineError: it cannot be made, or is of another major version.
        """
        parent = self.place.folder("postgres")
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # its number may be reused by now
        if not self.data.exists():
            self._initialise(parent / "new")
            (parent / "new").rename(self.data)
        wanted = _run([self.place.postgres / "bin/postgres", "--version"], self.place.user)
        wanted = wanted.split()[2]  # postgres (PostgreSQL) 18.6
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
                "--auth=trust",  # whoever can open the sockets' folder is its owner
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
        """Make the database when the server answers."""
        host = str(self.place.sockets)
        with psycopg.connect(host=host, user=NAME, dbname="postgres", autocommit=True) as session:
            found = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if found.fetchone() is None:
                session.execute(f"CREATE DATABASE {NAME}")


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
        with redis.Redis(unix_socket_path=str(self.socket)) as client:
            client.ping()


def _run(command: list[str | Path], user: Identity) -> str:
    """Output of a short command, run as `user`; EngineError with its words when it fails."""
    done = subprocess.run(  # noqa: S603
        command, cwd="/", capture_output=True, text=True, check=False, **user
    )
    if done.returncode:
        raise EngineError(f"{command[0]} failed: {done.stderr.strip()}")
    return done.stdout
