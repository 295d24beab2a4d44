"""Without a mouse: from signing in to a finished step (WCAG 2.1.1, 2.4.3, 2.4.7, 2.4.11)."""

from typing import Any

import pytest

from tests.journeys import founding
from tests.journeys.photos import phone_photo
from tests.journeys.visitor import DESK, PHONE, Visitor, Visits, as_file

STUDY = {"study_source": "จปฐ.", "study_year": "2568", "study_findings": "หนี้นอกระบบสูง"}

# What has the focus: its name, whether it shows it, whether something covers it. A row of a list
# and the button of an upload show the focus in the place of what has it.
FOCUS = """() => {
  const one = document.activeElement;
  const shows = (node, part) => {
    const style = node && getComputedStyle(node, part);
    return style && (style.outlineStyle !== "none" || style.boxShadow !== "none");
  };
  const upload = one.closest(".upload") && one.type === "file"
    ? one.closest(".upload").querySelector(".upload-pick") : null;
  const box = (upload || one).getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: one.name || one.className,
    shown: Boolean(upload ? shows(upload) : shows(one) || shows(one, "::after")),
    free: Boolean(top && (one.contains(top) || top.contains(one) || upload?.contains(top))),
  };
}"""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_step_is_done_with_the_keyboard_alone(
    visits: Visits, number: str, size: dict[str, int]
) -> None:
    officer = visits.of(size=size)
    officer.go("/")
    keys = officer.page.keyboard
    keys.type("ws-officer")  # the first field has the focus
    _tab(officer)
    keys.type("sajja")
    _enter(officer)
    assert officer.path == "/work/"

    assert _tab(officer)["name"] == "skip"
    keys.press("Enter")
    row = officer.row(number).locator("a.row-link")
    while not row.evaluate("link => link === document.activeElement"):
        _tab(officer)
    _enter(officer)
    assert officer.heading == founding.title("study")

    _tab_to(officer, "study_source")
    order = []
    for name, typed in STUDY.items():
        assert _focused(officer)["name"] == name
        keys.type(typed)
        _tab(officer)
    while (focused := _focused(officer)["name"]) != "submit":
        order.append(focused)
        if focused.startswith("tick-"):
            keys.press("Space")
        _tab(officer)
    checks = ("data-sheet", "way-of-life")
    assert order == [f"{part}-{code}" for code in checks for part in ("tick", "file")] + ["save"]
    _enter(officer)
    assert officer.heading == founding.title("analyse")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_enter_in_a_field_saves_and_takes_no_evidence_away(
    visits: Visits, number: str, script: bool
) -> None:
    officer = visits.of("ws-officer", java_script_enabled=script)
    officer.open_step(number)
    officer.page.set_input_files("#id_file-data-sheet", as_file("IMG.jpg", phone_photo()))
    if not script:
        officer.follow(officer.page.locator("button[name=upload][value=data-sheet]"))
    officer.evidence("data-sheet").wait_for()

    officer.fill({"study_source": "จปฐ."})
    officer.page.focus("[name=study_source]")
    _enter(officer)

    assert officer.heading == founding.title("study")
    assert officer.value("study_source") == "จปฐ."
    assert officer.evidence("data-sheet").count() == 1


def test_the_focus_lands_on_what_is_wrong(visits: Visits, number: str) -> None:
    officer = visits.of("ws-officer")
    officer.open_step(number)
    assert officer.press("submit") == 422
    assert len(officer.errors()) == 3  # all that is missing is told at once: fields, and below
    assert len(officer.blockers()) == 2  # the checklist

    summary = officer.page.locator("[data-error-summary]")
    assert summary.evaluate("summary => summary === document.activeElement")
    _tab(officer)
    officer.page.keyboard.press("Enter")  # the summary's first link leads to the field
    officer.page.wait_for_function("document.activeElement.name === 'study_source'")


def _tab(visitor: Visitor) -> Any:
    """One press of Tab; what has the focus then, which everybody can see."""
    visitor.page.keyboard.press("Tab")
    focused = _focused(visitor)
    assert focused["shown"], focused
    assert focused["free"], focused
    return focused


def _tab_to(visitor: Visitor, name: str) -> None:
    for _ in range(40):
        if _tab(visitor)["name"] == name:
            return
    raise AssertionError(f"no way to {name} by Tab")


def _focused(visitor: Visitor) -> Any:
    return visitor.page.evaluate(FOCUS)


def _enter(visitor: Visitor) -> None:
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
