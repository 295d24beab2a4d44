"""A second click, the back button, two tabs: told kindly to the same person, clearly to others."""

from typing import Any

import pytest

from cases.models import Case, Decision
from tests.cast import fresh, item_of
from tests.contract.answers import is_well_made
from tests.contract.world import SUBMIT, World

APPROVE = {"outcome": "APPROVED"} | SUBMIT
BACK = {"outcome": "RETURNED", "return_to": "study", "reason": "เหตุ"} | SUBMIT


def case_of(world: World, place: str) -> Any:
    return fresh(Case.objects.get(number=world.urls[place].split("/")[2]))


@pytest.mark.parametrize(
    ("place", "who"),
    [
        ("step", "officer"),
        ("step decision", "chief"),
        ("step waiting", "officer"),
        ("end", "chief"),
        ("correct", "officer"),
    ],
)
def test_the_same_person_is_led_to_the_case(world: World, place: str, who: str) -> None:
    client, url = world.client(who), world.urls[place]
    assert client.post(url, world.sent[place]).status_code == 302
    done = case_of(world, place).events.count()
    again = client.post(url, world.sent[place], follow=True)
    assert again.redirect_chain == [(f"/cases/{case_of(world, place).number}/", 302)]
    assert getattr(world.cast, who).name in str(list(again.context["messages"])[-1])
    assert case_of(world, place).events.count() == done


@pytest.mark.parametrize(
    ("place", "first", "second", "sent"),
    [
        ("step unclaimed", "officer", "colleague", None),
        ("step decision", "chief", "second_chief", BACK),
        ("step decision", "chief", "second_chief", {"outcome": "nonsense"}),
        ("end", "chief", "second_chief", None),
        ("correct", "officer", "colleague", None),
    ],
)
def test_somebody_else_is_told_who_was_first(
    world: World, place: str, first: str, second: str, sent: dict[str, str] | None
) -> None:
    url = world.urls[place]
    assert world.client(first).post(url, world.sent[place]).status_code == 302
    done = case_of(world, place).events.count()
    late = world.client(second, language="lo").post(url, sent or world.sent[place])
    assert late.status_code == 409
    is_well_made(late, "lo")
    assert getattr(world.cast, first).name in late.content.decode()
    assert case_of(world, place).events.count() == done


def test_two_who_claim_and_one_who_has_it(world: World) -> None:
    url = world.urls["claim unclaimed"]
    assert world.client("officer").post(url).status_code == 302
    assert world.client("officer").post(url).status_code == 302
    late = world.client("colleague").post(url)
    assert late.status_code == 409
    assert world.cast.officer.name in late.content.decode()


def test_a_village_gets_one_case_from_two_clicks(world: World) -> None:
    url, sent = world.urls["new-case village"], world.sent["new-case village"]
    clicks = [world.client("officer").post(url, sent).url for _ in range(2)]
    assert clicks[0] == clicks[1]
    assert Case.objects.filter(area=world.cast.second_village).count() == 1
    assert world.client("colleague").post(url, sent).status_code == 409


def test_a_finished_step_is_read_only(world: World) -> None:
    for who in ("officer", "colleague", "chief"):
        page = world.client(who).get(world.urls["step done"])
        text = page.content.decode()
        assert not page.context["can_act"]
        assert "<fieldset disabled>" in text
        assert 'name="submit"' not in text
        assert 'name="save"' not in text
        assert 'type="file"' not in text
        assert world.cast.officer.name in page.context["readonly_reason"]


def test_a_finished_step_takes_nothing_more(world: World) -> None:
    item = item_of(case_of(world, "document"))
    type(item).objects.filter(pk=item.pk).update(closed_at=item.opened_at, status="DONE")
    before = trail(item.process)
    client, url = world.client("officer"), world.urls["remove-document"]
    assert client.post(url).status_code == 302
    sent = {"tick-minutes": "1", "problem_statement": "ใหม่"}
    for button in ("save", "submit", "upload"):
        step = url.split("documents")[0]
        assert client.post(step, sent | {button: "minutes"}).status_code in (302, 422)
    assert trail(item.process) == before


def trail(case: Case) -> tuple[int, int, int]:
    """What a case keeps: events, ticks and documents."""
    kept = case.documents.filter(removed_at=None)
    return case.events.count(), case.ticks.count(), kept.count()


def test_one_decision_stands(world: World) -> None:
    url = world.urls["step decision"]
    for who, sent in (("chief", BACK), ("chief", APPROVE), ("second_chief", APPROVE)):
        world.client(who).post(url, sent)
    decisions = Decision.objects.filter(case=case_of(world, "step decision"))
    assert [made.outcome for made in decisions] == ["RETURNED"]
