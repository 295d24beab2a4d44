"""A new colleague: invited by e-mail, a password, the work list; later the account is closed."""

import re

from tests.journeys.invitation import PASSWORD, letter_link, set_password
from tests.journeys.visitor import DESK, Visitor, Visits

COLLEAGUE = {"name": "สมหญิง ตั้งใจดี", "email": "somying@loei.example", "phone": "๐๘๑ ๒๓๔ ๕๖๗๘"}
PLACE = (("province", "TH42"), ("district", "TH4209"), ("subdistrict", "TH420903"))


def test_a_colleague_comes_and_goes(visits: Visits) -> None:
    admin, colleague = visits.of("admin", size=DESK), visits.of()
    add_colleague(admin)
    person = admin.path

    colleague.go(letter_link(colleague, COLLEAGUE["email"]))
    assert colleague.path == "/accounts/set-password/"
    set_password(colleague, "12345678")
    assert colleague.errors(), "a password of digits is refused"
    set_password(colleague, PASSWORD)
    assert colleague.path == "/accounts/login/"
    colleague.sign_in("somying", PASSWORD)
    assert colleague.path == "/work/"
    colleague.go("/accounts/me/")
    assert colleague.value("phone") == "0812345678"
    assert colleague.main.locator("section[aria-labelledby=posts] li").count() == 1

    close_account(admin, person)
    colleague.follow(colleague.page.locator(".bottombar a").first)
    assert colleague.path == "/accounts/login/"
    colleague.sign_in("somying", PASSWORD)
    assert colleague.errors()


def test_a_colleague_is_added_without_script(visits: Visits) -> None:
    admin = visits.of("admin", java_script_enabled=False)
    admin.go("/office/people/new/")
    admin.fill({"name": "คนไม่มีสคริปต์", "email": "noscript@loei.example"})
    for name, code in PLACE:
        admin.fill({name: code})
        admin.follow(admin.page.locator("button[name=place]"))
    assert admin.value("email") == "noscript@loei.example"
    admin.fill({"role": "FIELD_OFFICER"})
    assert admin.press("submit") == 200
    assert re.fullmatch(r"/office/people/\d+/", admin.path)


def add_colleague(admin: Visitor) -> None:
    """From the office's front page to the new person's own."""
    admin.go("/work/")
    admin.follow(admin.page.locator(".topnav a[href='/office/']"))
    admin.follow(admin.page.locator("a.row-link[href='/office/people/']"))
    admin.follow(admin.page.locator("a[href='/office/people/new/']"))
    admin.fill(COLLEAGUE)
    for name, code in PLACE:
        with admin.page.expect_response(lambda answer: answer.request.method == "POST"):
            admin.page.select_option(f"#id_{name}", code)
        admin.page.locator(f"#id_{name} option[value='{code}'][selected]").wait_for(
            state="attached"
        )
    assert admin.value("name") == COLLEAGUE["name"], "choosing a place loses nothing"
    admin.fill({"role": "FIELD_OFFICER"})
    assert admin.press("submit") == 200
    assert admin.heading == COLLEAGUE["name"]


def close_account(admin: Visitor, person: str) -> None:
    admin.go(person)
    admin.follow(admin.page.locator("a[href$='/close/']"))
    admin.follow(admin.main.locator("form button"))
    assert admin.path == person
