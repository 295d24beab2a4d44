"""/healthz says that the process lives, /readyz what is missing for the whole to work."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.alarms import Finding, Kind, keep
from project import watch
from project.models import Heartbeat
from project.tasks import WORKER, heartbeat
from tests.engines.demo import ALL_WELL, BASE_DIR


def ready(client: Client) -> tuple[int, dict[str, str]]:
    """Status and parts of /readyz."""
    answer = client.get("/readyz")
    assert answer.json()["ready"] is (answer.status_code == 200)
    assert "no-store" in answer["Cache-Control"]
    return answer.status_code, answer.json()["parts"]


@pytest.fixture
def audited(db: None) -> None:
    """An audit that has just ended."""
    watch.note(watch.AUDITOR)


def beaten(ago: timedelta) -> None:
    """A worker's heartbeat of some time ago."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": timezone.now() - ago})


@pytest.mark.usefixtures("audited")
def test_ready_after_a_heartbeat(client: Client) -> None:
    beaten(timedelta(days=1))
    heartbeat()
    heartbeat()
    assert ready(client) == (200, ALL_WELL)
    assert Heartbeat.objects.filter(name=WORKER).count() == 1


@pytest.mark.usefixtures("audited")
def test_not_ready_before_the_first_heartbeat(client: Client) -> None:
    assert ready(client) == (503, ALL_WELL | {"worker": "no heartbeat yet"})


@pytest.mark.usefixtures("audited")
@pytest.mark.parametrize(("seconds", "status"), [(40, 200), (50, 503)])
def test_a_heartbeat_grows_old(client: Client, settings: Any, seconds: int, status: int) -> None:
    settings.HEARTBEAT_MAX_AGE_SECONDS = 45
    beaten(timedelta(seconds=seconds))
    found, parts = ready(client)
    assert found == status
    assert (parts["worker"] == "ok") is (status == 200)
    assert status == 200 or parts["worker"] == f"last heartbeat {seconds} seconds ago"


@pytest.mark.django_db
def test_not_ready_while_an_alarm_is_open_or_nobody_audits(client: Client, settings: Any) -> None:
    heartbeat()
    assert ready(client)[1]["escalation"] == "no audit yet"
    watch.note(watch.AUDITOR)
    broken, notice = Finding(Kind.RUNG_LATE, "TH4203"), Finding(Kind.EMPTY_POST, "x")
    keep([broken, notice], now=timezone.now())
    assert ready(client) == (503, ALL_WELL | {"escalation": "1 open alarms"})
    keep([notice], now=timezone.now())  # an empty post is mended by people and breaks nothing
    assert ready(client) == (200, ALL_WELL)
    settings.AUDIT_SECONDS, settings.STANDSTILL_SECONDS = 1, 3
    watch.note(watch.AUDITOR, timezone.now() - timedelta(seconds=60))
    assert ready(client) == (503, ALL_WELL | {"escalation": "last audit 60 seconds ago"})


@pytest.fixture
def silent_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a broker that takes calls and never answers."""
    path = tmp_path_factory.mktemp("s") / "silent"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        yield f"redis+socket://{path}"


@pytest.mark.usefixtures("audited")
def test_a_silent_broker_is_not_waited_for(
    client: Client, settings: Any, silent_server: str
) -> None:
    heartbeat()
    settings.CELERY_BROKER_URL = silent_server
    started = time.monotonic()
    assert ready(client) == (503, ALL_WELL | {"broker": "no answer"})
    assert time.monotonic() - started < 5


@pytest.mark.usefixtures("audited")
@pytest.mark.parametrize("url", ["redis://:secret@localhost:1/0", "redis+socket:///nowhere/secret"])
def test_an_absent_broker_is_named_without_its_address(
    client: Client, settings: Any, url: str
) -> None:
    heartbeat()
    settings.CELERY_BROKER_URL = url
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"] == ALL_WELL | {"broker": "no answer"}
    assert b"secret" not in answer.content
    assert b"nowhere" not in answer.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_asked_never_told(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_without_a_database_the_process_lives_and_is_not_ready(tmp_path: Path) -> None:
    """In a process of its own: this one has a database."""
    program = (
        "import django, json; django.setup(); from django.test import Client\n"
        "ask = Client(headers={'host': 'localhost'}).get\n"
        "answers = [ask(path) for path in ('/healthz', '/readyz')]\n"
        "print(json.dumps([[a.status_code, a.json()] for a in answers]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=BASE_DIR,
        env=os.environ | {"DATABASE_URL": f"postgres://u:secret@/{tmp_path}/none"},
        capture_output=True,
        text=True,
        check=True,
    )
    healthz, readyz = json.loads(done.stdout)
    assert healthz == [200, {"status": "alive"}]
    assert readyz[0] == 503
    assert readyz[1]["parts"] == {
        "database": "no answer, or not migrated",
        "broker": "ok",
        "worker": "unknown without the database",
        "escalation": "unknown without the database",
    }
    assert "secret" not in done.stdout
