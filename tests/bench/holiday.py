"""A holiday that is announced late and moves half of all running deadlines (handbook 3.4)."""

from django.db import connection, transaction

from cases import clock, office_calendar, recounts
from cases.models import Deadline, User
from tests.bench.stopwatch import Stopwatch
from tests.bench.sweeping import AT

NAMES = {"name_th": "วันหยุดราชการเพิ่มเป็นกรณีพิเศษ", "name_lo": "", "name_en": "Special holiday"}

BARE = """
WITH moved AS (
    UPDATE cases_deadline SET due_on = due_on + 1, next_at = next_at + interval '1 day',
        ledger = ledger || '[{"what": "moved"}]' WHERE due_on >= %s RETURNING work_item_id
)
UPDATE cases_workitem SET due_on = due_on + 1 FROM moved WHERE id = moved.work_item_id
"""


def moved() -> tuple[float, float]:
    """Seconds to move them with their reasons, and of one bare UPDATE of the same rows."""
    due = Deadline.objects.order_by("due_on").values_list("due_on", flat=True)
    day, running = due[due.count() // 2], due.count()
    with transaction.atomic(), connection.cursor() as cursor, Stopwatch() as bare:
        cursor.execute(BARE, [day])
        transaction.set_rollback(True)
    administrator = User.objects.create(username="administrator", name="Administrator")
    with clock.travel(AT):
        run = office_calendar.add("TH", day, NAMES, by=administrator, reason="announced late")
        with Stopwatch() as watch:
            recounts.advance(run.pk)
    run.refresh_from_db()
    if run.moved < running // 2:
        raise RuntimeError(f"only {run.moved} of {running} deadlines moved")
    return watch.seconds, bare.seconds
