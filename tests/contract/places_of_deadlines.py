"""Due days and the calendar that moves them, for the world that the tests of all addresses walk."""

from typing import Any

from cases import changes, recounts
from cases.models import Change, Holiday
from tests.cast import do, item_of, open_founding
from workflows import extensions


def add_places(world: Any) -> None:
    """Three deadlines: one runs, for one more time was asked, one is closed; a recount."""
    cast = world.cast
    own, asked, done = (open_founding(cast) for _ in range(3))
    more = {"more-days": "2", "more-reason": "ฝนตกหนัก", "ask": "1"}
    world.add("deadline", own.number, item_of(own).deadline.pk, sent=more)
    deadline = item_of(asked).deadline
    extension = extensions.ask(deadline.pk, days=2, reason="ฝนตกหนัก", by=cast.officer)
    granting = {"extension": str(extension.pk), "answer-answer": "เห็นควร", "grant": "1"}
    world.add("deadline asked", asked.number, deadline.pk, sent=granting)
    world.add("deadline of-another-case", own.number, deadline.pk, sent=more)
    closed = item_of(done).deadline
    do(done, "study", by=cast.officer)
    world.add("deadline closed", done.number, closed.pk, sent=more)
    _calendar(world)


def _calendar(world: Any) -> None:
    new = {"day": "25/11/2570", "name_th": "วันหยุดพิเศษ", "reason": "เหตุ", "preview": "1"}
    world.add("office-holiday-new seen", sent=new)
    holiday = Holiday.objects.get(country="TH", day="2027-12-10")
    opening = {"open-reason": "เหตุ", "open": "preview"}
    world.add("office-holiday seen", holiday.pk, sent=opening)
    about = f"open_day:TH4203:{holiday.day}"
    change = changes.record(
        Change.Kind.OPEN_DAY_REMOVED, by=world.cast.chief, about=about, area="TH4203"
    )
    world.add("office-recount", recounts.begin(change).pk)
