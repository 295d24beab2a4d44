"""Every kind of page by axe-core (WCAG 2.2 AA), in three languages, on a phone and a desk."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.journeys import founding
from tests.journeys.visitor import DESK, PHONE, Visitor, Visits

AXE = Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (tags) => {
  const found = await axe.run({
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false,
  });
  return found.violations.map((violation) =>
    `${violation.id}: ${violation.nodes.map((node) => node.target + " " + node.failureSummary)}`);
}"""

Act = Callable[[Visitor], object]


@pytest.mark.parametrize(
    ("language", "size"),
    [("th", PHONE), ("lo", PHONE), ("en", PHONE), ("th", DESK)],
    ids=["th-phone", "lo-phone", "en-phone", "th-desk"],
)
def test_no_page_has_a_barrier(
    visits: Visits, cases: dict[str, Any], language: str, size: dict[str, int]
) -> None:
    faults = []
    for who, pages in _pages(cases).items():
        visitor = visits.of(who, language=language, size=size)
        visitor.context.add_init_script(path=AXE)
        for name, open_page in pages.items():
            open_page(visitor)
            faults += [f"{who} {name}: {fault}" for fault in _faults(visitor, language)]
    assert faults == []


def _pages(cases: dict[str, Any]) -> dict[str, dict[str, Act]]:
    """Every kind of page, by who looks at it, and how it comes about."""
    return {
        "": {
            "sign in": _at("/accounts/login/"),
            "sign in, to go on": _at("/accounts/login/?next=/cases/"),
            "wrong password": lambda v: (v.go("/accounts/login/"), v.sign_in("officer", "no")),
            "clock": _at("/demo/clock/"),
            "mailbox": _at("/demo/mail/"),
            "letter": _through("/demo/mail/", "a.row-link"),
            "lost form": _lost_form,
            "password forgotten": _at("/accounts/forgotten/"),
            "link that works no more": _at("/accounts/set-password/?link=1.x"),
        },
        "officer": {
            "work": _at("/work/"),
            "no work": _at("/work/?tab=unclaimed"),
            "new case": _at("/cases/new/"),
            "new case, village chosen": _new_case,
            "step": _through("/work/", "a.row-link"),
            "step refused": lambda v: v.press("submit"),
            "step returned": lambda v: v.open_step(cases["returned"]),
            "step returned, refused": lambda v: v.press("submit"),
            "menu": lambda v: (v.go("/work/"), v.page.locator(".menu summary").last.click()),
            "not theirs": lambda v: _claim(v, cases["gate"]),
            "not found": _at("/cases/SGF-42-1999-9999/"),
        },
        "officer-lo": {  # whose case stands at the enrolment of members
            "table of lines": lambda v: v.open_step(cases["enrol"]),
            "table of lines, pasted": lambda v: founding.paste_members(v, timezone.localdate()),
            "table of lines, refused": _refused_lines,
        },
        "cdchief": {
            "cases": _at("/cases/?show=all"),
            "no case found": _at("/cases/?q=zzz"),
            "case founded": _at(f"/cases/{cases['founded']}/"),
            "case resting": _at(f"/cases/{cases['resting']}/"),
            "case at the gate": _at(f"/cases/{cases['gate']}/"),
            "decision": lambda v: v.open_step(cases["gate"]),
            "decision refused": _refused_decision,
            "decision on a founding": lambda v: v.open_step(cases["verify"]),
            "end": _through(f"/cases/{cases['gate']}/", "a[href*='/end/']"),
            "step done": _through(f"/cases/{cases['gate']}/", ".tasks a"),
            "only takes forms": _at("/accounts/logout/"),
            "office settings": _at("/office/settings/"),
            "office days": _at("/office/settings/TH4203/due.SGF.study/"),
            "office days refused": _refused_days,
            "bell": _at("/bell/"),
            "ways to hear": _at("/accounts/notifications/"),
            "district": _at("/areas/TH4203/"),
            "village": _at("/areas/TH42030801/"),
        },
        "admin": {
            "office calendar": _at("/office/calendar/?area=TH4203"),
            "holiday": _through("/office/calendar/?area=TH4203", ".holidays a"),
            "holiday, to change": lambda v: v.page.click("details:has([name=open]) summary"),
            "new holiday": _at("/office/calendar/new/"),
            "new holiday, refused": lambda v: v.press("preview"),
            "who is told": _at("/office/settings/TH4203/told.DISTRICT_CHIEF/"),
            "letterhead": _at("/office/settings/TH4203/letterhead/"),
            "office history": _at("/office/history/"),
            "ladders": _at("/office/ladders/?area=TH4203"),
            "ladder, dry run": _tried_ladder,
            "ladder, refused": _refused_rung,
            "office": _at("/office/"),
            "staff": _at("/office/people/"),
            "nobody found": _at("/office/people/?q=zzz"),
            "somebody": _through("/office/people/?q=ws-officer", "a.row-link"),
            "post to give": lambda v: v.go(f"{v.path}posts/new/"),
            "post to end": lambda v: _end_post(v, "/office/people/?q=ws-officer"),
            "account to close": lambda v: v.go(f"{v.path.partition('posts')[0]}close/"),
            "new person": _at("/office/people/new/"),
            "new person, refused": lambda v: v.press("submit"),
            "own account": _at("/accounts/me/"),
            "own password": _at("/accounts/password/"),
            "own password, refused": lambda v: v.follow(v.main.locator("form button")),
        },
    }


