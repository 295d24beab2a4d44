"""What people type and send by mistake: a clear message in their language, nothing lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import founding
from tests.journeys.photos import heavy_photo, phone_photo
from tests.journeys.visitor import Visitor, Visits, as_file

STUDY = {"study_source": "จปฐ.", "study_year": "2568", "study_findings": "หนี้นอกระบบสูง"}
ANALYSIS = {"analysis_participants": "18", "problem_statement": "54 ครัวเรือน"}
ZERO_WIDTH, HOUSE = "\u200b", "\N{HOUSE WITH GARDEN}"
THAI = re.compile("[ก-๙]")


@pytest.fixture
def officer(visits: Visits, number: str) -> Visitor:
    """The officer of Wang Saphung at the first step of a new case."""
    officer = visits.of("ws-officer")
    officer.open_step(number)
    return officer


def test_either_era_is_understood_on_every_page(
    visits: Visits, officer: Visitor, number: str
) -> None:
    """A Buddhist year on an English page, a Common one on a Thai page."""
    english = visits.of("ws-officer", language="en")
    english.open_step(number)
    english.fill({**STUDY, "study_year": "2568"})
    english.tick_all()
    assert english.press("submit") == 200
    english.go(f"/cases/{number}/")
    assert "2025" in english.recorded()

    officer.open_step(number)
    officer.fill({**ANALYSIS, "analysed_on": "23/11/2025"})
    officer.press("submit")  # minutes are still missing: it stays a draft, as it was typed
    assert officer.value("analysed_on") == "23/11/2025"
    _finish_analysis(officer)
    officer.go(f"/cases/{number}/")
    assert "23 พฤศจิกายน 2568" in officer.recorded()


def test_a_year_of_two_digits_is_asked_back_and_answered_with_one_tap(officer: Visitor) -> None:
    officer.fill({**STUDY, "study_year": "๖๘"})
    officer.tick_all()

    assert officer.press("submit") == 422
    assert len(officer.errors()) == 1
    assert THAI.search(officer.errors()[0])
    assert officer.value("study_year") == "๖๘"
    readings = officer.page.locator("[name=study_year-meant]")
    assert readings.count() >= 2
    readings.first.check()

    assert officer.press("submit") == 200
    assert officer.heading == founding.title("analyse")


def test_what_makes_no_sense_is_named_and_stays(officer: Visitor) -> None:
    wrong = {
        f"จปฐ. {HOUSE}": "study_source",
        "ปีที่แล้ว": "study_year",
        "3999": "study_year",
    }
    officer.page.check("[name=tick-data-sheet]")
    for typed, name in wrong.items():
        officer.fill({**STUDY, name: typed})

        assert officer.press("submit") == 422

        assert len(officer.errors()) == 1
        assert THAI.search(officer.errors()[0].replace(typed, ""))
        for field, entry in {**STUDY, name: typed}.items():
            assert officer.value(field) == entry
        assert officer.page.locator(f"[name={name}]").get_attribute("aria-invalid") == "true"
        assert officer.page.locator("[name=tick-data-sheet]").is_checked()


def test_invisible_characters_vanish_from_a_name(officer: Visitor, number: str) -> None:
    officer.fill({**STUDY, "study_source": f"จป{ZERO_WIDTH}ฐ.\u00a0 และ\u2066 กชช."})
    officer.tick_all()
    assert officer.press("submit") == 200
    officer.go(f"/cases/{number}/")
    assert "จปฐ. และ กชช." in officer.recorded()


def test_files_that_cannot_be_kept_say_why(officer: Visitor, tmp_path: Path) -> None:
    """One after another, beside entries that nobody has saved yet."""
    officer.fill(STUDY)
    too_large = tmp_path / "video.jpg"
    with too_large.open("wb") as file:
        file.write(phone_photo())
        file.truncate(41 * 1024 * 1024)
    refused = [
        as_file("minutes.jpg", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"),
        as_file("minutes.pdf", phone_photo()),
        as_file("empty.jpg", b""),
        as_file("broken.jpg", phone_photo()[:400]),
        as_file("program.exe", b"MZ" + b"\0" * 200),
        too_large,
    ]
    for file in refused:
        officer.attach("data-sheet", file)
        told = officer.page.locator("#evidence-data-sheet .error:visible")
        expect(told).to_contain_text(file.name if isinstance(file, Path) else file["name"])
        assert THAI.search(told.inner_text())
        assert officer.evidence("data-sheet").count() == 0
    assert officer.value("study_findings") == STUDY["study_findings"]


def test_a_photo_of_30_megabytes_is_made_small(officer: Visitor, tmp_path: Path) -> None:
    photo = tmp_path / "IMG_9999.jpg"
    photo.write_bytes(heavy_photo(megabytes=30))
    assert 28e6 < photo.stat().st_size < 40e6
    officer.fill(STUDY)

    officer.attach("data-sheet", photo)

    kept = officer.evidence("data-sheet")
    kept.wait_for()
    assert "IMG_9999.jpg" in kept.inner_text()
    link = officer.url + (kept.locator("a").get_attribute("href") or "")
    assert len(officer.context.request.get(link).body()) < 6e6
    assert officer.value("study_findings") == STUDY["study_findings"]


def _finish_analysis(officer: Visitor) -> None:
    officer.tick_all()
    officer.attach("minutes", as_file("minutes.jpg", phone_photo()))
    officer.evidence("minutes").wait_for()
    assert officer.press("submit") == 200, officer.errors() + officer.blockers()
