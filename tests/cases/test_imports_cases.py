"""Foundings that run on paper are set down at their step, and go on from there (handbook 5.1)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from cases import clock
from cases.models import Case, Deadline, Event, Post, WorkItem
from notifications.models import Message
from tests.cases import sheets
from tests.cases.test_imports_staff import reasons
from tests.cast import Cast, assemble, do, fresh, item_of, open_founding
from workflows.contents import by_code
from workflows.ways import enterable, ways

pytestmark = pytest.mark.django_db

HEADINGS = ["รหัสหมู่บ้าน", "ขั้นตอน", "วันที่เริ่ม", "officer", "trigger", "interested_count"]


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def line(step: str, *more: str, village: str = "42030101", officer: str = "") -> list[str]:
    return [village, step, "1 ต.ค. 2568", officer, *more]


def test_a_case_stands_at_its_step_with_deadline_and_event(cast: Cast) -> None:
    rows = [HEADINGS, line("gather", "NO_CAPITAL", "", officer="officer")]
    run = sheets.imported("foundings", rows, cast.admin)
    assert (run.added, run.refused) == (1, 0), reasons(run)
    case = fresh(Case.objects.get())
    assert case.number == "SGF-42-2569-0001"
    assert (case.state, case.trigger) == ("preparing", "NO_CAPITAL")
    assert clock.day_of(case.opened_at) == date(2025, 10, 1)
    assert case.opened_by == cast.officer
    item = item_of(case, "gather")
    assert (item.owner, item.role) == (cast.officer, "FIELD_OFFICER")
    deadline = Deadline.objects.get()
    assert (deadline.work_item, deadline.started_on) == (item, clock.today())
    assert deadline.due_on == item.due_on > clock.today()
    assert deadline.next_at is not None
    event = Event.objects.get()
    assert (event.kind, event.by, event.post.role) == ("CASE_OPENED", cast.admin, "ADMIN")
    assert event.codes == {
        "imported": True,
        "to": "gather",
        "state": "preparing",
        "run": run.pk,
        "line": 2,
        "file": run.sha256,
    }
    assert event.text.body == {"trigger": "NO_CAPITAL"}
    assert not Message.objects.exists()
    call_command("verify_audit")


@pytest.mark.parametrize("step", [way.step.name for way in enterable(by_code("SGF"))])
def test_from_every_step_a_case_goes_on_to_its_end(cast: Cast, step: str) -> None:
    """Nothing that a later step asks for was left behind where nobody can enter it."""
    known = {
        "interested_count": "30",
        "meeting_on": "1/11/2568",
        "meeting_attendance": "41",
        "votes_for": "38",
        "votes_against": "1",
        "votes_abstained": "0",
        "revisit_on": "1/1/2600",
    }
    passed = {name for node in ways(by_code("SGF"))[step].before for name in node.fields}
    given = {name: value for name, value in known.items() if name in passed}
    if step != "revisit":
        given.pop("revisit_on", None)
    rows = [[*HEADINGS[:4], *given], line(step, *given.values())]
    run = sheets.imported("foundings", rows, cast.admin)
    assert run.added == 1, reasons(run)
    case = fresh(Case.objects.get())
    if step == "revisit":
        assert item_of(case).wakes_on == date(2057, 1, 1)
        case = do(case, "revisit", by=cast.officer)
        step = "present"
    order = list(ways(by_code("SGF")))
    for name in order[order.index(step) :]:
        if name in ("revisit",):
            continue
        if case.closed_at or name == "bank_letter":
            break
        case = do(case, name, by=cast.chief if name.startswith("verify") else cast.officer)
    assert case.state == "founded"
    call_command("verify_audit")


def test_steps_behind_the_enrolment_are_not_offered(cast: Cast) -> None:
    steps = {way.step.name for way in enterable(by_code("SGF"))}
    assert {"study", "revisit", "meet", "vote", "enrol"} <= steps
    assert not {"elect", "draft_rules", "report", "bank_letter"} & steps


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        (line("meet", "", "3"), 5, "At least 20 people have to be interested"),
        (line("meet", "", ""), 5, "At least 20 people have to be interested"),
        (line("study", "", "25"), 5, "This belongs to a step that is still to be done."),
        (line("elect"), 1, "is none of these"),
        (line("revisit"), -1, "Write until when it waits."),
        (line("study", officer="chief"), 3, "They hold no post for this in the village today."),
        (line("study", officer="ghost"), 3, "Nobody signs in with this name."),
        (line("study", village="42030199"), 0, "No area has the code 42030199."),
        (line("study", "WHIM"), 4, "is none of these"),
        (["42030101", "study", "1/1/2690"], 2, "is in the future"),
    ],
)
def test_a_cell_is_refused(cast: Cast, given: list[str], place: int, words: str) -> None:
    run = sheets.imported("foundings", [HEADINGS, given], cast.admin)
    (said,) = [text for _line, at, text in reasons(run) if at == place]
    assert words in said
    assert not Case.objects.exists()


def test_what_is_known_of_a_step_must_have_led_on(cast: Cast) -> None:
    rows = [[*HEADINGS[:4], "leaders_agreed"], line("train", "ยังไม่"), line("train", "False")]
    run = sheets.imported("foundings", rows, cast.admin)
    words = "With this the case would not have come to the step that you name."
    assert (3, 4, words) in reasons(run)


def test_one_running_case_in_a_village(cast: Cast) -> None:
    running = open_founding(cast)
    rows = [
        HEADINGS,
        line("study"),
        line("study", village="42030102"),
        ["42030102", "analyse", "2/10/2568"],
    ]
    run = sheets.imported("foundings", rows, cast.admin)
    assert reasons(run) == [
        (2, 0, f"A case of this kind is already running here: {running.number}."),
        (4, 0, "Line 3 has a case here."),
    ]


def test_the_same_file_twice_leaves_what_has_moved_on_alone(cast: Cast) -> None:
    rows = [HEADINGS, line("study"), line("analyse", village="42030102")]
    sheets.imported("foundings", rows, cast.admin)
    do(Case.objects.get(area="TH42030101"), "study", by=cast.officer)
    run = sheets.imported("foundings", rows, cast.admin)
    assert (run.added, run.unchanged, run.refused) == (0, 2, 0)
    assert Case.objects.count() == 2


def test_a_step_goes_to_a_sole_holder_and_a_decision_never_to_the_officer(cast: Cast) -> None:
    Post.objects.filter(user=cast.colleague).delete()
    Post.objects.filter(user=cast.second_chief).delete()
    rows = [HEADINGS, line("study"), line("verify_preparation", "", "25", village="42030102")]
    sheets.imported("foundings", rows, cast.admin)
    owners = dict(WorkItem.objects.values_list("area_id", "owner__username"))
    assert owners == {"TH42030101": "officer", "TH42030102": "chief"}


def test_a_supervisor_sees_what_the_file_said_and_may_send_back(cast: Cast, client: Any) -> None:
    rows = [HEADINGS, line("verify_preparation", "", "27", officer="officer")]
    sheets.imported("foundings", rows, cast.admin)
    case = fresh(Case.objects.get())
    client.force_login(cast.chief)
    client.cookies["django_language"] = "en"
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "before Sajja" in page
    assert "27" in client.get(f"/cases/{case.number}/steps/{item_of(case).pk}/").content.decode()
    back = {"outcome": "RETURNED", "to": "gather", "reason": "นับใหม่", "defects": ["รายชื่อ"]}
    case = do(case, "verify_preparation", by=cast.chief, **back)
    case = do(case, "gather", by=cast.officer, interested_count=31)
    assert item_of(case).step == "verify_preparation"
