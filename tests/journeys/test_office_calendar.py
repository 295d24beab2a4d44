"""A holiday announced late: seen before it counts, applied, named by the case (handbook 3.4)."""

import re
from datetime import date, timedelta

from cases.dates import format_date
from tests.journeys import founding
from tests.journeys.visitor import DESK, Visitor, Visits

WORKING_DAYS = 7  # of the first step of a founding
NAME = "วันหยุดราชการเพิ่มเป็นกรณีพิเศษ"
REASON = "มติคณะรัฐมนตรี"


def test_a_holiday_is_seen_then_applied_and_the_case_says_that_it_moved_the_day(
    visits: Visits,
) -> None:
    admin, officer = visits.of("admin", size=DESK), visits.of("officer")
    _open_calendar(admin)
    today, off = _today(admin), _days_off(admin)
    working = [day for day in _days_after(today) if day.weekday() < 5 and day not in off]
    free, before, after = working[0], working[WORKING_DAYS - 1], working[WORKING_DAYS]
    number = founding.open_case(officer, "TH420308")
    officer.go(f"/cases/{number}/")
    assert format_date(before, "th") in (officer.page.locator("main").text_content() or "")

    admin.follow(admin.main.locator("a[href*='/calendar/new/']"))
    admin.fill({"day": founding.buddhist(free), "name_th": NAME, "reason": REASON})
    admin.press("preview")
    assert int(admin.main.locator("#moved").inner_text()) >= 1
    row = admin.main.locator(".moves", has_text=number)
    assert format_date(before, "th", "short") in row.inner_text()
    assert format_date(after, "th", "short") in row.inner_text()
    admin.press("submit")
    assert admin.path == "/office/calendar/"
    assert free in _days_off(admin)
    holiday = admin.main.locator(".holidays a", has_text=NAME)
    assert holiday.count() == 1
    named = holiday.get_attribute("href") or ""

    officer.go(f"/cases/{number}/")
    officer.follow(officer.main.locator(".calling a[href*='/deadlines/']"))
    told = officer.main.locator(".account").inner_text()
    assert NAME in told
    assert REASON in told
    assert format_date(after, "th") in officer.main.locator(".pagehead").inner_text()
    assert officer.main.locator(".days .span-holiday").count() >= 1

    _remove(admin, named)
    assert free not in _days_off(admin)
    admin.go("/office/history/")
    story = admin.main.locator(".story").inner_text()
    assert story.count(NAME) == 2
    assert REASON in story
    officer.go(f"/cases/{number}/")
    assert format_date(before, "th") in (officer.page.locator("main").text_content() or "")


def _open_calendar(admin: Visitor) -> None:
    """By the menu, as one finds it."""
    admin.go("/work/")
    admin.follow(admin.page.locator(".topnav a[href='/office/']"))
    admin.follow(admin.main.locator("a[href='/office/calendar/']"))


def _remove(admin: Visitor, holiday: str) -> None:
    admin.go(holiday)
    admin.page.click("details:has([name=remove]) summary")
    admin.fill({"remove-reason": "ยกเลิกประกาศ"})
    admin.follow(admin.page.locator("[name=remove]"))
    assert admin.main.locator("#moved").count() == 1
    admin.follow(admin.page.locator("[name=remove].btn-primary"))


def _year(admin: Visitor) -> int:
    found = re.search(r"\d{4}", admin.heading)
    assert found
    return int(found[0]) - 543


def _days(admin: Visitor, css: str) -> set[date]:
    """The days of the open year that are marked so in the grids of the months."""
    year = _year(admin)
    return {
        date(year, month, int(day))
        for month in range(1, 13)
        for day in admin.page.locator(
            f"section[aria-labelledby=month-{month}] .days .{css}"
        ).all_inner_texts()
    }


def _today(admin: Visitor) -> date:
    (today,) = _days(admin, "day-today")
    return today


def _days_off(admin: Visitor) -> set[date]:
    """Of the open year and, looked at and left again, of the next one."""
    here = admin.page.url.removeprefix(admin.url)
    off = _days(admin, "day-off")
    admin.go(f"/office/calendar/?year={_year(admin) + 1}")
    off |= _days(admin, "day-off")
    admin.go(here)
    return off


def _days_after(today: date) -> list[date]:
    return [today + timedelta(days=number) for number in range(1, 60)]
