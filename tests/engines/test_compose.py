"""docker-compose.yml: what it says, and that each of our services starts as it says.

No container engine is needed: the commands and health checks run here, in the environment that
the file gives them, on the servers of this test run.
"""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from django.conf import settings

from project.programs import procfile
from project.run import free_port
from tests.engines.demo import ALL_WELL, BASE_DIR, get, plain_environment

SECRETS = {
    "SECRET_KEY": "k" * 50,
    "POSTGRES_PASSWORD": "p4ssword",
    "ALLOWED_HOSTS": "sajja.example.org",
    "BASE_URL": "https://sajja.example.org",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "DEFAULT_FROM_EMAIL": "sajja@example.org",
}
OURS = {"migrate", "web", "worker", "beat"}
VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?::([?-])([^}]*))?\})")


def load(variables: dict[str, str]) -> dict[str, Any]:
    """The file with its variables filled in, by the rules of Compose.

    Raises:
        KeyError: a required variable is not set.
    """

    def value(found: re.Match[str]) -> str:
        name, kind, text = found.groups()
        if name is None:
            return "$"
        if kind == "-":
            return variables.get(name) or text
        return variables[name]

    def filled(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: filled(each) for key, each in part.items()}
        if isinstance(part, list):
            return [filled(each) for each in part]
        return VARIABLE.sub(value, part) if isinstance(part, str) else part

    return filled(yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text()))


def test_every_secret_is_required() -> None:
    for name in SECRETS:
        with pytest.raises(KeyError, match=name):
            load({other: text for other, text in SECRETS.items() if other != name})


def test_services_are_the_ones_of_the_demonstration() -> None:
    services = load(SECRETS)["services"]
    assert set(services) == OURS | {"db", "redis"}
    assert {name: services[name]["command"] for name in procfile()} == procfile()


def test_services_are_checked_confined_and_stateless() -> None:
    content = load(SECRETS)
    services = content["services"]
    assert all("healthcheck" in services[name] for name in services if name != "migrate")
    for name in OURS:
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["volumes"] == ["media:/srv/sajja/media"]
    for name in OURS - {"migrate"}:
        needs = services[name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
    mounted = {
        volume.split(":")[0] for each in services.values() for volume in each.get("volumes", [])
    }
    assert mounted == set(content["volumes"])
    assert content["networks"]["inside"] == {"internal": True}
    assert {name for name, each in services.items() if "ports" in each} == {"web"}


def test_image_runs_as_a_user_of_its_own() -> None:
    lines = (BASE_DIR / "Dockerfile").read_text().splitlines()
    last_stage = lines[max(n for n, line in enumerate(lines) if line.startswith("FROM")) :]
    assert [line for line in last_stage if line.startswith("USER")] == ["USER sajja"]
    assert any("--require-hashes" in line for line in lines)


@pytest.fixture(scope="module")
def database(django_db_setup: None) -> Iterator[str]:
    """The address of an empty database on the server of this test run."""
    server = settings.DATABASES["default"]
    where = {"host": server["HOST"], "user": server["USER"], "password": server["PASSWORD"]}
    if server["PORT"]:
        where["port"] = server["PORT"]
    name = f"sajja_compose_{os.getpid()}"
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as session:
        session.execute(f"CREATE DATABASE {name}")
        yield re.sub(r"/[^/?]+(\?.*)?$", f"/{name}", os.environ["DATABASE_URL"])
        session.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Service:
    """One service of ours: its command and its health check, in its environment."""

    def __init__(self, name: str, run_dir: Path, database: str, port: int) -> None:
        self.description = load(SECRETS)["services"][name]
        here = {
            "DATABASE_URL": database,
            "REDIS_URL": os.environ["REDIS_URL"],
            "SAJJA_RUN_DIR": str(run_dir),
            "MEDIA_ROOT": str(run_dir / "media"),
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "HOSTNAME": socket.gethostname(),
        }
        self.env = plain_environment(**self.description["environment"]) | here
        self.env["PATH"] = f"{Path(sys.executable).parent}:{self.env['PATH']}"
        self.log = run_dir / f"{name}.log"

    def start(self) -> subprocess.Popen[bytes]:
        """Run the command as Compose does."""
        with self.log.open("wb") as log:
            return subprocess.Popen(
                self.description["command"], cwd=BASE_DIR, env=self.env, stdout=log, stderr=log
            )

    def healthy(self) -> bool:
        """One run of the health check, with the container's port exchanged for ours."""
        kind, *words = self.description["healthcheck"]["test"]
        command = shlex.join(words) if kind == "CMD" else words[0]
        command = command.replace(":8000", f":{self.env['PORT']}")
        done = subprocess.run(
            ["sh", "-c", command], cwd=BASE_DIR, env=self.env, capture_output=True
        )
        return done.returncode == 0


def test_every_service_comes_up_and_is_healthy(run_dir: Path, database: str) -> None:
    port = free_port(0)
    services = {name: Service(name, run_dir, database, port) for name in OURS}
    migrate = services.pop("migrate")
    assert migrate.start().wait(120) == 0, migrate.log.read_text()
    for service in services.values():
        assert not service.healthy()

    running = {name: service.start() for name, service in services.items()}
    try:
        for name, service in services.items():
            _await_health(service, running[name])
        assert _readiness(port) == (200, ALL_WELL)
        assert [process.poll() for process in running.values()] == [None] * 3
    finally:
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        ended = {name: process.wait(30) for name, process in running.items()}
    assert ended == dict.fromkeys(running, 0)


def _await_health(service: Service, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not service.healthy():
        words = service.log.read_text()
        assert process.poll() is None, words
        assert time.monotonic() < deadline, words
        time.sleep(0.2)


def _readiness(port: int) -> tuple[int, dict[str, str]]:
    """Of /readyz; waits for the first heartbeat, which comes within seconds."""
    deadline = time.monotonic() + 30
    while True:
        status, answer = get(f"http://127.0.0.1:{port}/readyz", host="sajja.example.org")
        if status == 200 or time.monotonic() > deadline:
            return status, answer["parts"]
        time.sleep(0.2)
