"""What the messages of rungs say: the matter, how late it is, in whose hands (handbook 4.3)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from cases import contents, matters
from cases.climb import Told
from cases.models import Rung
from cases.reach import Reach
from cases.subjects import Subject
from cases.timetable import Timetable
from notifications import outbox


class Tidings:
    """Makes the messages about `subjects` at `at`; what many have in common is made once."""

    def __init__(self, subjects: Iterable[Subject], reach: Reach, at: datetime) -> None:
        self._reach, self._at, self._today = reach, at, timezone.localdate(at)
        self._places = matters.places(subject.area for subject in subjects)
        self._held: dict[tuple[Timetable, bool], datetime | None] = {}

    def of(self, subject: Subject, told: Iterable[Told], table: Timetable) -> list[outbox.Row]:
        """A message for each who is told of the deadline `subject`, whose times are `table`."""
        about = self._about(subject, table)
        return [
            outbox.message(
                to=each["person"].pk,
                template=each["call"].rung.template,
                context={
                    **about,
                    "passed_up": each["passed_up"],
                    "repeat": each["call"].repeat,
                },
                key=each["key"],
                at=self._at,
                hold_until=self._hold_until(each["call"].rung, table),
                urgent=each["call"].rung.urgent,
                channel=_channel(each["call"].rung),
            )
            for each in told
        ]

    def _about(self, subject: Subject, table: Timetable) -> dict[str, Any]:
        """The matter, how late it is in working days (before the due day: 0), in whose hands."""
        owner = self._reach.person(subject.owner_id) if subject.owner_id else None
        return {
            **matters.described(
                number=subject.number,
                party=subject.party,
                period=subject.period,
                place=self._places[subject.area],
                step=contents.step_texts(subject, subject.step) if subject.step else {},
            ),
            "deadline": subject.pk,
            "due_on": subject.due_on.isoformat(),
            "days_left": (subject.due_on - self._today).days,
            "late_days": table.late_days(self._today),
            "who": owner.name if owner else "",
        }

    def _hold_until(self, rung: Rung, table: Timetable) -> datetime | None:
        same = (table, rung.urgent)
        if same not in self._held:
            self._held[same] = table.hold_until(rung, self._at)
        return self._held[same]


def _channel(rung: Rung) -> str:
    return "" if rung.channel == Rung.Channel.CHOICE else rung.channel
