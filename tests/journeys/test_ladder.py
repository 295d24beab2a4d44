"""A ladder is changed after its dry run; the history shows it; it is given up (handbook 4.3)."""

from tests.journeys.visitor import DESK, Visitor, Visits

LADDER = "/office/ladders/TH4203/default/"
REASON = "ผู้ว่าราชการจังหวัดขอให้ทราบเรื่องที่ช้าเกิน 20 วัน"
BACK = "กลับไปใช้ตามเดิม"


def test_a_ladder_is_tried_then_changed_and_the_history_shows_it(visits: Visits) -> None:
    admin = visits.of("admin", size=DESK)
    admin.go("/office/settings/?area=TH4203")
    admin.follow(admin.main.locator("section[aria-labelledby=ladders] a"))
    admin.follow(admin.main.locator(f"a[href='{LADDER}']"))
    rungs = _rungs(admin)
    assert not admin.page.locator("[name=submit]").count()

    number = _add_rung(admin)
    _fill_rung(admin, number, days="20", tell="ROLE", role="GOVERNOR", template="escalated")
    assert admin.press("dry_run") == 200
    totals = _totals(admin)
    assert min(totals.values()) > 0
    assert len(_rungs(admin)) == len(rungs), "nothing counts yet"

    admin.fill({"reason": REASON})
    admin.press("submit")
    assert admin.path == "/office/ladders/"
    admin.go(LADDER)
    assert _rungs(admin)[:-1] == rungs
    assert REASON in admin.page.locator("section[aria-labelledby=history]").inner_text()
    _give_up(admin)
    admin.go(LADDER)
    assert _rungs(admin) == rungs
    admin.go("/office/history/?kind=LADDER_CHANGED")
    story = admin.main.locator(".story").inner_text()
    assert REASON in story
    assert BACK in story


def test_rungs_come_and_go_without_script(visits: Visits) -> None:
    admin = visits.of("admin", java_script_enabled=False)
    admin.go(LADDER)
    many = admin.page.locator("details.rung").count()
    number = _add_rung(admin)
    _fill_rung(admin, number, days="15", tell="ROLE", template="escalated")
    assert admin.press("dry_run") == 422
    assert admin.errors()
    assert admin.value(f"rungs-{number}-days") == "15"
    admin.follow(admin.page.locator(f"[name=remove][value='{number}']"))
    assert admin.page.locator("details.rung").count() == many
    assert admin.press("dry_run") == 200


def _add_rung(admin: Visitor) -> int:
    """The number of the new rung, which is open to be filled in."""
    admin.follow(admin.page.locator("#add-rung"))
    number = admin.page.locator("details.rung").count() - 1
    assert admin.page.locator(f"[name='rungs-{number}-days']").is_visible()
    return number


def _fill_rung(admin: Visitor, number: int, **entries: str) -> None:
    """What the receiver does not need shows up with the choice only."""
    entries = {"when": "AFTER", **entries}
    assert not admin.page.locator(f"[name='rungs-{number}-role']").is_visible()
    admin.fill({f"rungs-{number}-{name}": value for name, value in entries.items()})
    assert admin.page.locator(f"[name='rungs-{number}-role']").is_visible()


def _rungs(admin: Visitor) -> list[str]:
    """What counts now, in words."""
    return admin.page.locator("section[aria-labelledby=current] li").all_inner_texts()


def _totals(admin: Visitor) -> dict[str, int]:
    """The sums of the dry run's table of people, which name who is told how often."""
    rows = admin.page.locator("section[aria-labelledby=dry-run] table").first.locator("tbody tr")
    cells = [row.locator("td").all_inner_texts() for row in rows.all()]
    return {
        "now": sum(int(row[0]) for row in cells),
        "then": sum(int(row[1]) for row in cells),
    }


def _give_up(admin: Visitor) -> None:
    admin.page.click("#above summary")
    admin.follow(admin.page.locator("[name=try_above]"))
    admin.fill({"above-reason": BACK})
    admin.follow(admin.page.locator("[name=as_above]"))
    assert admin.path == "/office/ladders/"
