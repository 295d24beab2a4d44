"""Followed groups and their months, for the tests of handbook 5.2.

with at(2026, 11, 20): … holds the clock; morning() does what beat does on a morning.
"""

from contextlib import AbstractContextManager
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cases import clock
from cases.models import Area, Party, RulesVersion, User
from cases.tasks import sweep
from tests.cast import Cast, do, fresh
from workflows.procedures.group_month.models import GroupMonth
from workflows.procedures.group_month.tasks import open_months
from workflows.tasks import lapse, wake

STEPS = ("attend", "committee_meeting", "account_check", "monthly_report")


def at(
    year: int, month: int, day: int, hour: int = 9, minute: int = 0
) -> AbstractContextManager[datetime]:
    """The clock held on that day, in the office's time."""
    moment = datetime.combine(date(year, month, day), time(hour, minute))
    return clock.travel(timezone.make_aware(moment))


def morning() -> None:
    """What beat does: tell who must be told, open what has come, close what is missing."""
    sweep()
    open_months()
    lapse()
    wake()


def followed(
    area: Area,
    since: date = date(2026, 9, 1),
    *,
    deposit_day: int | None = 5,
    name: str = "กลุ่มออมทรัพย์บ้านตัวอย่าง",
    **more: Any,
) -> Party:
    """An active savings group of which reports are asked from `since` on."""
    kind = Party.Kind.SAVINGS_GROUP
    group = Party.objects.create(kind=kind, name=name, area=area, followed_from=since, **more)
    if deposit_day:
        RulesVersion.objects.create(
            party=group,
            version=1,
            deposit_day=deposit_day,
            minimum_deposit=30,
            interest_rate=12,
            cash_limit=5000,
            drafted_on=since,
            adopted_on=since,
        )
    return group


def month(group: Party, year: int, number: int) -> Any:
    """The group's case of that month, read anew."""
    return GroupMonth.objects.get(party=group, period=date(year, number, 1))


def entries(step: str, **given: Any) -> dict[str, Any]:
    """Entries of a step that fit together; the savings grow from 10,000 to 11,500 baht."""
    today = clock.today()
    known: dict[str, dict[str, Any]] = {
        "attend": {
            "deposit_held": True,
            "held_on": today,
            "officer_present": True,
            "members_paid": 40,
            "members_unpaid": 2,
            "deposits": Decimal(1500),
            "special_deposits": Decimal(200),
            "withdrawals": Decimal(200),
            "loans_paid_out": Decimal(3000),
            "loans_repaid": Decimal(1000),
            "arrears": Decimal(0),
            "new_members": 2,
            "members_left": 0,
            "banked": Decimal(1500),
        },
        "committee_meeting": {
            "meeting_held": True,
            "met_on": today,
            "resolutions": "อนุมัติเงินกู้ 2 ราย",
            "repayment_follow_up": "ไม่มีผู้ค้างชำระ",
            "cash_in_bank": True,
        },
        "account_check": {
            "audit_done": True,
            "audited_on": today,
            "audited_by": "คณะกรรมการตรวจสอบ",
            "cash_counted": Decimal(500),
            "bank_balance": Decimal(3000),
            "register_savings": Decimal(11500),
            "register_loans": Decimal(8000),
        },
        "monthly_report": {
            "opening_balance": Decimal(10000),
            "savings_balance": Decimal(11000),
            "special_savings": Decimal(500),
            "members": 42,
            "borrowers": 6,
            "loans_outstanding": Decimal(8000),
            "arrears_over_90_days": Decimal(0),
            "cash": Decimal(500),
            "bank": Decimal(3000),
            "interest_rate": Decimal(12),
            "reserve": Decimal(0),
            "welfare_fund": Decimal(0),
            "profit": Decimal(300),
        },
    }
    return known[step] | given


def work(case: Any, step: str, by: User, **given: Any) -> Any:
    """Do one step of a month with entries that fit; returns the case as it stands."""
    return do(case, step, by=by, **entries(step, **given))


def hand_in(case: Any, cast: Cast, **figures: Any) -> Any:
    """Do every step up to the chief's decision; `figures` differ in the report."""
    case = fresh(case)
    if case.task_set.filter(closed_at=None, wakes_on__isnull=False).exists():
        case = do(case, "deposit_day", by=cast.officer)
    for step in STEPS:
        case = work(case, step, cast.officer, **(figures if step == "monthly_report" else {}))
    return case


def accept(case: Any, cast: Cast, reason: str = "") -> Any:
    """The chief accepts; with a reason, with notes."""
    return do(case, "review", by=cast.chief, reason=reason)
