"""Two people want the same work; one person clicks twice, goes back, has two windows."""

import pytest

from tests.journeys import founding
from tests.journeys.visitor import Visitor, Visits

STUDY = {"study_source": "จปฐ.", "study_year": "2568", "study_findings": "หนี้นอกระบบสูง"}


@pytest.fixture
def officer(visits: Visits) -> Visitor:
    """The officer of Wang Saphung, whose the new cases are."""
    return visits.of("ws-officer")


def test_two_claim_the_same_work(visits: Visits, officer: Visitor, number: str) -> None:
    colleague = visits.of("ws-officer2")
    officer.go("/work/")
    officer.follow(officer.row(number).locator("form[action$='/release/'] button"))
    both = officer, colleague
    for visitor in both:
        visitor.go("/work/?tab=unclaimed")

    answers = [
        visitor.follow(visitor.row(number).locator("form[action$='/claim/'] button"))
        for visitor in both
    ]

    assert [answer.status for answer in answers if answer] == [200, 409]
    assert officer.heading == founding.title("study")
    assert officer.name in colleague.main.inner_text()
    colleague.follow(colleague.main.locator("a.btn-primary"))
    assert colleague.path == f"/cases/{number}/"


@pytest.mark.usefixtures("cases")
def test_two_chiefs_decide_and_the_second_keeps_the_text(visits: Visits) -> None:
    first, second = visits.of("ws-cdchief"), visits.of("ws-cdchief2")
    first.go("/work/")
    number = first.page.locator("ul.rows .num").first.inner_text()
    first.follow(first.row(number).locator("form[action$='/release/'] button"))
    for visitor in (first, second):
        visitor.open_work(number, tab="unclaimed")
    reason, defect = "บัญชีรายชื่อไม่ชัดเจน", "ขาดลายมือชื่อ 4 ราย"
    first.fill({"outcome": "APPROVED"})
    second.fill({"outcome": "RETURNED", "reason": reason, "return_to": "train"})
    second.page.fill("#id_defect-0", defect)

    assert first.press("submit") == 200
    assert second.press("submit") == 409

    told = second.main.inner_text()
    assert first.name in told
    assert reason in told
    assert defect in told
    first.go(f"/cases/{number}/")
    assert first.page.locator("section[aria-labelledby=decisions] .tasks > li").count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_double_click_sends_once(visits: Visits, number: str, script: bool) -> None:
    officer = visits.of("ws-officer", java_script_enabled=script)
    step = _fill_study(officer, number)

    officer.page.locator(".actbar button[name=submit]").dblclick()
    officer.page.wait_for_url(lambda url: not url.endswith(step))

    officer.go(f"/cases/{number}/")
    assert officer.page.locator(".story").get_by_text(founding.title("study")).count() == 1
    assert officer.page.locator(".calling h2").inner_text() == founding.title("analyse")


def test_back_after_sending_shows_what_is_done(officer: Visitor, number: str) -> None:
    _fill_study(officer, number)
    officer.press("submit")
    assert officer.heading == founding.title("analyse")

    officer.page.go_back()

    assert officer.heading == founding.title("study")
    assert officer.page.locator("button[name=submit]").count() == 0
    assert officer.page.locator(".notice-info:visible").count() == 1
    assert officer.value("study_findings") == STUDY["study_findings"]


def test_two_windows_of_one_person(officer: Visitor, number: str) -> None:
    """What the second window had typed is not written over the first, and not lost."""
    other = Visitor(officer.context, officer.url)
    step = _fill_study(officer, number)
    _fill_study(other, number)
    late_thought = "เขียนไว้ในหน้าต่างที่สอง"
    other.fill({"study_findings": late_thought})

    assert officer.press("submit") == 200
    assert other.press("submit") == 200

    assert other.path == f"/cases/{number}/"
    assert other.page.locator("[data-level=info]").count() == 1
    assert STUDY["study_findings"] in other.main.inner_text()
    other.go(step)
    other.page.locator("[data-restore-yes]").click()
    assert other.value("study_findings") == late_thought


def _fill_study(visitor: Visitor, number: str) -> str:
    """Open the first step of a case and fill it in; the step's path."""
    visitor.open_step(number)
    visitor.fill(STUDY)
    visitor.tick_all()
    return visitor.path
