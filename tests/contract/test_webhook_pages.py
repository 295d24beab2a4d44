"""What the pages of an office's webhooks do, show once, and refuse."""

import re
from typing import Any

import pytest
from django.test import override_settings

from cases import endpoints
from cases.models import Change, Post
from cases.roles import Role
from notifications.models import Endpoint, Message
from tests.cast import LONG_AGO
from tests.contract.test_pages import cost
from tests.contract.world import World

NEW = "/office/webhooks/new/?area=TH42"
ENTERED = {"name": "ระบบจังหวัด", "url": "https://example.org/hook", "submit": "1"}


def post(world: World, who: str, page: str, /, **sent: str) -> Any:
    return world.client(who, language="en").post(page, sent)


def added(world: World) -> tuple[str, str]:
    """The page of a new endpoint, and the secret that it shows."""
    client = world.client("admin", language="en")
    page = client.post(NEW, ENTERED)["Location"]
    return page, secret_on(client.get(page).content.decode())


def secret_on(text: str) -> str:
    found = re.search(r"whsec_[\w+/=]+", text)
    return found[0] if found else ""


def endpoint_of(page: str) -> Endpoint:
    return Endpoint.objects.get(pk=page.rstrip("/").rpartition("/")[2])


def test_a_secret_is_shown_once_after_it_was_made(world: World) -> None:
    page, secret = added(world)
    assert secret == endpoint_of(page).secret
    assert endpoint_of(page).area_code == "TH42"
    client = world.client("admin", language="en")
    assert secret_on(client.get(page).content.decode()) == ""
    client.post(page, {"rotate": "1"})
    newer = secret_on(client.get(page).content.decode())
    assert newer not in ("", secret)
    assert secret_on(client.get(page).content.decode()) == ""
    assert endpoint_of(page).secret == f"{newer} {secret}"
    client.post(page, {"settle": "1"})
    assert endpoint_of(page).secret == newer


def test_every_change_stands_in_the_history_and_no_secret_does(world: World) -> None:
    before = Change.objects.count()
    page, _secret = added(world)
    for act in ("rotate", "settle", "off", "off", "on"):
        post(world, "admin", page, **{act: "1"})
    changes = Change.objects.filter(about=f"endpoint:{endpoint_of(page).pk}")
    assert changes.count() == Change.objects.count() - before == 5
    assert "whsec" not in str(list(changes.values()))
    history = world.client("admin", language="en").get("/office/history/").content.decode()
    assert "Other systems" in history
    assert "ระบบจังหวัด" in history


def test_a_test_is_sent_and_shown(world: World) -> None:
    page, _secret = added(world)
    post(world, "admin", page, test="1")
    (row,) = endpoint_of(page).messages.all()
    assert (row.context["type"], row.context["data"], row.channel) == ("sajja.test", {}, "WEBHOOK")
    shown = world.client("admin", language="en").get(page).content.decode()
    assert "On its way" in shown
    Message.objects.filter(pk=row.pk).update(error="HTTPError: example.org answered 500")
    assert "answered 500" in world.client("admin", language="en").get(page).content.decode()
    post(world, "admin", page, off="1")
    post(world, "admin", page, test="1")
    assert endpoint_of(page).messages.count() == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.org/", "begins with https"),
        ("https://127.0.0.1/", "inside a network"),
        ("https://localhost/", "inside a network"),
        ("https://10.1.2.3:8443/x", "inside a network"),
        ("https://[::1]/", "inside a network"),
        ("https://169.254.169.254/", "inside a network"),
        ("https://user:word@example.org/", "user name and password"),
        ("ftp://example.org/", "begins with https"),
        ("", "required"),
    ],
)
def test_an_address_inside_or_unsafe_is_refused_and_what_was_typed_stands(
    world: World, url: str, why: str
) -> None:
    count = Endpoint.objects.count()
    with override_settings(WEBHOOKS_MAY_STAY_INSIDE=False):
        answer = post(world, "admin", NEW, **ENTERED | {"url": url})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert why in text
    assert url in text
    assert "ระบบจังหวัด" in text
    assert Endpoint.objects.count() == count


def test_an_office_tells_so_many_systems_and_no_more(world: World) -> None:
    answers = [post(world, "admin", NEW, **ENTERED) for _ in range(endpoints.MOST)]
    assert answers[-1].status_code == 422
    assert Endpoint.objects.filter(area_code="TH42").count() == endpoints.MOST


def test_an_administrator_keeps_those_of_their_own_areas_only(world: World) -> None:
    page, _secret = added(world)
    user = world.cast.academic
    Post.objects.create(user=user, role=Role.ADMIN, area_id="TH4203", starts_on=LONG_AGO)
    assert post(world, "academic", NEW, **ENTERED).status_code == 404
    assert post(world, "academic", page, off="1").status_code == 404
    assert endpoint_of(page).active
    own = post(world, "academic", "/office/webhooks/new/", **ENTERED)["Location"]
    assert endpoint_of(own).area_code == "TH4203"
    listed = world.client("academic").get("/office/webhooks/").content.decode()
    assert own in listed
    assert page not in listed


def test_the_list_costs_the_same_however_long(world: World) -> None:
    costs = []
    for most in (2, 9):
        while Endpoint.objects.count() < most:
            added(world)
        costs.append(cost(world, "admin", "/office/webhooks/"))
    assert costs[0] == costs[1]
