"""An office's first day: one command, one link (docs/operations/README.md)."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cases import staffing
from cases.models import Change, Post, User
from cases.roles import Role
from tests.cast import territory

pytestmark = pytest.mark.django_db
WHO = {"name": "นที ระบบงาน", "email": "natee@example.org"}


@pytest.fixture(autouse=True)
def _areas() -> None:
    territory()


def run(**given: Any) -> str:
    out = StringIO()
    call_command("first_administrator", stdout=out, **(WHO | given))
    return out.getvalue()


def test_one_command_makes_an_administrator_and_prints_the_way_in() -> None:
    printed = run()
    user = User.objects.get()
    post = Post.objects.get(user=user)
    assert (user.username, post.role, post.area_id) == ("natee", Role.ADMIN, "TH")
    assert not user.has_usable_password()
    link = next(line for line in printed.splitlines() if line.startswith("http"))
    client = Client()
    assert client.get(link.removeprefix("http://localhost:8000")).status_code == 302
    words = {"new_password1": "three odd words 7", "new_password2": "three odd words 7"}
    client.post("/accounts/set-password/", words)
    client.post("/accounts/login/", {"username": "natee", "password": "three odd words 7"})
    assert client.get("/office/people/").status_code == 200
    assert list(Change.objects.order_by("pk").values_list("kind", "by"))[:2] == [
        ("USER_ADDED", None),
        ("POST_ADDED", None),
    ]


def test_the_same_again_changes_nothing() -> None:
    first, second = run(), run(email="NATEE@example.org", name="someone")
    assert User.objects.count() == Post.objects.count() == 1
    assert "http" in first
    assert "http" in second


def test_a_second_one_is_refused_unless_asked_for() -> None:
    run()
    with pytest.raises(CommandError, match=r"already: นที ระบบงาน \(natee, TH\).*--another"):
        run(email="other@example.org")
    assert User.objects.count() == 1
    run(email="other@example.org", area="TH42", another=True)
    assert set(Post.objects.values_list("area_id", "role")) == {("TH", "ADMIN"), ("TH42", "ADMIN")}


def test_a_colleague_can_become_the_administrator() -> None:
    known = staffing.add_person(by=None, name="คนเดิม", email=WHO["email"])
    run()
    assert Post.objects.get().user == known


def test_who_has_a_password_gets_no_link() -> None:
    run()
    user = User.objects.get()
    user.set_password("x")
    user.save()
    assert "http" not in run()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "no address"}, "valid email"),
        ({"name": ""}, "required"),
        ({"name": "..."}, "at least one letter"),
        ({"username": "ก"}, "user name has at least two"),
        ({"area": "TH99"}, "no area TH99"),
        ({"area": "TH420301"}, "is no post for"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_added(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(**wrong)
    assert not User.objects.exists()
