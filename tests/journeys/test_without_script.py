"""The main path works in a browser without JavaScript (DESIGN 7)."""

from tests.journeys import founding
from tests.journeys.photos import phone_photo
from tests.journeys.visitor import Visits, as_file

TAMBON = "TH420302"


def test_sign_in_open_a_case_save_a_draft_upload_and_finish_a_step(visits: Visits) -> None:
    officer = visits.of(java_script_enabled=False)
    officer.go("/")
    officer.sign_in("officer")

    officer.follow(officer.main.locator("a[href='/cases/new/']"))
    officer.page.select_option("[name=tambon]", TAMBON)
    officer.follow(officer.page.locator("form[method=get] button"))
    village = officer.page.locator("[name=village] option").last.get_attribute("value")
    officer.page.select_option("[name=village]", village)
    officer.follow(officer.page.locator("form[method=get] button"))
    officer.fill(founding.OPENING)
    assert officer.press("submit") == 200
    officer.follow(officer.page.locator(".calling a.btn-primary"))

    officer.fill({"study_source": "จปฐ."})
    officer.page.check("[name=tick-data-sheet]")
    assert officer.press("save") == 200
    assert officer.page.locator("[data-level=success]").count() == 1
    assert officer.value("study_source") == "จปฐ."
    assert officer.page.locator("[name=tick-data-sheet]").is_checked()

    officer.fill({"study_year": "๒๕๖๘", "study_findings": "หนี้นอกระบบสูง"})
    officer.page.check("[name=tick-way-of-life]")
    officer.page.set_input_files("#id_file-data-sheet", as_file("IMG.jpg", phone_photo()))
    officer.follow(officer.page.locator("button[name=upload][value=data-sheet]"))
    assert officer.evidence("data-sheet").count() == 1
    assert officer.value("study_findings") == "หนี้นอกระบบสูง"
    assert officer.page.locator("[name=tick-way-of-life]").is_checked()

    officer.fill({"study_findings": "หนี้นอกระบบสูงมาก"})
    officer.follow(officer.evidence("data-sheet").locator("button"))
    assert officer.evidence("data-sheet").count() == 0
    assert officer.value("study_findings") == "หนี้นอกระบบสูงมาก"

    assert officer.press("submit") == 200
    assert officer.heading == founding.title("analyse")
