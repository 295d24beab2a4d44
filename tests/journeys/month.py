"""A month of a followed group as its officer types it and its chief decides (handbook 5.2).

The group was just founded: every month each of its members pays in the same, nobody borrows.
"""

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from tests.journeys.founding import buddhist, thai
from tests.journeys.photos import phone_photo
from tests.journeys.visitor import Visitor, as_file

CONTENT = Path(settings.BASE_DIR) / "workflows/procedures/group_month/content.yaml"
TITLES: dict[str, Any] = {
    code: step["title"]["th"] for code, step in yaml.safe_load(CONTENT.read_text())["steps"].items()
}
STEPS = ("attend", "committee_meeting", "account_check", "monthly_report")
PAPERS = {"attend": "slip", "committee_meeting": "minutes", "account_check": "sheet"}
MEMBERS, PAID_IN = 36, 1_800  # people; baht a month, all of it banked


def savings(number: int) -> int:
    """Baht at the end of the month `number`, which counts from 0."""
    return PAID_IN * (number + 1)


def typed(step: str, today: date, number: int) -> dict[str, str]:
    """What the officer types in a step; what the form offers already is left as it stands."""
    nothing = ("special_deposits", "withdrawals", "loans_paid_out", "loans_repaid", "arrears")
    none_left = ("borrowers", "loans_outstanding", "arrears_over_90_days", "cash", "profit")
    return {
        "attend": {
            "deposit_held": "True",
            "officer_present": "True",
            "members_paid": thai(MEMBERS),
            "members_unpaid": "0",
            "deposits": thai(f"{PAID_IN:,}"),
            **dict.fromkeys(nothing, "0"),
            "new_members": "0",
            "members_left": "0",
            "banked": str(PAID_IN),
        },
        "committee_meeting": {
            "meeting_held": "True",
            "met_on": thai(buddhist(today)),
            "resolutions": "ยังไม่เปิดให้กู้",
            "repayment_follow_up": "ไม่มีลูกหนี้",
            "cash_in_bank": "True",
        },
        "account_check": {
            "audit_done": "True",
            "audited_on": buddhist(today),
            "audited_by": "คณะกรรมการตรวจสอบ",
            "cash_counted": "0",
            "bank_balance": str(savings(number)),
            "register_savings": thai(savings(number)),
            "register_loans": "0",
        },
        "monthly_report": {
            "savings_balance": str(savings(number)),
            "special_savings": "0",
            "members": str(MEMBERS),
            **dict.fromkeys(none_left, "0"),
            "bank": str(savings(number)),
            "reserve": "0",
            "welfare_fund": "0",
        },
    }[step]


def report(officer: Visitor, number: str, today: date, month: int, **figures: str) -> None:
    """From the work list through every step of the month; `figures` differ in the report."""
    officer.open_work(number)
    for step in STEPS:
        assert officer.heading == TITLES[step]
        officer.fill(typed(step, today, month))
        if step == "monthly_report":
            assert offered(officer, "opening_balance") == month * PAID_IN
            officer.fill(figures)
        elif officer.page.locator(f"#id_file-{PAPERS[step]}").count():
            officer.attach(PAPERS[step], as_file("IMG.jpg", phone_photo(number=month)))
            officer.evidence(PAPERS[step]).wait_for()
        hand_in(officer)
    assert officer.path == f"/cases/{number}/"  # now it is the chief's turn


def offered(officer: Visitor, name: str) -> float:
    """The figure that the form brings along."""
    return float(officer.value(name).replace(",", ""))


def hand_in(officer: Visitor) -> None:
    """Send the open step."""
    assert officer.press("submit") == 200, officer.errors() + officer.blockers()


def accept(chief: Visitor, number: str) -> None:
    """The chief finds the report in the work list, nothing looks wrong, and accepts it."""
    chief.open_work(number)
    assert chief.heading == TITLES["review"]
    assert not chief.page.locator("#warnings").count()
    chief.fill({"outcome": "APPROVED"})
    assert chief.press("submit") == 200
    assert chief.path == f"/cases/{number}/"


def give_back(chief: Visitor, number: str, reason: str, defect: str) -> None:
    """The chief sees the warning and returns the report with one defect."""
    chief.open_work(number)
    assert chief.page.locator("#warnings li").count() == 1
    chief.fill({"outcome": "RETURNED", "reason": reason, "return_to": "monthly_report"})
    chief.page.fill("#id_defect-0", defect)
    assert chief.press("submit") == 200
    assert chief.path == f"/cases/{number}/"


def mend(officer: Visitor, number: str, reason: str, **figures: str) -> None:
    """The officer reads why, writes the right figures, says so beside the defect, sends it."""
    officer.open_work(number)
    assert officer.heading == TITLES["monthly_report"]
    assert reason in officer.page.locator(".notice-returned").inner_text()
    officer.fill(figures)
    defect = officer.page.locator("li[id^=defect-]")
    assert defect.count() == 1
    defect.locator("input[type=checkbox]").check()
    defect.locator("input[type=text]").fill("แก้ไขแล้ว")
    hand_in(officer)
    assert officer.path == f"/cases/{number}/"
