"""How long a holiday announced late takes: half a million running deadlines counted anew.

Every deadline is looked at and every one that the day touches is moved, with its ledger, its work
item and the time of its next rung. Goal: under two minutes on two cores (DESIGN 4).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import perf_counter

from django.utils import timezone

from cases import calendar, office_calendar, recounts
from cases.calendar_changes import CalendarChange
from cases.calendar_preview import preview
from cases.models import Recount, User
from tests import crowd

NAMES = {"name_th": "วันหยุดพิเศษ"}


@dataclass(frozen=True)
class Result:
    """Seconds for `running` deadlines, of which `moved` moved."""

    running: int
    moved: int
    preview_seconds: float
    apply_seconds: float


def measure(count: int = 500_000, *, day: date = date(2026, 12, 1)) -> Result:
    """Make `count` running deadlines, all of which `day` touches, and make it a holiday.

    Needs an empty database with the reference data, and leaves it full.
    """
    crowd.staff()
    crowd.work(count, _kinds(day))
    started = perf_counter()
    expected = preview(CalendarChange("HOLIDAY_ADDED", "TH", day)).moved
    previewed = perf_counter()
    admin = User.objects.create(username="recount", name="recount")
    run = office_calendar.add("TH", day, NAMES, by=admin, reason="bench")
    assert run is not None
    recounts.advance(run.pk)
    applied = perf_counter()
    found = Recount.objects.get(pk=run.pk)
    assert found.through_at is not None
    assert found.moved == expected
    return Result(found.seen, found.moved, previewed - started, applied - previewed)


def _kinds(day: date) -> list[crowd.Kind]:
    """Work of 7, 15 and 30 working days that began on each of the working days before `day`."""
    begun = [day - timedelta(days=number) for number in range(1, 8)]
    return [
        crowd.Kind(timezone.make_aware(datetime.combine(each, datetime.min.time())), working_days)
        for each in begun
        if calendar.is_working_day("TH", each)
        for working_days in (7, 15, 30)
    ]
