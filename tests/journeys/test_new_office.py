"""An office from empty: its people by a file, a group, and three months of it (handbook 5.1, 5.2).

The clock is moved by months, so that this journey has a demonstration of its own.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.periods import first_month, months_later
from tests.cast import STAGE_1, STAGE_2
from tests.journeys import founding, month
from tests.journeys.conftest import started_demonstration
from tests.journeys.invitation import PASSWORD, letter_link, set_password
from tests.journeys.visitor import DESK, Demonstration, Visitor, Visits, as_file

DISTRICT, TAMBON = "TH4213", "TH421302"  # Erawan, where the demonstration has nobody
OFFICER, CHIEF = "malee@erawan.example", "decha@erawan.example"
STAFF = [
    ["ชื่อ-สกุล", "ที่อยู่อีเมล", "บทบาท", "พื้นที่รับผิดชอบ", "ดำรงตำแหน่งตั้งแต่", "ส่งคำเชิญทางอีเมล"],
    ["มาลี สมมุติดี", OFFICER, "พัฒนากร", "421301", "1 ต.ค. 2568", "ใช่"],
    ["มาลี สมมุติดี", OFFICER, "พัฒนากร", "๔๒๑๓๐๒", "1 ต.ค. 2568", "ใช่"],
    ["เดชา ทดลองงาน", CHIEF, "พัฒนาการอำเภอ", "เลย > เอราวัณ", "๑/๑๐/๒๕๖๘", "ใช่"],
    ["ปรีชา หลงแถว", "preecha@erawan.example", "พัฒนากร", "421399", "1/10/2568", "ใช่"],
]
NO_SUCH_PLACE = "421399"
DEPOSIT_DAY = 5  # what founding.typed() writes into the rules
REASON = "ยอดลูกหนี้เงินกู้ไม่ตรงกับทะเบียนคุม"
DEFECT = "ยอดเงินกู้คงเหลือต่างจากทะเบียน 1,000 บาท"


@pytest.fixture(scope="module")
def demonstration(chromium: str) -> Iterator[Demonstration]:
    """Not the one that the other journeys share: theirs keeps its day."""
    with started_demonstration() as started:
        yield started


@pytest.fixture(scope="module")
def _signed_in() -> dict[str, Any]:
    """Cookies of this demonstration."""
    return {}


@pytest.mark.long
def test_an_office_is_set_up_from_empty_and_follows_its_first_group(visits: Visits) -> None:
    admin, anybody, today = visits.of("admin", size=DESK), visits.of(), timezone.localdate()
    import_staff(admin)
    officer = come_in(visits.of(), OFFICER)
    chief = come_in(visits.of(size=DESK), CHIEF)

    group = found_group(officer, chief, today)
    first = first_month(today, DEPOSIT_DAY)
    second, third = months_later(first, 1), months_later(first, 2)

    today = move_clock(anybody, today, to=first.replace(day=12))
    number = open_month(officer, group)
    month.report(officer, number, today, 0)
    month.accept(chief, number)

    today = move_clock(anybody, today, to=second.replace(day=19))
    number = open_month(officer, group)
    assert letters(anybody, CHIEF, number) == 0
    today = move_clock(anybody, today, to=second.replace(day=20))
    assert letters(anybody, CHIEF, number) == 1
    today = move_clock(anybody, today, to=second.replace(day=26))
    assert standings(officer, group) == ["accepted", "late"]
    month.report(officer, number, today, 1)
    month.accept(chief, number)

    today = move_clock(anybody, today, to=third.replace(day=12))
    number = open_month(officer, group)
    month.report(officer, number, today, 2, loans_outstanding="1000")
    month.give_back(chief, number, REASON, DEFECT)
    assert standings(officer, group) == ["accepted", "accepted", "returned"]
    month.mend(officer, number, REASON, loans_outstanding="0")
    month.accept(chief, number)

    tells_of_three_months(officer, group)


def import_staff(admin: Visitor) -> None:
    """Send the file; see the one bad line, import the good ones."""
    admin.go("/office/imports/")
    admin.follow(admin.main.locator("a.row-link[href='/office/imports/staff/']"))
    table = io.StringIO()
    csv.writer(table).writerows(STAFF)
    admin.page.set_input_files("#id_file", as_file("พนักงาน.csv", table.getvalue().encode()))
    admin.follow(admin.main.locator("form button"))
    counted(admin, "CHECKED")
    refused = admin.main.locator("section[aria-labelledby=refused-lines]")
    assert refused.locator(".rows > li").count() == 1
    assert NO_SUCH_PLACE in refused.locator(".cell-faults .typed").inner_text()
    admin.follow(admin.page.locator("button[name=import]"))
    counted(admin, "DONE")


def counted(admin: Visitor, status: str) -> None:
    """The file has come so far: three lines are good, one is not."""
    admin.page.locator(f"#run[data-status={status}]").wait_for(timeout=60_000)
    assert admin.page.locator("#added").inner_text() == "3"
    assert admin.page.locator("#refused").inner_text() == "1"


def come_in(person: Visitor, email: str) -> Visitor:
    """From the letter of invitation to the work list."""
    person.go(letter_link(person, email))
    set_password(person, PASSWORD)
    assert person.path == "/accounts/login/"
    person.sign_in(email, PASSWORD)
    assert person.path == "/work/"
    return person


def found_group(officer: Visitor, chief: Visitor, today: date) -> str:
    """From a village of the new district to a founded group; the address of its page."""
    number = founding.open_case(officer, TAMBON)
    village = officer.heading
    officer.open_step(number)
    founding.do_steps(officer, STAGE_1, today)
    founding.approve(chief, number, "verify_preparation")
    officer.open_work(number)
    founding.do_steps(officer, STAGE_2, today)
    founding.approve(chief, number, "verify_founding")

    officer.go(f"/areas/{TAMBON}/")
    officer.follow(officer.page.get_by_role("link", name=village, exact=True))
    entry = officer.page.locator("#register-SAVINGS_GROUP a").filter(has_text=founding.GROUP)
    officer.follow(entry)
    assert re.fullmatch(r"/groups/\d+/", officer.path)
    assert officer.page.locator("#register-number").inner_text().startswith("SG-4213-")
    assert not officer.page.locator(".months").count()
    return officer.path


def move_clock(visitor: Visitor, today: date, to: date) -> date:
    """Live through the days up to `to`, ten at a time; returns the day that it then is."""
    while today < to:
        days = min(10, (to - today).days)
        visitor.go("/demo/clock/")
        visitor.page.fill("#id_days", str(days))
        with visitor.page.expect_navigation(timeout=120_000):
            visitor.page.locator("form:has(#id_days) button").click()
        today += timedelta(days=days)
    assert str(to.day) in re.findall(r"\d+", visitor.page.locator(".clockface").inner_text())
    return to


def open_month(officer: Visitor, group: str) -> str:
    """The number of the case of the group's latest month, which its page leads to."""
    officer.go(group)
    officer.follow(officer.page.locator(".months .month a").last)
    return officer.path.split("/")[2]


