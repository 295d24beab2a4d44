"""The founding of a savings group as an officer of the field types it (handbook 5.1)."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from cases.months import SHORT_MONTHS
from project.demo import members
from tests.journeys.photos import phone_photo
from tests.journeys.visitor import Visitor, as_file

CONTENT = Path(settings.BASE_DIR) / "workflows/procedures/savings_group/content.yaml"
STEPS: dict[str, Any] = yaml.safe_load(CONTENT.read_text())["steps"]

_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
OPENING = {"trigger": "INFORMAL_DEBT", "trigger_note": "ผู้ใหญ่บ้านขอมา"}
GROUP = "กลุ่มออมทรัพย์เพื่อการผลิตบ้านตัวอย่าง"


def thai(text: object) -> str:
    """Digits as a Thai keyboard has them."""
    return str(text).translate(_THAI_DIGITS)


def buddhist(day: date) -> str:
    """A day in numbers of the Buddhist Era: 23/11/2569."""
    return f"{day.day:02}/{day.month:02}/{day.year + 543}"


def in_words(day: date) -> str:
    """A day with the month's short name: 23 พ.ย. 2569."""
    return f"{day.day} {SHORT_MONTHS['th'][day.month - 1]} {day.year + 543}"


def typed(today: date) -> dict[str, dict[str, str]]:
    """What the officer types and chooses, step by step; dates in every way that people write."""
    later = today + timedelta(days=365)
    return {
        "study": {
            "study_source": "จปฐ. และ กชช.2ค",
            "study_year": thai(today.year + 542),
            "study_findings": "๘๔ ครัวเรือน ออมประจำ 21 ครัวเรือน\nหนี้นอกระบบสูง",
        },
        "analyse": {
            "analysed_on": thai(buddhist(today)),
            "analysis_participants": thai(18),
            "problem_statement": "54 ครัวเรือนมีหนี้นอกระบบ เฉลี่ย 12,000 บาท",
        },
        "present": {
            "presented_on": in_words(today),
            "presented_to": "ผู้ใหญ่บ้าน ประธานกลุ่มอาชีพ",
            "reaction": "สนใจ ขอดูกลุ่มที่สำเร็จ",
        },
        "ask_leaders": {"leaders_agreed": "True"},
        "train": {
            "training_kind": "STUDY_VISIT",
            "trained_on": today.strftime("%d%m") + str(today.year + 543),
            "training_place": "ศูนย์เรียนรู้บ้านน้ำพร",
            "training_participants": "15",
            "training_lessons": "คุณธรรม 5 ประการ",
        },
        "gather": {"interested_count": thai(34)},
        "meet": {
            "meeting_on": thai(buddhist(today)),
            "meeting_place": "ศาลาประชาคม",
            "meeting_attendance": "41",
        },
        "vote": {"votes_for": "38", "votes_against": "1", "votes_abstained": "2"},
        "enrol": {"enrolled_on": today.isoformat()},
        "elect": {"elected_on": buddhist(today), "committee_term_months": "24"},
        "draft_rules": {
            "group_name": GROUP,
            "deposit_day": thai(5),
            "minimum_deposit": "30",
            "interest_rate": "1",
            "interest_period": "MONTH",
            "only_members_deposit": "True",
            "only_members_borrow": "True",
        },
        "prepare_papers": {},
        "set_targets": {
            "target_members": "60",
            "target_savings": thai("120,000"),
            "target_on": in_words(later),
        },
        "report": {"memo_number": "ลย 0019.3/124", "memo_on": thai(buddhist(today))},
    }


def title(step: str, language: str = "th") -> str:
    """The step's heading on its page."""
    text: str = STEPS[step]["title"][language]
    return text


def paste_members(visitor: Visitor, today: date) -> None:
    """The members from a spreadsheet, with a running number, days in Thai and Thai digits."""
    visitor.page.locator(".paste summary").click()
    lines = [
        [
            str(number),
            each["name"],
            "สามัญ",
            buddhist(each["born_on"]),
            each["house_number"],
            each["occupation"],
            each["phone"],
            thai(each["monthly_pledge"]),
            each["consent_by"],
        ]
        for number, each in enumerate(people(today), 1)
    ]
    visitor.page.fill("#id_rows-pasted", "\n".join("\t".join(line) for line in lines))
    visitor.follow(visitor.page.locator("button[name=paste]"))


def elect(visitor: Visitor, today: date) -> None:
    """A name beside each seat that stands ready; on a phone each line is unfolded first."""
    for number, person in enumerate(people(today)[:12]):
        name = visitor.page.locator(f"[name='rows-{number}-name']")
        if not name.is_visible():
            visitor.page.locator("[data-line]").nth(number).locator(".line-open").click()
        name.fill(person["name"])


def people(today: date) -> list[dict[str, Any]]:
    """Who joins the group, a few minors among them."""
    return members.members("journey", 36, today)


def fill_in(visitor: Visitor, step: str, today: date) -> None:
    """Everything that the open step's page asks for: entries, lines, ticks, evidence."""
    visitor.fill(typed(today)[step])
    if step == "enrol":
        paste_members(visitor, today)
    elif step == "elect":
        elect(visitor, today)
    visitor.tick_all()
    for number, item in enumerate(STEPS[step].get("checklist", [])):
        if item.get("evidence"):
            visitor.attach(item["code"], as_file("IMG.jpg", phone_photo(number=number)))
            visitor.evidence(item["code"]).wait_for()


def do_steps(officer: Visitor, steps: tuple[str, ...], today: date) -> None:
    """Step after step: each brings the next one by itself."""
    for step in steps:
        assert officer.heading == title(step)
        fill_in(officer, step, today)
        assert officer.press("submit") == 200, officer.errors() + officer.blockers()
        assert officer.page.locator("[data-level=success]").count() == 1


def approve(chief: Visitor, number: str, step: str) -> None:
    """From the chief's work list to the decision, which is to approve."""
    chief.open_work(number)
    assert chief.heading == title(step)
    chief.fill({"outcome": "APPROVED"})
    assert chief.press("submit") == 200
    assert chief.path == f"/cases/{number}/"


def open_case(visitor: Visitor, tambon: str) -> str:
    """Open a case in the next free village of a tambon; its number, with its page open."""
    visitor.go("/cases/new/")
    choose(visitor, "tambon", tambon)
    villages = visitor.page.locator("#id_village option").evaluate_all(
        "options => options.map(option => option.value).filter(Boolean)"
    )
    for village in reversed(villages):
        choose(visitor, "village", village)
        if visitor.page.locator("form[method=post] [name=trigger]").count():
            break
    visitor.fill(OPENING)
    visitor.press("submit")
    return visitor.path.split("/")[2]


def choose(visitor: Visitor, name: str, value: str) -> None:
    """Choose from a list of places; the page brings what follows."""
    with visitor.page.expect_response(lambda answer: "/cases/new/" in answer.url):
        visitor.page.select_option(f"#id_{name}", value)
    visitor.page.wait_for_function(
        "([name, value]) => new URLSearchParams(location.search).get(name) === value",
        arg=[name, value],
    )
