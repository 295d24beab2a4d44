"""What the pages of ladders do, and refuse: no change without its dry run (handbook 4.3)."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import ladders
from cases.models import Deadline, Ladder, Post
from tests.cast import open_founding
from tests.contract.test_bad_input import URLENCODED, body, nasty
from tests.contract.test_pages import cost
from tests.contract.typed_ladders import typed_ladder
from tests.contract.world import World, undone

HERE = "TH4203"
URL = f"/office/ladders/{HERE}/default/"
LIST = f"/office/ladders/?area={HERE}"
REASON = {"reason": "ผู้ว่าฯ ขอให้เตือนเร็วขึ้น"}


def post(world: World, who: str = "admin", url: str = URL, **sent: str) -> Any:
    return world.client(who, language="en").post(url, sent)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def page(world: World, who: str = "admin", url: str = URL) -> str:
    answer = world.client(who, language="en").get(url)
    assert answer.status_code == 200
    return text(answer)


def typed(**changed: str) -> dict[str, str]:
    """The ladder of the district as its form shows it, with other entries."""
    return typed_ladder("default", HERE) | changed


def remembered(answer: Any) -> str:
    """What a page remembers of its dry run, "" where it had none."""
    found = re.search(r'name="tried" value="(\w+)"', text(answer))
    return found[1] if found else ""


def choose(world: World, sent: dict[str, str], **more: str) -> Any:
    """Try what was typed, then let it count."""
    mark = remembered(post(world, **sent, dry_run="1"))
    assert mark
    return post(world, **sent, **REASON, tried=mark, submit="1", **more)


def offsets(place: str = HERE) -> list[int]:
    return [rung.offset_working_days for rung in ladders.current("default", place).rungs.all()]


def test_a_ladder_is_changed_after_its_dry_run_and_the_history_shows_it(world: World) -> None:
    before = offsets()
    running = Deadline.objects.filter(case__area__code__startswith=HERE)[0]
    answer = choose(world, typed(**{"rungs-0-days": "5"}))
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert offsets() == [-5, *before[1:]]
    assert offsets("TH4209") == before
    made = ladders.current("default", HERE)
    assert (made.made_by, made.reason) == (world.cast.admin, REASON["reason"])
    assert Deadline.objects.get(pk=running.pk).ladder == running.ladder
    begun = open_founding(world.cast).deadlines.exclude(work_item=None).get()
    assert begun.ladder == made
    shown = page(world)
    assert REASON["reason"] in shown
    assert "5 working days before" in shown
    assert "chosen by this office" in page(world, url=LIST)
    story = page(world, url="/office/history/?kind=LADDER_CHANGED")
    assert REASON["reason"] in story
    assert "5 working days before: the person who has the work · it is due soon" in story
    assert "{" not in re.sub(r"<[^>]*>", "", story)


def test_without_a_dry_run_of_just_this_nothing_is_saved(world: World) -> None:
    versions = Ladder.objects.count()
    sent = typed(**{"rungs-0-days": "5"})
    first = post(world, **sent, **REASON, submit="1")
    assert first.status_code == 422
    assert "messages now" in text(first)
    other = sent | {"rungs-0-days": "6"}
    second = post(world, **other, **REASON, tried=remembered(first), submit="1")
    assert second.status_code == 422
    assert REASON["reason"] in text(second)
    assert Ladder.objects.count() == versions
    third = post(world, **other, **REASON, tried=remembered(second), submit="1")
    assert third.status_code == 302


def test_a_dry_run_writes_nothing(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = post(
            world, **typed(**{"rungs-1-tell": "ABOVE", "rungs-1-above": "2"}), dry_run="1"
        )
    assert answer.status_code == 200
    told = [query["sql"].split()[0] for query in queries]
    assert set(told) <= {"SELECT", "WITH"}
    assert "The next 30 days" in text(answer)
    assert world.cast.officer.name in text(answer)


def test_the_dry_run_names_posts_that_nobody_holds(world: World) -> None:
    Post.objects.filter(user=world.cast.district_chief).delete()
    told = text(post(world, **typed(), dry_run="1"))
    assert "nobody holds this post" in told
    assert "District chief" in told


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"rungs-0-days": ""}, "Rung 1: How many days"),
        ({"rungs-0-days": "0"}, "Rung 1: How many days"),
        ({"rungs-0-days": "400"}, "Rung 1: How many days"),
        ({"rungs-0-template": "overdue"}, "Rung 1: Message"),
        ({"rungs-0-template": "invited"}, "Rung 1: Message"),
        ({"rungs-2-tell": "ROLE", "rungs-2-role": ""}, "Rung 3: Role"),
        ({"rungs-2-tell": "ROLE", "rungs-2-role": "MEMBER"}, "Rung 3: Role"),
        ({"rungs-2-tell": "PEOPLE"}, "Rung 3: Person 1"),
        ({"rungs-3-above": ""}, "Rung 4: How many posts above"),
        ({"rungs-1-every": "2"}, "Rung 2: At most so many times more"),
        ({"rungs-1-times": "2"}, "Rung 2: Again every so many working days"),
        ({"rungs-2-every": "2", "rungs-2-times": "2"}, "Rung 3: Again every so many working days"),
        ({"rungs-3-tell": "ASSIGNEE"}, "Rung 4: Who is told"),
        ({"quiet_to": ""}, "Quiet until"),
        ({"quiet_from": "18:00", "quiet_to": "18:00"}, "Quiet until"),
        ({"quiet_from": "25:00", "quiet_to": "07:00"}, "Quiet from"),
        ({"unit": "weeks"}, "The ladder counts in"),
    ],
)
def test_what_is_wrong_is_named_at_its_rung(
    world: World, wrong: dict[str, str], where: str
) -> None:
    answer = post(world, **typed(**wrong), **REASON, submit="1")
    assert answer.status_code == 422
    assert f">{where}: " in text(answer)
    assert REASON["reason"] in text(answer)
    assert not Ladder.objects.exclude(area=None).exists()


def test_a_reason_is_asked_for_and_a_ladder_has_a_rung(world: World) -> None:
    sent = typed(**{"rungs-0-days": "5"})
    mark = remembered(post(world, **sent, dry_run="1"))
    answer = post(world, **sent, tried=mark, submit="1")
    assert answer.status_code == 422
    assert "#id_reason" in text(answer)
    bare = {name: value for name, value in sent.items() if not name.startswith("rungs-")}
    assert "A ladder has one rung at least" in text(post(world, **bare, dry_run="1"))


def test_rungs_come_and_go_without_a_script_and_keep_what_was_typed(world: World) -> None:
    sent = typed(**{"rungs-0-days": "half-filled", "quiet_from": "half past"}) | REASON
    many = len(offsets())
    longer = text(post(world, **sent, add="1"))
    assert f'name="rungs-{many}-when"' in longer
    assert "half-filled" in longer
    assert 'value="half past"' in longer
    assert REASON["reason"] in longer
    shorter = text(post(world, **sent, remove="1"))
    assert f'name="rungs-{many - 1}-when"' not in shorter
    assert "half-filled" in shorter
    assert not Ladder.objects.exclude(area=None).exists()


def test_of_two_who_change_it_the_second_sees_what_the_first_chose(world: World) -> None:
    sent = typed(**{"rungs-0-days": "5"})
    other = typed(**{"rungs-0-days": "9"})
    assert choose(world, sent).status_code == 302
    late = choose(world, other)
    assert late.status_code == 422
    assert "Somebody chose another version meanwhile" in text(late)
    assert offsets()[0] == -5
    assert choose(world, other | {"base": typed()["base"]}).status_code == 302
    assert offsets()[0] == -9


def test_a_second_click_makes_no_second_version(world: World) -> None:
    sent = typed(**{"rungs-0-days": "5"})
    assert choose(world, sent).status_code == 302
    assert choose(world, sent).status_code == 302
    assert Ladder.objects.exclude(area=None).count() == 1


def test_an_office_goes_back_to_the_ladder_above_after_its_dry_run(world: World) -> None:
    before = offsets()
    assert 'name="try_above"' not in page(world)
    choose(world, typed(**{"rungs-0-days": "5"}))
    back = {"above-reason": "ตามจังหวัด", "base": typed()["base"]}
    first = post(world, **back, as_above="1")
    assert first.status_code == 422
    assert offsets()[0] == -5
    again = post(world, **back, try_above="1")
    assert again.status_code == 200
    answer = post(world, **back, tried=remembered(again), as_above="1")
    assert answer.status_code == 302
    assert offsets() == before
    assert "ตามจังหวัด" in page(world)


def test_a_chief_reads_the_ladder_and_changes_nothing(world: World) -> None:
    shown = page(world, "chief")
    assert "What counts now" in shown
    assert "dry_run" not in shown
    assert post(world, "chief", **typed(), dry_run="1").status_code == 404
    assert "Look at the ladders" in page(world, "chief", "/office/settings/")


def test_everything_that_a_rung_can_say_is_kept(world: World) -> None:
    academic = world.cast.academic
    sent = typed(
        **{
            "quiet_from": "18:00",
            "quiet_to": "07:30",
            "rungs-5-tell": "PEOPLE",
            "rungs-5-person_1": str(academic.pk),
            "rungs-5-channel": "LINE",
            "rungs-5-urgent": "on",
            "rungs-5-every": "๒",
            "rungs-5-times": "3",
            "rungs-4-tell": "ROLE",
            "rungs-4-role": "GOVERNOR",
        }
    )
    assert choose(world, sent).status_code == 302
    made = ladders.current("default", HERE)
    last, before = list(made.rungs.all())[::-1][:2]
    assert (last.people, last.channel, last.urgent) == ([academic.pk], "LINE", True)
    assert (last.repeat_working_days, last.repeat_limit) == (2, 3)
    assert (before.receiver, before.role) == ("ROLE", "GOVERNOR")
    shown = page(world)
    assert str(academic) in shown
    assert "again every 2 working days, at most 3 times" in shown
    assert "18:00–07:30" in shown


FIELDS = ["days", "when", "tell", "above", "person_1", "every", "template"]
BUTTONS = ["dry_run", "submit", "add", "as_above"]


@given(st.dictionaries(st.sampled_from(FIELDS), nasty), nasty, st.sampled_from(BUTTONS))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_there_is_an_answer(
    world: World, entries: dict[str, str], other: str, button: str
) -> None:
    broken = {f"rungs-1-{name}": value for name, value in entries.items()}
    sent = typed() | broken | {"quiet_from": other, "base": other, "tried": other, "remove": other}
    with undone():
        client = world.client("admin", language="en")
        answer = client.post(URL, body(sent | {button: "1"}), content_type=URLENCODED)
    assert answer.status_code in (200, 422)


def test_the_pages_cost_the_same_however_often_the_ladder_changed(world: World) -> None:
    costs = []
    for days in (4, 5):
        choose(world, typed(**{"rungs-0-days": str(days)}))
        # Twice: what a process keeps for a minute may have to be read anew just then.
        costs.append([min(cost(world, "admin", url) for _ in range(2)) for url in (URL, LIST)])
    assert costs[0] == costs[-1]


def test_a_dry_run_costs_the_same_however_much_runs(world: World) -> None:
    costs = []
    post(world, **typed(), dry_run="1")
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            post(world, **typed(), dry_run="1")
        costs.append(len(queries))
        for _ in range(10):
            open_founding(world.cast)
    assert costs[0] == costs[1]
