"""When the rungs of one deadline are climbed: their times, repeats, quiet hours (handbook 4.3).

Rules only: nothing here reads or writes rows, beyond the calendars that `cases.calendar` keeps
in memory.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from django.utils import timezone

from cases import calendar, deadlines, quiet
from cases.models import Ladder, Rung
from cases.reasons import Reason
from cases.rungs import receiver_of

COMES_BACK_AFTER = 3
"""Working days [AD]: an acknowledgement that no work followed for so long has not counted."""

_NEVER = (time.min, time.min)  # as `quiet.hold_until` takes it


class Standing(NamedTuple):
    """Where a deadline stands on its ladder; `rung` is the position of the next rung."""

    rung: int
    repeats: int
    next_at: datetime | None
    acknowledged: bool = False


class Call(NamedTuple):
    """A rung whose time has come, or its `repeat`; with `skipped` nobody is told, and why."""

    rung: Rung
    planned_at: datetime
    repeat: int = 0
    skipped: str = ""
    because: str = ""


class Visit(NamedTuple):
    """What a sweep does with a deadline, and how it stands afterwards."""

    calls: list[Call]
    rung: int
    repeats: int
    next_at: datetime | None
    acknowledged: bool


class Timetable:
    """The rungs of `ladder` for deadlines due on `due_on` at `place`, an area or calendar."""

    def __init__(self, ladder: Ladder, rungs: Sequence[Rung], place: str, due_on: date) -> None:
        self._place, self._due_on = place, due_on
        self._late: dict[date, int] = {}
        since, until = ladder.quiet_from, ladder.quiet_to
        self._quiet = _NEVER if since is None or until is None else (since, until)
        self.times = [(rung, deadlines.planned_at(place, due_on, rung)) for rung in rungs]

    def visit(self, standing: Standing, at: datetime, *, worked: bool = False) -> Visit:
        """What is due at `at`; `worked`: something happened since the acknowledgement.

        The rungs that have come; where none has, the next repeat of the one before, if that is
        what `standing.next_at` waits for. A deadline that began or was moved behind a rung waits
        for its next rung, and never for repeats of one that told nobody.
        """
        due = [Call(rung, time) for rung, time in self.times[standing.rung :] if time <= at]
        reached = standing.rung + len(due)
        following = self._following(reached)
        if due:
            calls = [_overtaken(call, due[number + 1 :]) for number, call in enumerate(due)]
            next_at = _sooner(following, self._again(due[-1].rung, 0, at))
            return Visit(calls, reached, 0, next_at, acknowledged=False)
        if self._waits_for_repeat(standing, following):
            return self._repeated(standing, at, following, worked)
        return Visit([], reached, standing.repeats, following, standing.acknowledged)

    def ahead(self, standing: Standing) -> list[Call]:
        """What is to come: the repeat that is waited for, if any, and each rung."""
        rungs = [Call(rung, time) for rung, time in self.times[standing.rung :]]
        if standing.next_at and self._waits_for_repeat(standing, self._following(standing.rung)):
            last = self.times[standing.rung - 1][0]
            return [Call(last, standing.next_at, standing.repeats + 1), *rungs]
        return rungs

    def after_acknowledging(self, standing: Standing, at: datetime) -> datetime | None:
        """What comes after an acknowledgement at `at`: the next rung or, without work until
        then, the next repeat; never sooner than it would have come.
        """
        following = self._following(standing.rung)
        if standing.next_at is None or not self._waits_for_repeat(standing, following):
            return following
        day = calendar.add_working_days(self._place, timezone.localdate(at), COMES_BACK_AFTER)
        return _sooner(following, max(_opening(day), standing.next_at))

    def late_days(self, today: date) -> int:
        """How many working days late it is; before the due day: 0."""
        if today not in self._late:
            days = calendar.working_days_between(self._place, self._due_on, today)
            self._late[today] = max(days, 0)
        return self._late[today]

    def hold_until(self, rung: Rung, at: datetime) -> datetime | None:
        """When a message of `at` may go out: the next opening where it is quiet, None at once."""
        return None if rung.urgent else quiet.hold_until(self._place, at, self._quiet)

    def _following(self, rung: int) -> datetime | None:
        return self.times[rung][1] if rung < len(self.times) else None

    def _waits_for_repeat(self, standing: Standing, following: datetime | None) -> bool:
        if not standing.rung or standing.next_at is None:
            return False
        left = standing.repeats < self.times[standing.rung - 1][0].repeat_limit
        return left and (following is None or standing.next_at < following)

    def _repeated(
        self, standing: Standing, at: datetime, following: datetime | None, worked: bool
    ) -> Visit:
        last, again = self.times[standing.rung - 1][0], standing.repeats + 1
        call = Call(last, standing.next_at or at, again)
        if standing.acknowledged and worked:
            calls = [call._replace(skipped=Reason.ACKNOWLEDGED)]
            return Visit(calls, standing.rung, standing.repeats, following, acknowledged=True)
        if standing.acknowledged:
            call = call._replace(because=Reason.NO_WORK_SINCE)
        next_at = _sooner(following, self._again(last, again, at))
        return Visit([call], standing.rung, again, next_at, acknowledged=False)

    def _again(self, rung: Rung, repeats: int, at: datetime) -> datetime | None:
        """When `rung`, told at `at`, is told again; counted from when its message goes out."""
        if repeats >= rung.repeat_limit:
            return None
        told_on = timezone.localdate(self.hold_until(rung, at) or at)
        day = calendar.add_working_days(self._place, told_on, rung.repeat_working_days)
        return _opening(day)


def _overtaken(call: Call, later: Sequence[Call]) -> Call:
    """Of several rungs for the same receiver only the last one tells anything."""
    if any(receiver_of(call.rung) == receiver_of(other.rung) for other in later):
        return call._replace(skipped=Reason.OVERTAKEN)
    return call


def _sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def _opening(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, deadlines.OFFICE_OPENS))
