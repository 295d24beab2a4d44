"""Groups of the demonstration that are followed, and what their last months brought.

Five groups in the demonstration's districts, six months back; the months are opened, worked on
and decided by the same functions as those of the pages, morning by morning (see rollout.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases import calendar, clock, contents, people, sweep
from cases.models import Party, RulesVersion, User
from cases.periods import day_in, months_later
from project.demo.entries import sheet
from project.demo.figures import Book
from workflows import actions, tasks
from workflows.entries import Entries
from workflows.procedures.group_month.models import GroupMonth
from workflows.procedures.group_month.opening import open_months
from workflows.steps import Decide, Wait
from workflows.verdicts import Verdict

MONTHS = 6  # before this one
# The steps of a month, and so many days after the deposit day each is done.
STEPS = {
    "attend": 0,
    "committee_meeting": 1,
    "account_check": 2,
    "monthly_report": 4,
    "review": 6,
}
RETURNED = Verdict(
    "RETURNED",
    reason="ยอดลูกหนี้เงินกู้ไม่ตรงกับทะเบียนคุมลูกหนี้ ขอให้ตรวจสอบอีกครั้ง",
    return_to="monthly_report",
    defects=["ยอดเงินกู้คงเหลือต่างจากทะเบียน 1,000 บาท"],
)
NOTED = Verdict("APPROVED", reason="ขอให้นำเงินสดฝากธนาคารในวันเดียวกันทุกครั้ง")


@dataclass(frozen=True)
class Story:
    """One followed group, the first of its tambon: what went otherwise, by months back."""

    tambon: str
    deposit_day: int
    late: frozenset[int] = frozenset()
    returned: frozenset[int] = frozenset()
    missing: frozenset[int] = frozenset()
    noted: frozenset[int] = frozenset()


STORIES = [
    Story("TH420301", 5, noted=frozenset({4})),
    Story("TH420302", 8, late=frozenset({3}), returned=frozenset({1})),
    Story("TH420303", 10, missing=frozenset({4}), noted=frozenset({3})),
    Story("TH420308", 3, returned=frozenset({2})),
    Story("TH420901", 7, missing=frozenset({2, 3})),  # two in a row: needs attention
]


@transaction.atomic
def load() -> int:
    """Follow the groups of STORIES and live through their months; returns how many were opened.

    Villages, groups, accounts and reference data have to be loaded. Nothing where months are.
    """
    if GroupMonth.objects.exists():
        return 0
    first = months_later(clock.today().replace(day=1), -MONTHS)
    runs = [Run(story, first) for story in STORIES]
    acts: list[tuple[Any, ...]] = [(at, run, *act) for run in runs for at, *act in run.schedule()]
    now, day = clock.now(), first
    while day <= timezone.localdate(now):
        _morning(min(_on(day, time(8, 31)), now))
        for at, run, period, step in sorted(acts, key=lambda act: act[0]):
            if timezone.localdate(at) == day and at < now:
                with clock.travel(at):
                    run.do(period, step)
        day += timedelta(days=1)
    return GroupMonth.objects.count()


def follow_founded() -> None:
    """Ask the groups that the rollout founded for their first report this month."""
    founded = Party.objects.filter(invented=False, followed_from__isnull=False)
    founded.update(followed_from=clock.today().replace(day=1))
    open_months()


def _morning(at: datetime) -> None:
    """What beat does of a morning."""
    with clock.travel(at):
        sweep.until_done(at=at)
        open_months()
        tasks.lapse()
        tasks.wake()


class Run:
    """One followed group on its way through the months."""

    def __init__(self, story: Story, first: date) -> None:
        self.story, self._first = story, first
        groups = Party.objects.filter(kind=Party.Kind.SAVINGS_GROUP, invented=True)
        self._group = groups.filter(area__code__startswith=story.tambon).order_by("area")[0]
        self._group.followed_from = first
        self._group.save(update_fields=["followed_from"])
        self._book = Book(self._group.area_id)
        RulesVersion.objects.create(
            party=self._group,
            version=1,
            deposit_day=story.deposit_day,
            minimum_deposit=50,
            interest_rate=12,
            cash_limit=10_000,
            drafted_on=self._group.founded_on or first,
            adopted_on=self._group.founded_on,
        )

    def schedule(self) -> Iterator[tuple[datetime, date, str]]:
        """When each step of each month is done; a month that goes missing has none."""
        for number in range(MONTHS + 1):
            period, back = months_later(self._first, number), MONTHS - number
            if back in self.story.missing:
                continue
            begin = day_in(period, self.story.deposit_day)
            for step, days in STEPS.items():
                days += 18 * (back in self.story.late and step in ("monthly_report", "review"))
                yield self._at(begin + timedelta(days=days), step), period, step
                if step == "review" and back in self.story.returned and back:
                    yield self._at(begin + timedelta(days=days + 2), step), period, "mend"

    def _at(self, day: date, step: str) -> datetime:
        if step != "attend":
            day = calendar.add_working_days("TH", day - timedelta(days=1), 1)
        return _on(day, time(9 + list(STEPS).index(step), 10))

    def do(self, period: date, step: str) -> None:
        """Do `step` of the month now, as the person whose post it is."""
        case = GroupMonth.objects.get(party=self._group, period=period)
        if step == "mend":
            self._step(case, period, wrong=False)
            self._step(case, period, wrong=False)
        else:
            self._step(case, period, wrong=self._back(period) in self.story.returned)

    def _step(self, case: GroupMonth, period: date, wrong: bool) -> None:
        """Do the open step; a month that still rests is taken up first."""
        item = case.task_set.get(closed_at=None)
        who = people.holders(item.role, case.area_id)[0].user
        if isinstance(item.flow_task, Decide):
            actions.decide(item.pk, by=who, verdict=self._verdict(period, wrong))
        elif isinstance(item.flow_task, Wait):
            actions.resume(item.pk, by=who)
            self._step(case, period, wrong)
        else:
            _prove(case, item, who)
            entries = Entries(
                values=self._book.values(item.step, self._index(period), wrong=wrong),
                ticked={check["code"] for check in contents.checklist(case, item.step)},
                mended={defect.pk: "แก้ไขตามทะเบียนแล้ว" for defect in case.defects.all()},
            )
            actions.submit(item.pk, by=who, entries=entries)

    def _verdict(self, period: date, wrong: bool) -> Verdict:
        if wrong:
            return RETURNED
        return NOTED if self._back(period) in self.story.noted else Verdict("APPROVED")

    def _index(self, period: date) -> int:
        return (period.year - self._first.year) * 12 + period.month - self._first.month

    def _back(self, period: date) -> int:
        return MONTHS - self._index(period)


def _prove(case: GroupMonth, item: Any, who: User) -> None:
    kept = set(case.documents.filter(step=item.step).values_list("item", flat=True))
    for check in contents.checklist(case, item.step):
        if check["evidence"] and check["code"] not in kept:
            actions.attach(item.pk, sheet(check["code"]), code=check["code"], by=who)


def _on(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
