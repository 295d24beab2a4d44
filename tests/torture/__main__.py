"""`python -m tests.torture`: so many rounds, a line for each, JSON at the end (make torture).

Environment: ROUNDS (20), SEED (a new one, printed), DEADLINES a round (3000), BROKEN=1 for a sweep
that commits before it writes the outbox; what is made stands in SAJJA_RUN_DIR/torture. Exits with
1 when a rung was lost or doubled. The seed repeats who is struck and after how long; what the
machine does meanwhile is its own affair.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import django
import psycopg
from django.core.management import call_command

from project import processes
from project.embedded import EngineError, Engines
from project.embedded.servers import NAME
from project.programs import BASE_DIR
from tests.torture.crew import Crew, CrewError
from tests.torture.letters import Letters, open_letter_box

FIRST_DAY = datetime.fromisoformat("2027-01-11T09:00+07:00")  # rounds are on working days from it


def main() -> int:
    """Run the rounds; 0 when every rung fired once and every message came, else 1."""
    rounds = int(os.environ.get("ROUNDS") or 20)
    deadlines = int(os.environ.get("DEADLINES") or 3000)
    seed = os.environ.get("SEED") or str(random.SystemRandom().randrange(10**6))
    broken = bool(os.environ.get("BROKEN"))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if "MAKELEVEL" in os.environ:  # a killed make cannot pass the signal on
        processes.die_with_parent(signal.SIGTERM)
    _say(f"seed {seed}: {rounds} rounds of {deadlines} deadlines{', BROKEN' if broken else ''}")
    run_dir = Path(os.environ.get("SAJJA_RUN_DIR", BASE_DIR / ".sajja")).resolve() / "torture"
    run_dir.mkdir(parents=True, exist_ok=True)
    try:
        with _engines(run_dir) as engines, open_letter_box() as letters:
            _prepare(run_dir, letters, broken=broken)
            return _torture(engines, letters, run_dir, rounds, deadlines, seed)
    except (EngineError, CrewError) as error:
        _say(f"error: {error}")
        return 2


@contextmanager
def _engines(run_dir: Path) -> Iterator[Engines]:
    """Engines of our own, whatever servers the environment names, with an empty database."""
    for variable in ("DATABASE_URL", "REDIS_URL", "SAJJA_DEMO"):
        os.environ.pop(variable, None)
    with Engines(run_dir, durable=True) as engines:
        host = str(engines.place.sockets)
        with psycopg.connect(host=host, user=NAME, dbname="postgres", autocommit=True) as session:
            session.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
            session.execute(f"CREATE DATABASE {NAME}")
        os.environ.update(engines.environment)
        yield engines


def _prepare(run_dir: Path, letters: Letters, *, broken: bool) -> None:
    """Load the province with its people; the environment is that of all processes to come."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.torture.settings",
        "SAJJA_RUN_DIR": str(run_dir),
        "SECRET_KEY": random.SystemRandom().randbytes(32).hex(),
        "EMAIL_URL": f"smtp://127.0.0.1:{letters.port}",
        "LOG_LEVEL": "WARNING",
        "TORTURE_BROKEN": str(int(broken)),
    }
    django.setup()
    from tests.torture import hours
    from tests.torture.province import load_province

    hours.set_to(FIRST_DAY)
    call_command("migrate", verbosity=0)
    load_province(FIRST_DAY)


def _torture(
    engines: Engines, letters: Letters, run_dir: Path, rounds: int, deadlines: int, seed: str
) -> int:
    from cases import calendar
    from tests.torture.judge import Verdict
    from tests.torture.rounds import Round

    total, crew = Verdict(), Crew(run_dir, os.environ)
    crew.start()
    try:
        crew.await_all()
        for number in range(rounds):
            began = time.monotonic()
            day = calendar.add_working_days("TH", FIRST_DAY.date(), number)
            at = datetime.combine(day, FIRST_DAY.timetz())
            chance = random.Random(f"{seed}:{number}")
            one = Round(engines, crew, letters, chance=chance, day=at)
            verdict = one.run(deadlines)
            total = total + verdict
            struck = ", ".join(f"{kind} {times}" for kind, times in sorted(one.did.items()))
            found = "".join(f" ({what}: {count})" for what, count in verdict.found.items())
            _say(
                f"round {number + 1}: {verdict.rungs} rungs; struck {struck}; "
                f"lost {verdict.lost}, doubled {verdict.doubled}{found}, "
                f"wire duplicates {verdict.wire_duplicates}; {time.monotonic() - began:.0f} s"
            )
    finally:
        crew.end()
    _say(json.dumps({"rounds": rounds, **total.counts()}))
    return 1 if total.lost or total.doubled else 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
