"""How a ladder is climbed, written once more: slow and obvious, one deadline at a time.

Takes nothing from the engine but the line of roles; `test_ladder_model.py` compares the two.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")
OPENS = time(8, 30)
NIGHT, MORNING = time(18, 0), time(7, 30)
DAY = timedelta(days=1)


@dataclass
class Someone:
    """A person: `post` is the role they hold, "" for none."""

    name: str
    key: int
    post: str
    active: bool
    address: bool


@dataclass
class Office:
    """What is the same for all deadlines of an example."""

    entries: list[dict[str, Any]]  # of the ladder, as rungs.parse takes them
    line: list[list[str]]
    people: dict[str, Someone]
    holidays: Collection[date]
    quiet: bool

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def working_day(self, day: date, n: int) -> date:
        """The n-th working day after `day`, before it where `n` is negative."""
        step = DAY if n > 0 else -DAY
        while n:
            day += step
            if self.works(day):
                n += -1 if n > 0 else 1
        return day

    def goes_out(self, at: datetime, urgent: bool) -> datetime:
        """When what is said at `at` reaches anybody."""
        night = self.quiet and (at.time() >= NIGHT or at.time() < MORNING)
        if urgent or (self.works(at.date()) and not night):
            return at
        opening = at_opening(at.date())
        while opening <= at or not self.works(opening.date()):
            opening += DAY
        return opening


def at_opening(day: date) -> datetime:
    return datetime.combine(day, OPENS, BANGKOK)


@dataclass
class Clerk:
    """Keeps one deadline: what was said to whom stands in `records` and `messages`."""

    office: Office
    key: int
    due_on: date
    owner: str  # the name, "" where nobody claimed the work
    began: datetime
    next: int = 0  # number of the next rung
    said_at: datetime | None = None  # when the rung before it, or its last repeat, went out
    repeats: int = 0
    seen_at: datetime | None = None
    work: list[datetime] = field(default_factory=list)
    resting: bool = False
    records: list[tuple[Any, ...]] = field(default_factory=list)
    messages: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rungs = sorted(self.office.entries, key=day_of)
        self.due_moved(self.due_on, self.began)

    def due_moved(self, due_on: date, at: datetime) -> None:
        """Rungs that lie behind tell nobody; the others tell anew."""
        self.due_on, self.said_at, self.repeats = due_on, None, 0
        self.next = sum(self.time(number) <= at for number in range(len(self.rungs)))

    def time(self, number: int) -> datetime:
        """When the rung is climbed."""
        rung, day = self.rungs[number], self.due_on
        if rung.get("working_days"):
            return at_opening(self.office.working_day(day, rung["working_days"]))
        day += timedelta(days=rung.get("days", 0))
        while not self.office.works(day):
            day += DAY if rung.get("days", 0) > 0 else -DAY
        return at_opening(day)

    def sweep(self, at: datetime) -> None:
        """Say what is to be said by now."""
        if self.resting:
            return
        numbers = range(self.next, len(self.rungs))
        due = [number for number in numbers if self.time(number) <= at]
        if due:
            self._climb(due, at)
        elif (again := self._again_at()) is not None and again <= at:
            self._say_again(again, at)

    def acknowledge(self, who: str, at: datetime) -> bool:
        """Whether it was taken from `who`: told by name, or whose the work is."""
        told = {record[4]: record[3] for record in self.records if record[2] == "FIRED"}
        doers = {person.name for person in self._doers()}
        if not told or self.seen_at or self.resting or not self.office.people[who].active:
            return False
        if who not in told and who not in doers:
            return False
        last = next(record for record in reversed(self.records) if record[2] == "FIRED")
        role = told.get(who, "FIELD_OFFICER")
        self.seen_at = at
        self.records.append((last[0], last[1], "ACKNOWLEDGED", role, who, "", last[6], at, ""))
        return True

    def _climb(self, due: list[int], at: datetime) -> None:
        told: set[str] = set()
        for place, number in enumerate(due):
            later = [receiver(self.rungs[other]) for other in due[place + 1 :]]
            if receiver(self.rungs[number]) in later:
                self._record(number, 0, "SKIPPED", "", None, "overtaken", self.time(number), at)
            else:
                self._say(number, 0, "", self.time(number), at, told)
        last = self.rungs[due[-1]]
        self.next, self.repeats, self.seen_at = due[-1] + 1, 0, None
        self.said_at = self.office.goes_out(at, last.get("urgent", False))

    def _again_at(self) -> datetime | None:
        """When the last rung is said again, if it is before the next one comes."""
        rung = self.rungs[self.next - 1]
        if self.next == 0 or self.said_at is None or self.repeats >= rung.get("times", 0):
            return None
        again = at_opening(self.office.working_day(self.said_at.date(), rung["every"]))
        if self.seen_at:
            again = max(again, at_opening(self.office.working_day(self.seen_at.date(), 3)))
        if self.next < len(self.rungs) and self.time(self.next) <= again:
            return None
        return again

    def _say_again(self, planned: datetime, at: datetime) -> None:
        number, repeat = self.next - 1, self.repeats + 1
        seen = self.seen_at
        if seen and any(work > seen for work in self.work):
            self._record(number, repeat, "SKIPPED", "", None, "acknowledged", planned, at)
            self.said_at = None
            return
        self._say(number, repeat, "no_work_since" if seen else "", planned, at, set())
        self.seen_at, self.repeats = None, repeat
        self.said_at = self.office.goes_out(at, self.rungs[number].get("urgent", False))

    def _say(
        self, number: int, repeat: int, because: str, planned: datetime, at: datetime, told: set
    ) -> None:
        rung, about = self.rungs[number], (planned, at)
        for height, level in enumerate(self._levels(rung)):
            reached = False
            for role, people in level:
                if not people:
                    self._record(number, repeat, "SKIPPED", role, None, "nobody_holds_post", *about)
                for one in people:
                    own_work = rung["tell"] == "ASSIGNEE" and height == 0
                    reason = self._obstacle(rung, one, own_work, told)
                    if reason:
                        self._record(number, repeat, "SKIPPED", role, one, reason, *about)
                    else:
                        told.add(one.name)
                        self._record(number, repeat, "FIRED", role, one, because, *about)
                        self._message(number, repeat, one, at, height)
                    reached = reached or reason in ("", "told_already")
            if reached:
                return
        self._record(number, repeat, "SKIPPED", "", None, "end_of_line", *about)

    def _levels(self, rung: dict[str, Any]) -> list[list[tuple[str, list[Someone]]]]:
        heights = {role: n for n, level in enumerate(self.office.line) for role in level}
        above = heights["FIELD_OFFICER"] + rung.get("above", 1)
        own: list[list[tuple[str, list[Someone]]]] = []
        if rung["tell"] == "ASSIGNEE":
            own = [[("FIELD_OFFICER", self._doers())]]
        if rung["tell"] == "ROLE":
            own = [[(rung["role"], self._holders(rung["role"]))]]
            above = heights.get(rung["role"], heights["FIELD_OFFICER"]) + 1
        if rung["tell"] == "PEOPLE":
            listed = [one for one in self.office.people.values() if one.key in rung["people"]]
            own = [[("", sorted(listed, key=lambda one: one.key))]]
        line = self.office.line[above:]
        return own + [[(role, self._holders(role)) for role in level] for level in line]

    def _holders(self, role: str) -> list[Someone]:
        people = self.office.people.values()
        return [one for one in people if one.post == role and one.active]

    def _doers(self) -> list[Someone]:
        return [self.office.people[self.owner]] if self.owner else self._holders("FIELD_OFFICER")

    def _obstacle(self, rung: dict, one: Someone, own_work: bool, told: set) -> str:
        if not one.active:
            return "not_active"
        if not one.address and rung.get("channel") != "BELL":
            return "no_address"
        if not own_work and one in self._doers():
            return "is_the_doer"
        return "told_already" if one.name in told else ""

    def _message_key(self, number: int, repeat: int, one: Someone) -> str:
        return f"rung:{self.key}:{number}:{self.due_on}:{repeat}:{one.key}"

    def _message(self, number: int, repeat: int, one: Someone, at: datetime, height: int) -> None:
        rung = self.rungs[number]
        out = self.office.goes_out(at, rung.get("urgent", False))
        key = self._message_key(number, repeat, one)
        way = (rung["template"], rung.get("channel", "EMAIL"), None if out == at else out)
        self.messages.append((key, *way, rung.get("urgent", False), height > 0))

    def _record(
        self,
        number: int,
        repeat: int,
        outcome: str,
        role: str,
        one: Someone | None,
        reason: str,
        planned: datetime,
        at: datetime,
    ) -> None:
        key = self._message_key(number, repeat, one) if one and outcome == "FIRED" else ""
        name = one.name if one else None
        self.records.append((number, repeat, outcome, role, name, reason, planned, at, key))


def day_of(rung: dict[str, Any]) -> int:
    """Days from the due day; rungs of one day stay in the order in which they are written."""
    return rung.get("days", 0) + rung.get("working_days", 0)


def receiver(rung: dict[str, Any]) -> tuple[Any, ...]:
    return rung["tell"], rung.get("above"), rung.get("role"), tuple(rung.get("people", ()))