def standings(visitor: Visitor, group: str) -> list[str]:
    """How each month stands on the group's page, oldest first, by its mark."""
    visitor.go(group)
    classes = visitor.page.locator(".months .month").evaluate_all(
        "months => months.map(month => month.className)"
    )
    return [each.rpartition("month-")[2] for each in classes]


def letters(visitor: Visitor, to: str, number: str) -> int:
    """How many letters about a case, alone or with others, the mailbox lists for a receiver."""
    visitor.go(f"/demo/mail/?to={to}&about={number}")
    return visitor.page.locator("a.row-link").count()


def tells_of_three_months(officer: Visitor, group: str) -> None:
    """Three accepted months, two of them in time; savings grow by what was paid in."""
    assert standings(officer, group) == ["accepted"] * 3
    rows = officer.page.locator("table.figures tbody tr")
    cells = [row.locator("td").all_inner_texts() for row in rows.all()]
    savings = [f"{month.savings(number):,}" for number in (2, 1, 0)]
    assert cells == [[each, "0", str(month.MEMBERS), "0"] for each in savings]
    shares = officer.page.locator(".kpis dd").all_inner_texts()
    assert [re.findall(r"\d+", share) for share in shares[:3]] == [
        ["67", "2", "3"],  # in time
        ["100", "3", "3"],  # deposit days attended
        ["100", "3", "3"],  # months audited
    ]
    charts = officer.page.locator("figure.chart svg[role=img]")
    assert charts.count() == 2
    assert charts.first.locator("circle.dot-1").count() == 3
    summary = charts.first.get_attribute("aria-label") or ""
    assert savings[-1] in summary
    assert savings[0] in summary
