"""A newcomer takes a village of Chiang Khan from its data to a founded group (handbook 5.1)."""

import re

from django.utils import timezone

from tests.cast import STAGE_1, STAGE_2
from tests.journeys import founding
from tests.journeys.visitor import DESK, Demonstration, Visitor, Visits

TAMBON = "TH420301"
REASON = "รายชื่อผู้สนใจยังไม่ครบถ้วน"
DEFECTS = ["รายชื่อซ้ำกัน 3 ราย", "ไม่มีลายมือชื่อผู้ใหญ่บ้าน"]


def test_an_officer_founds_a_group_and_the_chief_returns_once(
    visits: Visits, demonstration: Demonstration
) -> None:
    today = timezone.localdate()
    officer, chief = _sign_in(visits, demonstration)

    number = founding.open_case(officer, TAMBON)
    village = officer.page.locator("h1").inner_text()
    groups_before = _groups(officer, TAMBON)
    officer.open_step(number)
    founding.do_steps(officer, STAGE_1, today)
    assert officer.path == f"/cases/{number}/"  # now it is the chief's turn

    _return(chief, number, to="gather")
    _mend(officer, number)
    founding.approve(chief, number, "verify_preparation")

    officer.open_work(number)
    founding.do_steps(officer, STAGE_2, today)
    founding.approve(chief, number, "verify_founding")

    officer.go(f"/cases/{number}/")
    assert officer.heading == founding.GROUP
    register_number = officer.page.locator("#register-number").inner_text()
    assert re.fullmatch(r"SG-4203-\d{4}-\d{4}", register_number)
    _stands_in_register(officer, village, register_number)
    assert _groups(officer, TAMBON) == groups_before + 1


def _sign_in(visits: Visits, demonstration: Demonstration) -> tuple[Visitor, Visitor]:
    """The officer with a phone and the chief at a desk, from the printed table."""
    both = visits.of(), visits.of(size=DESK)
    for visitor, role in zip(both, ("FIELD_OFFICER", "DISTRICT_CHIEF_CD"), strict=True):
        account = demonstration.account(role=role, language="th")
        visitor.go("/")
        visitor.sign_in(account["username"], account["password"])
        assert visitor.path == "/work/"
        assert visitor.page.locator("html").get_attribute("lang") == "th"
    return both


def _return(chief: Visitor, number: str, to: str) -> None:
    chief.open_work(number)
    assert chief.heading == founding.title("verify_preparation")
    chief.fill({"outcome": "RETURNED", "reason": REASON, "return_to": to})
    for line, defect in enumerate(DEFECTS):
        chief.page.fill(f"#id_defect-{line}", defect)
    assert chief.press("submit") == 200
    assert chief.page.get_by_text(REASON).count() == 1
    assert chief.path == f"/cases/{number}/"


def _mend(officer: Visitor, number: str) -> None:
    """The officer reads why, cannot go on before all is mended, and sends it again."""
    officer.open_work(number)
    assert officer.heading == founding.title("gather")
    assert REASON in officer.page.locator(".notice-returned").inner_text()
    assert officer.page.locator("li[id^=defect-]").count() == len(DEFECTS)

    assert officer.press("submit") == 422
    assert len(officer.blockers()) == len(DEFECTS)

    for defect in officer.page.locator("li[id^=defect-]").all():
        defect.locator("input[type=checkbox]").check()
        defect.locator("input[type=text]").fill("แก้ไขแล้ว")
    assert officer.press("submit") == 200
    assert officer.path == f"/cases/{number}/"


def _groups(visitor: Visitor, area: str) -> int:
    """How many savings groups the register of an area's page counts."""
    visitor.go(f"/areas/{area}/")
    count = visitor.page.locator("#register-SAVINGS_GROUP .bignum")
    return int(count.inner_text()) if count.count() else 0


def _stands_in_register(visitor: Visitor, village: str, register_number: str) -> None:
    visitor.go(f"/areas/{TAMBON}/")
    visitor.follow(visitor.page.get_by_role("link", name=village, exact=True))
    entry = visitor.page.locator("#register-SAVINGS_GROUP").inner_text()
    assert founding.GROUP in entry
    assert register_number in entry