def _at(path: str) -> Act:
    return lambda visitor: visitor.go(path)


def _through(path: str, link: str) -> Act:
    """The page behind the first such link of another page."""

    def open_page(visitor: Visitor) -> None:
        visitor.go(path)
        href = visitor.main.locator(link).first.get_attribute("href") or ""
        visitor.go(href.removeprefix(visitor.url))

    return open_page


def _new_case(visitor: Visitor) -> None:
    visitor.go("/cases/new/?tambon=TH420302")
    village = visitor.page.locator("#id_village option").last.get_attribute("value")
    visitor.go(f"/cases/new/?tambon=TH420302&village={village}")


def _end_post(visitor: Visitor, path: str) -> None:
    _through(path, "a.row-link")(visitor)
    _through(visitor.path, "a[href$='/end/']")(visitor)


def _refused_lines(visitor: Visitor) -> None:
    lines = visitor.page.locator("[data-line]")
    if lines.first.locator(".line-open").is_visible():
        lines.first.locator(".line-open").click()
    visitor.page.fill("[name='rows-0-phone']", "12")
    assert visitor.press("submit") == 422


def _refused_decision(visitor: Visitor) -> None:
    visitor.fill({"outcome": "RETURNED"})
    assert visitor.press("submit") == 422


def _refused_days(visitor: Visitor) -> None:
    visitor.go("/office/settings/TH4203/due.SGF.study/")
    visitor.fill({"number": "1000", "reason": ""})
    assert visitor.press("submit") == 422


def _tried_ladder(visitor: Visitor) -> None:
    visitor.go("/office/ladders/TH4203/default/")
    visitor.press("dry_run")
    for fold in visitor.main.locator("details:not(.rung) > summary").all():
        fold.click()


def _refused_rung(visitor: Visitor) -> None:
    visitor.page.locator("details.rung summary").first.click()
    visitor.fill({"rungs-0-days": "0"})
    assert visitor.press("dry_run") == 422


def _claim(visitor: Visitor, number: str) -> None:
    """Send what a page offers to others only."""
    visitor.go(f"/cases/{number}/")
    step = visitor.page.locator(".calling a.btn").get_attribute("href")
    with visitor.page.expect_navigation() as answer:
        visitor.page.evaluate(
            "url => Object.assign(document.querySelector('form'), { action: url }).submit()",
            f"{step}claim/",
        )
    assert answer.value.status == 403


def _lost_form(visitor: Visitor) -> None:
    """A form whose page had been open for too long, in another window."""
    visitor.go("/accounts/login/")
    visitor.context.clear_cookies(name="csrftoken")
    visitor.sign_in("officer")


def _faults(visitor: Visitor, language: str) -> Iterator[str]:
    """What axe finds, and what it does not look at: language, headings, width."""
    page = visitor.page
    if page.locator("html").get_attribute("lang") != language:
        yield "another language"
    if page.locator("h1").count() != 1:
        yield "not one main heading"
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > page.viewport_size["width"]:  # type: ignore[index]
        yield f"{width} pixels wide"
    size = page.viewport_size
    page.set_viewport_size({**size, "height": page.evaluate("document.body.scrollHeight")})
    yield from page.evaluate(RUN_AXE, TAGS)
    page.set_viewport_size(size)
