"""The books of a followed group of the demonstration: invented figures that add up."""

import hashlib
from decimal import Decimal
from typing import Any

from cases import clock


class Book:
    """One group's money, the same every time; `month` counts from its first followed one."""

    def __init__(self, village: str) -> None:
        self._seed = hashlib.sha256(village.encode()).digest()
        self._members = 38 + self._seed[0] % 40
        self._savings = Decimal(60_000 + 1_000 * (self._seed[1] % 90))
        self._special = Decimal(2_000 + 100 * (self._seed[2] % 30))
        self._loans = (self._savings * (55 + self._seed[3] % 25) / 100).quantize(Decimal(100))

    def values(self, step: str, month: int, *, wrong: bool = False) -> dict[str, Any]:
        """What the officer enters in `step`; `wrong` where the loans do not fit the register."""
        entries = {
            "attend": self._day,
            "committee_meeting": self._meeting,
            "account_check": self._check,
            "monthly_report": self._report,
        }[step](month)
        if wrong and step == "monthly_report":
            entries["loans_outstanding"] += 1000
        return entries

    def _new(self, month: int) -> int:
        return self._seed[4 + month] % 3

    def _count(self, month: int) -> int:
        return self._members + sum(self._new(earlier) for earlier in range(month + 1))

    def _paid_in(self, month: int) -> Decimal:
        return Decimal(50 * (self._count(month) - self._seed[12 + month] % 4) + 500)

    def _withdrawn(self, month: int) -> Decimal:
        return Decimal(200 * (self._seed[20 + month] % 4))

    def _saved(self, month: int) -> Decimal:
        """Truth savings at the end of the month."""
        moved = (self._paid_in(m) - self._withdrawn(m) for m in range(month + 1))
        return self._savings + sum(moved, Decimal(0))

    def _lent(self, month: int) -> Decimal:
        moved = (self._paid_out(m) - self._repaid(m) for m in range(month + 1))
        return self._loans + sum(moved, Decimal(0))

    def _paid_out(self, month: int) -> Decimal:
        return Decimal(1_000 * (self._seed[6 + month] % 7))

    def _repaid(self, month: int) -> Decimal:
        return Decimal(500 * (2 + self._seed[14 + month] % 6))

    def _day(self, month: int) -> dict[str, Any]:
        unpaid = self._seed[12 + month] % 4
        return {
            "deposit_held": True,
            "not_held_reason": "",
            "held_on": clock.today(),
            "officer_present": unpaid != 3,
            "absence_reason": "ประชุมที่จังหวัด" if unpaid == 3 else "",
            "substitute": "อาสาพัฒนา" if unpaid == 3 else "",
            "members_paid": self._count(month) - unpaid,
            "members_unpaid": unpaid,
            "deposits": self._paid_in(month),
            "special_deposits": Decimal(0),
            "withdrawals": self._withdrawn(month),
            "loans_paid_out": self._paid_out(month),
            "loans_repaid": self._repaid(month),
            "arrears": Decimal(300 * unpaid),
            "new_members": self._new(month),
            "members_left": 0,
            "banked": self._paid_in(month) - 500,
        }

    def _meeting(self, month: int) -> dict[str, Any]:
        return {
            "meeting_held": True,
            "no_meeting_reason": "",
            "met_on": clock.today(),
            "resolutions": (
                f"อนุมัติเงินกู้ {self._seed[6 + month] % 7} ราย รับสมาชิกใหม่ {self._new(month)} คน"
            ),
            "repayment_follow_up": "กรรมการเงินกู้ติดตามผู้ค้างชำระถึงบ้าน",
            "cash_in_bank": True,
        }

    def _check(self, month: int) -> dict[str, Any]:
        return {
            "audit_done": True,
            "no_audit_reason": "",
            "audited_on": clock.today(),
            "audited_by": "คณะกรรมการตรวจสอบ 3 คน",
            "cash_counted": self._cash(month),
            "bank_balance": self._bank(month),
            "register_savings": self._saved(month) + self._special,
            "register_loans": self._lent(month),
            "differences": "",
        }

    def _cash(self, month: int) -> Decimal:
        return Decimal(500 + 100 * (self._seed[8 + month] % 20))

    def _bank(self, month: int) -> Decimal:
        return self._saved(month) + self._special - self._lent(month) + 4_000

    def _report(self, month: int) -> dict[str, Any]:
        before = self._saved(month - 1) if month else self._savings
        return {
            "opening_balance": before + self._special,
            "savings_balance": self._saved(month),
            "special_savings": self._special,
            "members": self._count(month),
            "borrowers": 9 + self._seed[10] % 12,
            "loans_outstanding": self._lent(month),
            "arrears_over_90_days": Decimal(400 * (self._seed[9] % 4)),
            "cash": self._cash(month),
            "bank": self._bank(month),
            "interest_rate": Decimal(12),
            "reserve": Decimal(3_000),
            "welfare_fund": Decimal(1_500),
            "profit": Decimal(450 * (month + 1)),
            "report_note": "",
        }
