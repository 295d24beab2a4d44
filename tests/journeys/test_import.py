"""An administrator sends a table with two bad cells, imports the rest, mends and sends again."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases.sheets import saved
from tests.journeys.visitor import DESK, PHONE, Visitor, Visits, as_file

# The template's columns, of which these are filled in.
FIELDS = (
    *("name", "username", "email", "phone", "language"),
    *("role", "area", "starts_on", "ends_on", "invite"),
)
NAMES = ("name", "username", "phone", "role", "area", "starts_on")
PEOPLE = [
    ("นางสาวแก้ว ตัวอย่าง", "kaeo", "081 234 5678", "พัฒนากร", "420301", "1 ต.ค. 2568"),
    ("นายสมชาย ตัวอย่าง", "somchai", "12", "พัฒนากร", "420302", "๑/๑๐/๒๕๖๘"),
    ("นางดี ตัวอย่าง", "di", "", "เทวดา", "420303", "1/10/2025"),
]


def fetched(visitor: Visitor, selector: str) -> Any:
    """The Excel file behind a link of the page."""
    path = visitor.page.locator(selector).first.get_attribute("href")
    return load_workbook(BytesIO(visitor.context.request.get(visitor.url + str(path)).body()))


def counts(visitor: Visitor, status: str) -> list[str]:
    """New, changed, unchanged and refused lines, once the file has come to `status`."""
    visitor.page.locator(f"#run[data-status={status}]").wait_for(timeout=60_000)
    return visitor.page.locator(".tally dd").all_inner_texts()


def send(visitor: Visitor, name: str, book: Any) -> None:
    visitor.page.set_input_files("#id_file", as_file(name, saved(book)))
    visitor.follow(visitor.main.locator("form[enctype] button"))


@pytest.mark.parametrize(("size", "script"), [(DESK, True), (PHONE, False)])
def test_bad_cells_are_seen_mended_and_sent_again(visits: Visits, size: Any, script: bool) -> None:
    admin = visits.of("admin", size=size, java_script_enabled=script)
    admin.go("/office/imports/staff/")
    book = fetched(admin, "a[href$='template/xlsx/']")
    sheet = book.worksheets[0]
    sheet.delete_rows(2)  # the example
    places = [FIELDS.index(name) for name in NAMES]
    for number, person in enumerate(PEOPLE, 2):
        for place, value in zip(places, person, strict=True):
            login = f"{value}-{'js' if script else 'plain'}" if value == person[1] else value
            sheet.cell(number, place + 1, login)

    send(admin, "เจ้าหน้าที่.xlsx", book)
    assert counts(admin, "CHECKED") == ["1", "0", "0", "2"]
    assert admin.page.locator(".cell-faults b").all_inner_texts() == ["D3", "F4"]
    assert admin.page.locator(".cell-faults .typed").all_inner_texts() == ["12", "เทวดา"]

    admin.follow(admin.page.locator("button[name=import]"))
    assert counts(admin, "DONE") == ["1", "0", "0", "2"]

    report = fetched(admin, "a[href$='report/xlsx/']")
    report.active["D2"], report.active["F3"] = "0812345679", "พัฒนากร"
    admin.go("/office/imports/staff/")
    send(admin, "แก้แล้ว.xlsx", report)
    assert counts(admin, "CHECKED") == ["2", "0", "0", "0"]
    admin.follow(admin.page.locator("button[name=import]"))
    assert counts(admin, "DONE") == ["2", "0", "0", "0"]
