"""`python -m tests.bench`: measure, print a table and one JSON object a row (make bench).

Environment: DEADLINES (1000000) in the database, a twentieth of them due; TIMERS (1000) of
viewflow; SAJJA_RUN_DIR (.sajja), under which the engines of the bench live, unless DATABASE_URL
names a server. The database is made for the measuring and dropped after it.
"""

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import django

from project.embedded import EngineError, Engines
from project.programs import BASE_DIR
from tests.bench.rows import SECONDS, Row, table
from tests.bench.stopwatch import Stopwatch


def main() -> int:
    """Measure and print; 1 when the engines do not run."""
    run_dir = Path(os.environ.get("SAJJA_RUN_DIR", BASE_DIR / ".sajja")).resolve() / "bench"
    run_dir.mkdir(parents=True, exist_ok=True)
    try:
        with Engines(run_dir, durable=True) as engines:
            os.environ |= engines.environment | {
                "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
                "SAJJA_RUN_DIR": str(run_dir),
                "SECRET_KEY": random.SystemRandom().randbytes(32).hex(),
                "LOG_LEVEL": "WARNING",
            }
            django.setup()
            _in_own_database(
                deadlines=int(os.environ.get("DEADLINES") or 1_000_000),
                timers=int(os.environ.get("TIMERS") or 1000),
            )
    except EngineError as error:
        print(f"error: {error}")  # noqa: T201
        return 1
    return 0


def _in_own_database(*, deadlines: int, timers: int) -> None:
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        rows = list(measure(deadlines, timers))
        print(f"\n{table(rows)}\n")  # noqa: T201
        for row in rows:
            print(row.as_json(), flush=True)  # noqa: T201
    finally:
        teardown_databases(made, verbosity=0)


def measure(deadlines: int, timers: int) -> Iterator[Row]:
    """The rows, one after the other, on an empty database."""
    from tests.bench import holiday, sweeping
    from tests.bench.timers import fired

    with Stopwatch() as watch:
        _prepare()
        sweeping.load(deadlines)
    due = deadlines // 20
    print(f"{deadlines:,} deadlines loaded in {watch.seconds:.0f} s, {due:,} are due")  # noqa: T201
    ours = sweeping.ours(due)
    yield Row("sweep beside bare floor", "deadlines/s", ours, sweeping.bare(due))
    yield Row("sweep beside viewflow timers", "deadlines/s", ours, fired(timers))
    yield Row("recount beside bare update", SECONDS, *holiday.moved())


def _prepare() -> None:
    """The whole territory of the country, a person in every post, holidays, ladders, texts."""
    from cases import holidays, ladders, territory
    from tests import crowd
    from tests.bench.sweeping import AT
    from workflows import contents

    territory.load(territory.thai_units())
    holidays.seed("TH", [AT.year, AT.year + 1])
    ladders.seed()
    contents.load_all()
    crowd.staff()


if __name__ == "__main__":
    sys.exit(main())
