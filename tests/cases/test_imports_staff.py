"""Staff by file: people, posts, and what an administrator may not do by the back door (4.1)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.models import Post, User
from cases.roles import Role
from notifications.models import Message
from tests.cases import sheets
from tests.cast import LONG_AGO, Cast, assemble

pytestmark = pytest.mark.django_db

HEADINGS = ["ชื่อ-สกุล", "username", "อีเมล", "เบอร์โทร", "role", "area code", "from", "to", "invite"]


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def district_admin(cast: Cast) -> User:
    """Administers Chiang Khan alone."""
    admin = User.objects.create(username="admin2", name="แอดมิน", email="admin2@example.org")
    Post.objects.create(user=admin, role=Role.ADMIN, area_id="TH4203", starts_on=LONG_AGO)
    return admin


def line(**given: str) -> list[str]:
    usual = {
        "name": "นางใหม่ ตัวอย่าง",
        "username": "mai",
        "email": "mai@example.org",
        "phone": "081 234 5678",
        "role": "FIELD_OFFICER",
        "area": "420301",
        "from": "1/10/2568",
        "to": "",
        "invite": "",
    }
    return list((usual | given).values())


def reasons(run: Any) -> list[tuple[int, int, str]]:
    """Line, place of the cell and the English words of every refusal."""
    lines = run.refused_lines.all()
    return [(each.number, place, text) for each in lines for place, text in each.reasons["en"]]


def test_a_person_with_two_posts_is_one_account(cast: Cast, district_admin: User) -> None:
    rows = [
        HEADINGS,
        line(invite="YES"),
        line(role="พัฒนากร", area="เลย > เชียงคาน", **{"from": "๑ ต.ค. ๒๕๖๘"}),
    ]
    run = sheets.imported("staff", rows, district_admin)
    assert (run.added, run.refused) == (2, 0), reasons(run)
    user = User.objects.get(username="mai")
    assert (user.name, user.phone) == ("นางใหม่ ตัวอย่าง", "0812345678")
    assert not user.has_usable_password()
    posts = user.posts.order_by("area").values_list("role", "area", "starts_on", "ends_on")
    assert list(posts) == [
        ("FIELD_OFFICER", "TH4203", date(2025, 10, 1), None),
        ("FIELD_OFFICER", "TH420301", date(2025, 10, 1), None),
    ]
    assert Message.objects.get(to=user).template == "invited"


def test_the_same_file_twice_changes_nothing(cast: Cast, district_admin: User) -> None:
    rows = [HEADINGS, line(invite="YES"), line(area="4203")]
    sheets.imported("staff", rows, district_admin)
    run = sheets.imported("staff", rows, district_admin)
    assert (run.added, run.changed, run.unchanged, run.refused) == (0, 0, 2, 0)
    assert Message.objects.filter(template="invited").count() == 1


def test_what_differs_of_ones_own_people_is_changed(cast: Cast, district_admin: User) -> None:
    sheets.imported("staff", [HEADINGS, line()], district_admin)
    run = sheets.imported("staff", [HEADINGS, line(name="นางใหม่ เปลี่ยนชื่อ")], district_admin)
    assert (run.changed, run.refused) == (1, 0), reasons(run)
    assert User.objects.get(username="mai").name == "นางใหม่ เปลี่ยนชื่อ"
    assert Post.objects.filter(user__username="mai").count() == 1


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        ({"area": "420901"}, 5, "420901 lies outside the areas that you administer."),
        ({"area": "42"}, 5, "42 lies outside the areas that you administer."),
        ({"area": "420399"}, 5, "No area has the code 420399."),
        ({"area": "เลย > ไม่มี"}, 5, "No area has this path of names, from the province down."),
        ({"role": "เทวดา"}, 4, "“เทวดา” is none of these"),
        ({"role": "GOVERNOR"}, 4, "Governor is no post for"),
        ({"phone": "12"}, 3, "“12” is not a phone number"),
        ({"from": "5/6/67"}, 6, "“5/6/67” can mean"),
        ({"to": "1/1/2560"}, 7, "A post ends after it begins."),
        ({"email": "nobody at home"}, 2, "valid email address"),
        ({"email": "officer@example.org"}, 2, "Somebody else has an account"),
        ({"email": "", "invite": "YES"}, 2, "Without an e-mail address nobody can be invited."),
        ({"username": "", "email": ""}, 1, "Write a user name or an e-mail address."),
        ({"username": "ก"}, 1, "A user name has at least two"),
        ({"name": "🙂"}, 0, "A name is written without emoji."),
        ({"name": ""}, 0, "This field is required."),
    ],
)
def test_a_cell_is_refused_with_its_reason(
    district_admin: User, given: dict[str, str], place: int, words: str
) -> None:
    run = sheets.imported("staff", [HEADINGS, line(**given), line()], district_admin)
    assert (run.added, run.refused) == (1, 1)
    ((number, at, said),) = reasons(run)
    assert (number, at) == (2, place)
    assert words in said


def test_nobody_takes_over_an_account_of_others(cast: Cast, district_admin: User) -> None:
    """An administrator of a district cannot rename, or redirect the mail of, the province."""
    before = User.objects.filter(username="province").values().get()
    rows = [
        HEADINGS,
        line(username="province", name="คนอื่น", email=""),
        line(username="province", name="นาม province", phone="", email="mine@example.org"),
        line(username="PROVINCE", name="นาม province", phone="", email=""),
    ]
    run = sheets.imported("staff", rows, district_admin)
    assert (run.added, run.refused) == (1, 2)  # a post in the own area may be given
    assert {(n, place) for n, place, _t in reasons(run)} == {(2, 0), (3, 2)}
    assert User.objects.filter(username="province").values().get() == before


def test_lines_that_contradict_each_other_are_refused(district_admin: User) -> None:
    rows = [
        HEADINGS,
        line(),
        line(),
        line(area="4203", name="คนละชื่อ"),
        line(username="other", area="4203"),
        line(**{"from": "1/1/2569"}),
        line(username="", area="4203"),  # the same person by e-mail
    ]
    run = sheets.imported("staff", rows, district_admin)
    assert (run.added, run.refused) == (2, 4)
    assert reasons(run) == [
        (3, -1, "This repeats line 2 of the file."),
        (4, 0, "Line 2 says something else of them."),
        (5, 2, "Somebody else has an account with this e-mail address."),
        (6, 6, "They hold this post already in that time."),
    ]
    assert User.objects.filter(username="mai").count() == 1
