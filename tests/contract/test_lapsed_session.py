"""A session that lapsed with a half-filled form: nothing lost, nothing given to others."""

import json
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client

from tests.contract.world import World
from workflows.views.access import KEPT, KEPT_LENGTH

TYPED = "หนี้นอกระบบสูง ๕๔ ครัวเรือน"


def mark(world: World, who: str, place: str = "step") -> str:
    """The mark in the form that `who` was given."""
    page = world.client(who).get(world.urls[place])
    return str(page.context["mark"])


def sign_in(client: Client, who: str, answer: Any) -> Any:
    """Sign in on the page to which `answer` led, and go where that leads."""
    assert answer.url.startswith("/accounts/login/?next=")
    return client.post(answer.url, {"username": who, "password": who}, follow=True)


def kept(client: Client) -> dict[str, Any]:
    """What the session of this browser keeps of forms."""
    return {name: value for name, value in client.session.items() if name == KEPT}


def test_entries_come_back_to_the_same_person_once(world: World) -> None:
    client, url = Client(), world.urls["step"]
    sent = {"mark": mark(world, "officer"), "study_findings": TYPED, "study_year": "25x"}
    answer = client.post(url, sent | {"tick-data-sheet": "1", "submit": "1"})
    page = sign_in(client, "officer", answer)
    assert page.context["unsaved_restored"]
    assert TYPED in page.content.decode()
    assert "25x" in page.content.decode()
    assert [check["ticked"] for check in page.context["checklist"]] == [True, False]
    assert kept(client) == {}
    assert TYPED not in client.get(url).content.decode()


@pytest.mark.parametrize("place", ["new-case village", "end", "step decision"])
def test_other_forms_come_back_as_well(world: World, place: str) -> None:
    who = "officer" if place == "new-case village" else "chief"
    field = "trigger_note" if place == "new-case village" else "reason"
    client = Client()
    answer = client.post(world.urls[place], {"mark": mark(world, who, place), field: TYPED})
    assert TYPED in sign_in(client, who, answer).content.decode()


def test_nobody_else_gets_them(world: World) -> None:
    client, url = Client(), world.urls["step"]
    answer = client.post(url, {"mark": mark(world, "officer"), "study_findings": TYPED})
    page = sign_in(client, "colleague", answer)
    assert not page.context["unsaved_restored"]
    assert TYPED not in page.content.decode()
    assert TYPED not in json.dumps(dict(client.session.items()))


@pytest.mark.parametrize("forgery", ["", "1", "MQ:1tAbCd:x", "tampered", "other salt"])
def test_without_our_mark_nothing_is_kept(world: World, forgery: str) -> None:
    forged = {
        "tampered": mark(world, "colleague")[:-1] + "!",
        "other salt": signing.dumps(world.cast.officer.pk, salt="another"),
    }
    before = Session.objects.count()
    client = Client()
    answer = client.post(
        world.urls["step"], {"mark": forged.get(forgery, forgery), "study_findings": TYPED}
    )
    assert Session.objects.count() == before
    assert TYPED not in sign_in(client, "officer", answer).content.decode()


def test_one_form_is_kept_and_no_large_one(world: World) -> None:
    client, signed = Client(), mark(world, "officer")
    first, second = world.urls["step"], world.urls["step unclaimed"]
    client.post(first, {"mark": signed, "study_findings": TYPED})
    client.post(second, {"mark": signed, "study_findings": "อีกเรื่อง"})
    assert kept(client)[KEPT]["path"] == second
    client.post(first, {"mark": signed, "study_findings": "x" * KEPT_LENGTH})
    client.post(first, {"mark": signed} | {f"{n}" * 300: "x" * 300 for n in range(900)})
    assert kept(client)[KEPT]["path"] == second
    assert len(json.dumps(kept(client))) <= KEPT_LENGTH + 500


def test_after_signing_in_a_button_leads_to_the_step(world: World) -> None:
    """Claim, release and remove take no GET: whoever comes back from signing in sees the step."""
    for place in ("claim", "release", "remove-document"):
        client = Client()
        page = sign_in(client, "officer", client.post(world.urls[place]))
        assert page.status_code == 200
        assert page.request["PATH_INFO"] == "/".join(world.urls[place].split("/")[:5]) + "/"
