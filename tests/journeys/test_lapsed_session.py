"""The session lapses over a half-filled form: after signing in the entries stand there again."""

import pytest

from tests.journeys import founding
from tests.journeys.photos import phone_photo
from tests.journeys.visitor import Visitor, Visits, as_file

FINDINGS = "84 ครัวเรือน ออมประจำ 21 ครัวเรือน"


@pytest.mark.parametrize(("script", "button"), [(True, "save"), (False, "submit")])
def test_the_same_person_finds_the_entries(
    visits: Visits, number: str, script: bool, button: str
) -> None:
    officer = _half_filled(visits, number, script)
    step = officer.path
    officer.press(button)
    assert officer.path == "/accounts/login/"
    assert officer.page.locator(".notice-info").count() == 1

    officer.sign_in("ws-officer")

    assert officer.path == step
    assert officer.value("study_findings") == FINDINGS
    assert officer.value("study_year") == "2568"
    assert officer.page.locator("[name=tick-way-of-life]").is_checked()
    officer.tick_all()
    assert officer.press("submit") == 200
    assert officer.heading == founding.title("analyse")


def test_somebody_else_does_not_see_them(visits: Visits, number: str) -> None:
    officer = _half_filled(visits, number, script=True)
    step = officer.path
    officer.press("save")

    officer.sign_in("ws-officer2")

    assert officer.path == step
    assert officer.name.endswith("สอง")
    assert officer.value("study_findings") == ""
    assert officer.page.locator("[data-restore]").is_hidden()
    assert FINDINGS not in officer.page.content()


def test_signed_in_again_in_another_window(visits: Visits, number: str) -> None:
    """The first window's form is one of the old session and is refused; its text stays."""
    officer = _half_filled(visits, number, script=True)
    step, other = officer.path, Visitor(officer.context, officer.url)
    other.go("/accounts/login/")
    other.sign_in("ws-officer")

    assert officer.press("save") == 403

    officer.follow(officer.main.locator("a.btn-primary"))
    assert officer.path == step
    assert officer.value("study_findings") == FINDINGS
    assert officer.press("save") == 200
    assert officer.value("study_findings") == FINDINGS


def test_a_photo_leads_to_signing_in_and_back(visits: Visits, number: str) -> None:
    officer = _half_filled(visits, number, script=True)
    step = officer.path
    with officer.page.expect_navigation():
        officer.page.set_input_files("#id_file-data-sheet", as_file("IMG.jpg", phone_photo()))
    assert officer.path == "/accounts/login/"

    officer.sign_in("ws-officer")

    assert officer.path == step
    officer.page.locator("[data-restore-yes]").click()
    assert officer.value("study_findings") == FINDINGS
    officer.attach("data-sheet", as_file("IMG.jpg", phone_photo()))
    officer.evidence("data-sheet").wait_for()


def _half_filled(visits: Visits, number: str, script: bool) -> Visitor:
    """An officer in the middle of the first step, whose session has just lapsed."""
    officer = visits.of("ws-officer", java_script_enabled=script)
    officer.open_step(number)
    officer.fill({"study_source": "จปฐ.", "study_year": "2568", "study_findings": FINDINGS})
    officer.page.check("[name=tick-way-of-life]")
    officer.page.wait_for_timeout(600)  # sajja.js notes what was typed after a short rest
    officer.context.clear_cookies(name="sessionid")
    return officer
