"""Foundings that began on paper come in by a file, each at the step where it stands (handbook 5.1).

Nothing is invented: what the file does not say stays empty, and no step before has been done here.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from cases import clock
from cases.models import Area, Case, Event, Party, User
from tests.cases import sheets
from tests.cast import STAGE_1, STAGE_2, Cast, do, fresh, item_of
from workflows.procedures.savings_group.imports import RunningFoundings

pytestmark = pytest.mark.django_db

BEGUN = "1/10/2568"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def rows(by: User, *lines: dict[str, str]) -> list[list[str]]:
    """A table with the headings of these columns, as the template writes them."""
    names = list(dict.fromkeys(name for line in lines for name in line))
    columns = {column.name: column for column in RunningFoundings(by).columns}
    headings = [str(columns[name].heading) for name in names]
    return [headings, *([line.get(name, "") for name in names] for line in lines)]


def line(**given: str) -> dict[str, str]:
    usual = {"village": "42030101", "step": "meet", "opened_on": BEGUN, "officer": "officer"}
    return usual | {"interested_count": "31", "leaders_agreed": "ใช่"} | given


def refusals(run: Any) -> list[str]:
    return [text for each in run.refused_lines.all() for _place, text in each.reasons["en"]]


def test_a_founding_goes_on_from_the_step_that_the_file_names(cast: Cast) -> None:
    run = sheets.imported("foundings", rows(cast.admin, line()), cast.admin)
    assert (run.added, run.refused) == (1, 0), refusals(run)
    case: Any = fresh(Case.objects.get())
    assert (case.state, case.interested_count) == ("founding", 31)
    item = item_of(case, "meet")
    assert (item.owner, item.opened_at.date()) == (cast.officer, clock.now().date())
    assert item.deadline.due_on == item.due_on
    assert case.task_set.count() == 1, "no step before is made up"
    event = Event.objects.get(case=case)
    assert event.codes["imported"] is True
    for step in STAGE_2:
        case = do(case, step, by=cast.officer)
    case = do(case, "verify_founding", by=cast.chief)
    assert case.state == "founded"
    call_command("verify_audit", case=case.number)


@pytest.mark.parametrize("step", [*STAGE_1, "verify_preparation", "meet", "vote", "enrol"])
def test_it_can_stand_at_each_step_before_the_members(cast: Cast, step: str) -> None:
    known = {"vote": {"meeting_attendance": "41"}}
    known["enrol"] = known["vote"] | {"votes_for": "38", "votes_against": "1"}
    bare = line(step=step, **known.get(step, {}))
    for name, since in (("interested_count", "gather"), ("leaders_agreed", "ask_leaders")):
        if step in STAGE_1[: STAGE_1.index(since) + 1]:
            bare[name] = ""
    run = sheets.imported("foundings", rows(cast.admin, bare), cast.admin)
    assert run.added == 1, refusals(run)
    case = fresh(Case.objects.get())
    assert item_of(case).step == step
    assert case.deadlines.filter(name="preparation_span").exists() == (step == "study")


def test_the_same_file_twice_makes_no_second_case(cast: Cast) -> None:
    table = rows(cast.admin, line())
    sheets.imported("foundings", table, cast.admin)
    again = sheets.imported("foundings", table, cast.admin)
    assert (again.added, again.unchanged, again.refused) == (0, 1, 0)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"village": "4203"}, ""),
        ({"step": "elect"}, "none of these"),
        ({"step": "bank_letter"}, "stands in the register"),
        ({"step": "founded"}, "none of these"),
        ({"opened_on": "1/10/2599"}, "future"),
        ({"officer": "nobody"}, "hold no post"),
        ({"officer": "unknown"}, "Nobody signs in"),
        ({"interested_count": "3"}, "At least 20 people"),
        ({"leaders_agreed": "ยัง"}, ""),
        ({"step": "present"}, "still to be done"),
    ],
)
def test_a_line_that_cannot_stand_is_refused_in_words(
    cast: Cast, wrong: dict[str, str], reason: str
) -> None:
    run = sheets.imported("foundings", rows(cast.admin, line(**wrong)), cast.admin)
    assert (run.added, run.refused) == (0, 1)
    assert any(reason in text for text in refusals(run)), refusals(run)
    assert not Case.objects.exists()


def test_two_lines_of_one_village_are_one_too_many(cast: Cast) -> None:
    lines = line(), line(opened_on="2/10/2568")
    run = sheets.imported("foundings", rows(cast.admin, *lines), cast.admin)
    assert (run.added, run.refused) == (1, 1)


FOLLOW_UP = ("bank_letter", "first_deposit", "open_account", "advise", "adopt_rules")
RULES = {
    **{"deposit_day": "5", "minimum_deposit": "50", "interest_rate": "12"},
    **{"interest_period": "YEAR", "only_members_deposit": "ใช่", "only_members_borrow": "ใช่"},
}


def a_group(cast: Cast, name: str = "กลุ่มออมทรัพย์ตัวอย่าง") -> Party:
    return Party.objects.create(
        area=Area.objects.get(pk="TH42030101"),
        kind=Party.Kind.SAVINGS_GROUP,
        status=Party.Status.ACTIVE,
        name=name,
        founded_on=clock.today() - timedelta(days=10),
    )


@pytest.mark.parametrize("step", FOLLOW_UP)
def test_a_group_that_stands_is_followed_up_from_each_step(cast: Cast, step: str) -> None:
    party = a_group(cast)
    bare = line(step=step, interested_count="", leaders_agreed="", **RULES)
    run = sheets.imported("foundings", rows(cast.admin, bare), cast.admin)
    assert run.added == 1, refusals(run)
    case: Any = fresh(Case.objects.get())
    assert (case.state, case.party, case.meeting_on) == ("founded", party, party.founded_on)
    assert case.rules.get().deposit_day == 5
    client = Client()
    client.force_login(cast.officer)
    assert client.get(f"/cases/{case.number}/").status_code == 200
    for following in FOLLOW_UP[FOLLOW_UP.index(step) :]:
        case = do(case, following, by=cast.officer)
    assert case.closed_at
    assert case.rules.get().adopted_on == case.rules_adopted_on
    call_command("verify_audit", case=case.number)


def test_of_several_groups_the_name_says_which(cast: Cast) -> None:
    a_group(cast)
    other = a_group(cast, "กลุ่มออมทรัพย์สตรี")
    bare = line(step="advise", interested_count="", leaders_agreed="")
    refused = sheets.imported("foundings", rows(cast.admin, bare), cast.admin)
    assert "Several savings groups" in "".join(refusals(refused))
    named = rows(cast.admin, bare | {"group_name": other.name})
    sheets.imported("foundings", named, cast.admin)
    assert Case.objects.get().party == other
