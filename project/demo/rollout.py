"""The running cases of the demonstration: what stands where, and how it came to that.

The cases are made by the same functions as those of the pages, day by day in the demonstration's
time, with the sweep every morning: so histories, deadlines and messages are real.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases import calendar, clock, contents, people, register, sweep
from cases.models import Area, Case, Party, WorkItem
from project.demo.entries import photo, values
from workflows import actions
from workflows.contents import by_code
from workflows.entries import Entries
from workflows.steps import Decide
from workflows.verdicts import Verdict

# The steps of a founding, and how many working days each takes: sooner than its reminder.
STEPS = {
    "opening": 0,
    "study": 3,
    "analyse": 3,
    "present": 3,
    "ask_leaders": 1,
    "train": 8,
    "gather": 3,
    "verify_preparation": 1,
    "meet": 3,
    "vote": 0,
    "enrol": 0,
    "elect": 1,
    "draft_rules": 1,
    "prepare_papers": 1,
    "set_targets": 1,
    "report": 1,
    "verify_founding": 1,
    "bank_letter": 3,
    "first_deposit": 12,
    "open_account": 4,
    "advise": 4,
    "adopt_rules": 25,
}


@dataclass(frozen=True)
class Plan:
    """A case in the next free village of `tambon`: its `last` step was done `ago` working days ago.

    `ending` holds entries of the last step that differ from the usual ones, and `verdict` a
    decision other than approval.
    """

    tambon: str
    last: str
    ago: int
    ending: dict[str, Any] = field(default_factory=dict)
    verdict: Verdict = field(default_factory=lambda: Verdict("APPROVED"))


SENT_BACK = Verdict(
    "RETURNED",
    reason="รายชื่อผู้สนใจยังไม่ครบถ้วน ขอให้ตรวจสอบกับผู้นำอีกครั้ง",
    return_to="gather",
    defects=["รายชื่อซ้ำกัน 3 ราย", "ไม่มีลายมือชื่อของผู้ใหญ่บ้าน"],
)
NOT_YET = {"leaders_agreed": False, "revisit_in_days": 12}
LOST_VOTE = {"votes_for": 9, "votes_against": 14, "votes_abstained": 3, "after_lost_vote": "CLOSE"}

PLANS = [
    # Chiang Khan
    Plan("TH420301", last="opening", ago=2),
    Plan("TH420301", last="gather", ago=1),  # the CD chief's turn
    Plan("TH420302", last="report", ago=1),  # the CD chief's turn, ready to be founded
    Plan("TH420302", last="study", ago=15),  # late: escalated to the district chief
    Plan("TH420308", last="verify_preparation", ago=2, verdict=SENT_BACK),
    Plan("TH420308", last="bank_letter", ago=6),  # founded, before its first deposit
    Plan("TH420301", last="adopt_rules", ago=3),  # founded and followed up to its end
    Plan("TH420303", last="ask_leaders", ago=12),  # training is due soon
    Plan("TH420304", last="ask_leaders", ago=3, ending=NOT_YET),
    Plan("TH420307", last="report", ago=5),  # the CD chief is late
    Plan("TH420305", last="vote", ago=1),
    Plan("TH420306", last="vote", ago=6, ending=LOST_VOTE),  # declined
    # Wang Saphung
    Plan("TH420901", last="analyse", ago=4),
    Plan("TH420902", last="gather", ago=3),
    # Tha Li
    Plan("TH420801", last="verify_founding", ago=4),  # founded by the acting chief
    Plan("TH420803", last="train", ago=9),  # two days late
]


@transaction.atomic
def load() -> int:
    """Make the cases of PLANS, unless there are cases already. Returns how many it made.

    Villages, groups, accounts and reference data have to be loaded.
    """
    if Case.objects.filter(procedure="SGF").exists():
        return 0
    free: dict[str, Iterator[Area]] = {
        plan.tambon: iter(
            register.villages_without(Party.Kind.SAVINGS_GROUP, plan.tambon).order_by("code")
        )
        for plan in PLANS
    }
    runs = [Run(plan, next(free[plan.tambon])) for plan in PLANS]
    acts = sorted(
        (at, number, step) for number, run in enumerate(runs) for at, step in run.schedule()
    )
    day = timezone.localdate(acts[0][0])
    for at, number, step in acts:
        while day < timezone.localdate(at):
            day += timedelta(days=1)
            sweep.until_done(at=_on(day, time(8, 31)))
        with clock.travel(at):
            runs[number].do(step)
    return len(runs)


class Run:
    """One case of the demonstration on its way."""

    def __init__(self, plan: Plan, village: Area) -> None:
        self._plan, self._village = plan, village
        self._case: Any = None

    def schedule(self) -> list[tuple[datetime, str]]:
        """When each step is done, on working days, counted back from the last one."""
        names = list(STEPS)
        names = names[: names.index(self._plan.last) + 1]
        day = calendar.add_working_days("TH", clock.today(), -self._plan.ago)
        acts = []
        for number in reversed(range(len(names))):
            acts.append((_on(day, time(9 + number // 4, 13 * (number % 4))), names[number]))
            day = calendar.add_working_days("TH", day, -STEPS[names[number]])
        return acts[::-1]

    def do(self, step: str) -> None:
        """Do `step` now, as the person whose post it is."""
        if step == "opening":
            flow = by_code("SGF")
            officer = self._holder(flow.start_node().role)
            given = values("opening", self._village)
            self._case = actions.open_case(flow, by=officer, area=self._village, values=given)
            return
        item = WorkItem.objects.get(process=self._case.pk, closed_at=None, wakes_on=None)
        who = self._holder(item.role)
        if isinstance(item.flow_task, Decide):
            verdict = self._plan.verdict if step == self._plan.last else Verdict("APPROVED")
            actions.decide(item.pk, by=who, verdict=verdict)
        else:
            self._fill(item, step, who)

    def _fill(self, item: WorkItem, step: str, who: Any) -> None:
        checks = contents.checklist(item.process, step)
        for check in checks:
            if check["evidence"]:
                actions.attach(item.pk, photo(check["code"]), code=check["code"], by=who)
        given = values(step, self._village)
        if step == self._plan.last:
            given |= self._ending()
        ticked = {check["code"] for check in checks}
        lines = given.pop("lines", [])
        actions.submit(item.pk, by=who, entries=Entries(given, ticked, lines=lines))

    def _ending(self) -> dict[str, Any]:
        ending = dict(self._plan.ending)
        days = ending.pop("revisit_in_days", None)
        return ending if days is None else ending | {"revisit_on": _in(days)}

    def _holder(self, role: str) -> Any:
        return people.holders(role, self._village.code)[0].user


def _in(days: int) -> date:
    return clock.today() + timedelta(days=days)


def _on(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
