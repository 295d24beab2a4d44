"""What the months of a group come to: how each stands, its figures, the KPIs of handbook 5.2."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cases import calendar, clock
from cases.models import Party, WorkItem
from cases.periods import months_later
from cases.roles import Role
from workflows.procedures.group_month.models import GroupMonth

SHOWN = 12  # months on a group's page
ACCEPTED = ("accepted", "accepted_with_notes")


@dataclass(frozen=True)
class Month:
    """One month of a group: its case, if one was opened, and how it stands.

    `standing` is accepted, accepted_with_notes, missing, in (with the chief), returned, late,
    open, or not_asked.
    """

    period: date
    standing: str
    case: GroupMonth | None = None
    handed_in: date | None = None

    @property
    def known(self) -> GroupMonth | None:
        """The case where its figures were accepted: what charts and totals are made of."""
        return self.case if self.case and self.standing in ACCEPTED else None


def months_of(party: Party, until: date | None = None, shown: int = SHOWN) -> list[Month]:
    """The last months of a group up to `until` (default: this month), oldest first; two queries."""
    last = (until or clock.today()).replace(day=1)
    first = months_later(last, 1 - shown)
    opened = GroupMonth.objects.filter(party=party, period__gte=first, period__lte=last)
    cases = {case.period: case for case in opened.defer("report_note", "resolutions")}
    decisions, returned = _items(cases.values())
    found = []
    for step in range(shown):
        period = months_later(first, step)
        case = cases.get(period)
        if case is None:
            found.append(Month(period, "not_asked"))
            continue
        reviews = decisions.get(case.pk, [])
        handed_in = min((timezone.localdate(item.opened_at) for item in reviews), default=None)
        with_chief = any(item.is_open for item in reviews)
        standing = _standing(case, with_chief, case.pk in returned)
        found.append(Month(period, standing, case, handed_in))
    return found


def _items(cases: Iterable[GroupMonth]) -> tuple[dict[int, list[WorkItem]], set[int]]:
    """The chief's work items by case, and the cases that were sent back and are open."""
    items = WorkItem.objects.filter(process__in=[case.pk for case in cases])
    decisions: dict[int, list[WorkItem]] = {}
    returned = set()
    for item in items.only("process", "role", "opened_at", "closed_at", "returned_by"):
        if item.role == Role.DISTRICT_CHIEF_CD:
            decisions.setdefault(item.process_id, []).append(item)
        elif item.is_open and item.returned_by_id:
            returned.add(item.process_id)
    return decisions, returned


def _standing(case: GroupMonth, with_chief: bool, returned: bool) -> str:
    if case.closed_at:
        return str(case.state)
    if with_chief:
        return "in"
    if returned:
        return "returned"
    return "late" if is_late(case, clock.today()) else "open"


def is_late(case: GroupMonth, day: date) -> bool:
    """Whether a report that comes on `day` is late: from the next working day (handbook 3.4)."""
    due = case.report_due_on
    return due is not None and due < calendar.last_working_day(case.area_id, day)


@dataclass(frozen=True)
class Share:
    """So many of so many; `of` 0 means that nothing is known yet."""

    part: int
    of: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.part / self.of) if self.of else None


@dataclass(frozen=True)
class Growth:
    """From the first known figure to the last; `percent` is None from nothing."""

    by: Decimal | int
    percent: Decimal | None


def on_time(months: Sequence[Month]) -> Share:
    """Reports that came in by their day, of those due; what is still open in time counts not."""
    due = [m for m in months if m.case and m.standing not in ("open", "not_asked")]
    came = [m for m in due if m.case and m.handed_in and not is_late(m.case, m.handed_in)]
    return Share(len(came), len(due))


def attended(months: Sequence[Month]) -> Share:
    """Deposit days at which the officer was, of those that were held."""
    held = [m.case for m in months if m.case and m.case.deposit_held]
    return Share(sum(bool(case.officer_present) for case in held), len(held))


def audited(months: Sequence[Month]) -> Share:
    """Months in which the accounts were checked, of those that tell of it or are missing."""
    told = [m.case for m in months if m.case and _tells_of_audit(m)]
    return Share(sum(bool(case.audit_done) for case in told), len(told))


def _tells_of_audit(month: Month) -> bool:
    return month.standing == "missing" or bool(month.case and month.case.audit_done is not None)


def growth(months: Sequence[Month], name: str) -> Growth | None:
    """How the figure `name` has grown over the accepted months; None with fewer than two."""
    values: list[Any] = [getattr(m.known, name) for m in months if m.known]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    first, last = known[0], known[-1]
    percent = round(Decimal(100) * (last - first) / first, 1) if first else None
    return Growth(last - first, percent)


def arrears_percent(months: Sequence[Month]) -> Decimal | None:
    """Arrears of more than 90 days in % of the loans, in the last accepted month with loans."""
    for month in reversed(months):
        case = month.known
        if case and case.loans_outstanding and case.arrears_over_90_days is not None:
            return round(100 * case.arrears_over_90_days / case.loans_outstanding, 1)
    return None
