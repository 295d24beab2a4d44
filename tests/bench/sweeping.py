"""A sweep among a million deadlines, and the bare floor under it on the same rows."""

from datetime import datetime

import psycopg
from django.db import connection

from cases import sweep
from cases.models import RungRecord
from notifications.models import Message
from tests import crowd
from tests.bench import floor
from tests.bench.stopwatch import Stopwatch

BEGAN = datetime.fromisoformat("2026-11-23T09:00+07:00")
AT = datetime.fromisoformat("2026-11-27T08:30+07:00")  # the reminder of what is due in 7 days
NEXT = datetime.fromisoformat("2026-12-02T08:30+07:00")
DUE, *LATER = [7, *range(10, 29)]  # working days; a twentieth of all is due


def load(count: int) -> None:
    """So many deadlines all over the country, five a case, a twentieth of them due at AT."""
    with connection.cursor() as cursor:
        # Loaded as a backup is: foreign keys are sound by construction.
        cursor.execute("SET session_replication_role = replica")
        crowd.work(count, [crowd.Kind(BEGAN, days) for days in (DUE, *LATER)], cases=count // 5)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def ours(due: int) -> float:
    """Sweep all that is due at AT; deadlines a second."""
    with Stopwatch() as watch:
        moved = sweep.until_done(at=AT)
    return _rate(moved, due, watch)


def bare(due: int) -> float:
    """What the sweep has just done, undone and done again by the bare floor; deadlines a second."""
    words = dict(Message.objects.values_list("context", flat=True).first() or {})
    _undo()
    parameters = connection.get_connection_params()
    with psycopg.connect(**_plain(parameters), autocommit=True) as session, Stopwatch() as watch:
        moved = floor.until_done(session, at=AT, next_at=NEXT, words=words)
    return _rate(moved, due, watch)


def _rate(moved: int, due: int, watch: Stopwatch) -> float:
    written = Message.objects.count(), RungRecord.objects.count()
    if (moved, *written) != (due, due, due):
        raise RuntimeError(f"{moved} deadlines, {written} rows, {due} expected")
    return due / watch.seconds


def _undo() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cases_rungrecord, notifications_message CASCADE")
        cursor.execute(
            "UPDATE cases_deadline SET rung = 0, next_at = %s WHERE next_at = %s AND rung = 1",
            [AT, NEXT],
        )
        cursor.execute("VACUUM ANALYZE cases_deadline")


def _plain(parameters: dict[str, object]) -> dict[str, object]:
    """What plain psycopg knows of Django's own parameters."""
    names = ("dbname", "host", "port", "user", "password")
    return {name: parameters[name] for name in names if parameters.get(name)}
