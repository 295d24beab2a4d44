"""PostgreSQL and Redis from wheels: where they live, as whom, and how they end."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import environ
import psutil
import psycopg
import pytest
import redis

from project.embedded import EngineError, Engines
from project.embedded.place import private_folder_of
from project.processes import working_in
from tests.engines.demo import BASE_DIR, plain_environment, traces_of

pytestmark = pytest.mark.usefixtures("no_servers_given")
AS_ROOT = os.geteuid() == 0
OWNER = "nobody" if AS_ROOT else pwd.getpwuid(os.geteuid()).pw_name


def connect(engines: Engines) -> psycopg.Connection:
    """A session with the database that DATABASE_URL names."""
    found = environ.Env.db_url_config(engines.environment["DATABASE_URL"])
    return psycopg.connect(host=found["HOST"], user=found["USER"], dbname=found["NAME"])


def heads(engines: Engines) -> list[psutil.Process]:
    """The servers that run in this folder, without their own children."""
    return [p for p in working_in(engines.place.home) if p.ppid() == os.getpid()]


def ping(engines: Engines) -> bool:
    """Whether the server that REDIS_URL names answers."""
    url = engines.environment["REDIS_URL"].replace("redis+socket://", "unix://")
    with redis.Redis.from_url(url) as client:
        return bool(client.ping())


def test_engines_run_unprivileged_on_sockets_alone_and_stop(run_dir: Path) -> None:
    with Engines(run_dir, durable=False) as engines:
        running = heads(engines)
        assert {p.name(): p.username() for p in running} == {
            "postgres": OWNER,
            "redis-server": OWNER,
        }
        assert [p.net_connections(kind="inet") for p in running] == [[], []]
        assert ping(engines)
        with connect(engines) as session:
            assert session.execute("SHOW fsync").fetchone() == ("off",)
            found = session.execute("SELECT datctype, datlocprovider::text FROM pg_database")
            assert set(found.fetchall()) == {("C.UTF-8", "c")}  # c for libc
            session.execute("CREATE TABLE kept AS SELECT 'สัจจะ' AS word")
    assert traces_of(run_dir) == []

    with Engines(run_dir, durable=True) as engines, connect(engines) as session:
        assert session.execute("SHOW fsync").fetchone() == ("on",)
        assert session.execute("SELECT word FROM kept").fetchone() == ("สัจจะ",)


def test_the_folder_of_running_engines_is_refused_to_others(run_dir: Path) -> None:
    with (
        Engines(run_dir, durable=False),
        pytest.raises(EngineError, match=f"in use by process {os.getpid()}"),
        Engines(run_dir, durable=False),
    ):
        pass


def test_engines_end_with_their_killed_owner_and_start_again(run_dir: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from project.embedded import Engines\n"
        "with Engines(Path(sys.argv[1]), durable=True): print('up', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program, run_dir],
        cwd=BASE_DIR,
        env=plain_environment(),
        stdout=subprocess.PIPE,
    )
    assert owner.stdout
    assert owner.stdout.readline() == b"up\n"
    owner.send_signal(signal.SIGKILL)
    owner.communicate()

    with Engines(run_dir, durable=True) as engines:  # waits for what is still ending
        assert ping(engines)
        with connect(engines) as session:
            assert session.execute("SELECT 1").fetchone() == (1,)


def test_engines_that_no_kernel_stopped_are_cleared(run_dir: Path) -> None:
    """As after a kill -9 where the kernel does not tie children to parents."""
    with Engines(run_dir, durable=True) as engines:
        forgotten = list(engines._running)
        engines._running.clear()  # as a killed owner forgets
    assert [process.poll() for _, process in forgotten] == [None, None]

    with Engines(run_dir, durable=True) as engines:
        assert None not in [process.poll() for _, process in forgotten]
        assert ping(engines)
        with connect(engines) as session:
            assert session.execute("SELECT 1").fetchone() == (1,)


def test_a_deep_folder_gets_short_socket_paths(run_dir: Path) -> None:
    deep = run_dir / "โฟลเดอร์ของกลุ่มออมทรัพย์ เชียงคาน" / ("x" * 60)
    with Engines(deep, durable=False) as engines:
        assert ping(engines)
        with connect(engines) as session:
            found = session.execute("SHOW data_directory").fetchone()
            assert found == (str(deep / "engines/postgres/data"),)
    assert private_folder_of(deep).exists()
    subprocess.run(["rm", "-rf", private_folder_of(deep)], check=True)


@pytest.fixture
def closed_run_dir(tmp_path: Path) -> Iterator[Path]:
    """A run folder below one that only root may enter."""
    (tmp_path / "closed").mkdir(mode=0o700)
    yield tmp_path / "closed" / "run"
    subprocess.run(["rm", "-rf", private_folder_of(tmp_path / "closed" / "run")], check=True)


@pytest.mark.skipif(not AS_ROOT, reason="only root has another user run the engines")
def test_a_closed_folder_stays_closed_and_is_emptied_with_its_run_folder(
    closed_run_dir: Path,
) -> None:
    with Engines(closed_run_dir, durable=False) as engines:
        assert ping(engines)
        with connect(engines) as session:
            found = session.execute("SHOW data_directory").fetchone()
            assert found == (str(private_folder_of(closed_run_dir) / "postgres/data"),)
            session.execute("CREATE TABLE kept ()")
    assert closed_run_dir.parent.stat().st_mode & 0o777 == 0o700

    with Engines(closed_run_dir, durable=False) as engines, connect(engines) as session:
        assert session.execute("SELECT to_regclass('kept')").fetchone() == ("kept",)

    shutil.rmtree(closed_run_dir)
    with Engines(closed_run_dir, durable=False) as engines, connect(engines) as session:
        assert session.execute("SELECT to_regclass('kept')").fetchone() == (None,)


def test_a_given_database_is_used_and_only_redis_is_started(
    run_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/sajja")
    with Engines(run_dir, durable=False) as engines:
        assert set(engines.environment) == {"REDIS_URL"}
        assert [p.name() for p in heads(engines)] == ["redis-server"]


def test_with_both_servers_given_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/sajja")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with Engines(tmp_path / "run", durable=False) as engines:
        assert engines.environment == {}
    assert not (tmp_path / "run").exists()
