"""A step is late: reminders, then a letter to the chief with a link to the case (handbook 4.3)."""

from tests.journeys import founding
from tests.journeys.visitor import DESK, Visitor, Visits

# The first step is due after 7 working days and its officer's chief hears 3 working days later;
# so many days hold them even around Songkran and New Year.
DAYS = 25


def test_the_chief_is_written_to_and_opens_the_case_from_the_letter(visits: Visits) -> None:
    officer, chief, anybody = visits.of("officer"), visits.of("cdchief", size=DESK), visits.of()
    number = founding.open_case(officer, "TH420308")
    assert _letters(anybody, "cdchief@loei.example", number) == 0

    anybody.go("/demo/clock/")
    today = anybody.page.locator(".clockface").inner_text()
    anybody.page.fill("#id_days", str(DAYS))
    anybody.follow(anybody.page.locator("form:has(#id_days) button"))
    assert anybody.page.locator(".clockface").inner_text() != today

    assert _letters(anybody, "officer@loei.example", number) >= 2  # before and on the day
    assert _letters(chief, "cdchief@loei.example", number) >= 1
    chief.follow(chief.page.locator("a.row-link").first)
    assert founding.title("study") in chief.page.locator(".letter").inner_text()

    chief.follow(chief.page.locator(f".letter a[href*='{number}']").first)
    assert number in chief.page.locator("main").inner_text()
    officer.go("/work/?tab=overdue")
    assert officer.row(number).locator(".tag-late").count() == 1


def _letters(visitor: Visitor, to: str, number: str) -> int:
    """How many letters about a case, alone or with others, the mailbox lists for a receiver."""
    visitor.go(f"/demo/mail/?to={to}&about={number}")
    return visitor.page.locator("a.row-link").count()
