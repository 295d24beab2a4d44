"""People, posts and accounts as an administrator keeps them (handbook 4.1, DESIGN 5)."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from cases import clock, people, postings, staff, staffing
from cases.models import Area, Change, Post, User
from cases.roles import LEVELS, Role, fits
from notifications.models import Message
from tests.cases.running import at
from tests.cast import LONG_AGO, Cast, assemble, item_of, open_founding
from tests.procedures.test_together import at_once
from workflows import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def keeper(cast: Cast) -> User:
    """An administrator of the district of Chiang Khan only."""
    return person_with(Role.ADMIN, "TH4203", name="ผู้ดูแลอำเภอ")


def person_with(role: str, area: str, name: str = "คนใหม่", **more: Any) -> User:
    user = User(username=f"u{User.objects.count()}", name=name, **more)
    user.set_password("a long enough one")
    user.save()
    Post.objects.create(user=user, role=role, area_id=area, starts_on=LONG_AGO)
    return user


def add(by: User | None, **given: Any) -> User:
    entries = {"name": "สมหญิง ใจดี", "email": "somying@example.org"} | given
    return staffing.add_person(by=by, **entries)


def give(user: User, by: User | None, role: str = Role.FIELD_OFFICER, **given: Any) -> Post:
    entries: dict[str, Any] = {"area": "TH420301", "starts_on": clock.today()} | given
    entries["area"] = Area.objects.get(code=entries["area"])
    return postings.give_post(user, by=by, role=role, **entries)


def refused(words: str, field: str | None = None) -> Any:
    """The next call is refused with these words, at `field`."""
    return pytest.raises(ValidationError, match=words if field is None else f"{field}.*{words}")


def kinds(user: User) -> list[str]:
    return list(
        Change.objects.filter(about=f"user:{user.pk}").order_by("pk").values_list("kind", flat=True)
    )


# ---- people ---------------------------------------------------------------------------------


def test_a_new_person_has_no_password_and_a_name_from_the_address(cast: Cast) -> None:
    first, second = add(cast.admin), add(cast.admin, email="Somying@other.example")
    assert (first.username, second.username) == ("somying", "somying2")
    assert not first.has_usable_password()
    assert kinds(first) == ["USER_ADDED"]
    assert Change.objects.first().by == cast.admin


@pytest.mark.parametrize("email", ["officer@example.org", "OFFICER@Example.org"])
def test_an_address_belongs_to_one_active_account(cast: Cast, email: str) -> None:
    with refused("Somebody else has an account", "email"):
        add(cast.admin, email=email, username="another")
    staffing.close_account(cast.officer, by=cast.admin)
    successor = add(cast.admin, email=email, username="another")
    with refused("Somebody else has an account", "email"):
        staffing.open_account(cast.officer, by=cast.admin)
    assert successor.is_active


def test_the_database_holds_the_address_unique_too(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="user_email_once"), transaction.atomic():
        User.objects.filter(pk=cast.colleague.pk).update(email="Officer@example.org")
    User.objects.filter(pk__in=[cast.colleague.pk, cast.chief.pk]).update(email="")


def test_a_login_name_is_taken_whatever_its_case(cast: Cast) -> None:
    User.objects.filter(pk=cast.officer.pk).update(username="Officer")
    with refused("Somebody else signs in", "username"):
        add(cast.admin, username="officer")


def test_an_address_without_latin_letters_asks_for_a_login_name(cast: Cast) -> None:
    with refused("Write a name to sign in with", "username"):
        add(cast.admin, email="สมชาย@example.org")


def test_what_changes_of_a_person_is_written_down_and_nothing_else(cast: Cast) -> None:
    staffing.change_person(cast.officer, by=cast.admin, name="ชื่อใหม่", phone="")
    staffing.change_person(cast.officer, by=cast.admin, name="ชื่อใหม่", phone="")
    change = Change.objects.get(about=f"user:{cast.officer.pk}")
    assert (change.before, change.after) == ({"name": "นาม officer"}, {"name": "ชื่อใหม่"})
    assert change.area_id == "TH420301"


# ---- whom an administrator keeps ------------------------------------------------------------


def test_a_district_keeps_its_own_people_only(cast: Cast, keeper: User) -> None:
    kept = set(staff.kept_by(keeper))
    assert {cast.officer, cast.chief, cast.district_chief, keeper} <= kept
    assert not kept & {cast.outsider, cast.academic, cast.department, cast.admin, cast.nobody}
    assert set(staff.kept_by(cast.officer)) == set()


def test_who_was_added_without_a_post_is_the_adders(cast: Cast, keeper: User) -> None:
    new = add(keeper)
    assert new in staff.kept_by(keeper)
    assert new not in staff.kept_by(cast.admin)
    give(new, None, area="TH420901")
    assert new not in staff.kept_by(keeper)
    assert new in staff.kept_by(cast.admin)


def test_who_left_stays_findable_until_another_office_has_them(cast: Cast, keeper: User) -> None:
    Post.objects.filter(user=cast.officer).update(ends_on=clock.today() - timedelta(days=1))
    assert cast.officer in staff.kept_by(keeper)
    give(cast.officer, None, area="TH420901")
    assert cast.officer not in staff.kept_by(keeper)


def test_an_account_with_a_post_elsewhere_is_not_the_districts(cast: Cast, keeper: User) -> None:
    """Else a district could enter its own e-mail address for a nationwide administrator."""
    give(cast.admin, None, Role.ADMIN, area="TH4203")
    assert cast.admin in staff.kept_by(keeper)
    for call in (
        lambda: staffing.change_person(cast.admin, by=keeper, email="mine@example.org"),
        lambda: staffing.close_account(cast.admin, by=keeper),
        lambda: staffing.invite(cast.admin, by=keeper),
    ):
        with refused("outside of your area"):
            call()
    cast.admin.refresh_from_db()
    assert cast.admin.email == "admin@example.org"


# ---- posts ----------------------------------------------------------------------------------


def test_every_role_has_its_levels() -> None:
    assert set(LEVELS) == set(Role)
    assert fits(Role.FIELD_OFFICER, "TH420301")
    assert not fits(Role.FIELD_OFFICER, "LA0102")
    assert fits(Role.KBF, "LA0102")
    assert fits(Role.ADMIN, "LA")


@pytest.mark.parametrize(
    ("role", "area"),
    [
        (Role.DISTRICT_CHIEF_CD, "TH42"),
        (Role.GOVERNOR, "TH4203"),
        (Role.FIELD_OFFICER, "TH42"),
        (Role.DEPARTMENT, "TH42"),
        (Role.DIST_CD, "TH4203"),
    ],
)
def test_a_role_at_another_level_is_refused(cast: Cast, role: str, area: str) -> None:
    with refused("is no post for", "role"):
        give(cast.nobody, cast.admin, role, area=area)
    assert not Post.objects.filter(user=cast.nobody).exists()


def test_an_administrator_gives_posts_in_their_own_area_only(cast: Cast, keeper: User) -> None:
    for role, area in ((Role.FIELD_OFFICER, "TH420901"), (Role.ADMIN, "TH42"), (Role.ADMIN, "TH")):
        with refused("is not in your area", "area"):
            give(cast.officer, keeper, role, area=area)
    give(cast.officer, keeper, Role.ADMIN, area="TH4203")
    assert people.administered_areas(User.objects.get(pk=cast.officer.pk)) == ["TH4203"]


def test_a_post_is_given_once_however_often_it_is_sent(cast: Cast) -> None:
    posts = {give(cast.nobody, cast.admin).pk for _ in range(3)}
    assert len(posts) == 1
    assert kinds(cast.nobody) == ["POST_ADDED"]


@pytest.mark.parametrize(
    ("starts", "ends", "fine"),
    [(-30, -1, True), (-30, 0, False), (0, None, False), (10, 20, False), (21, None, True)],
)
def test_nobody_holds_the_same_post_twice_at_a_time(
    cast: Cast, starts: int, ends: int | None, fine: bool
) -> None:
    today = clock.today()
    give(cast.nobody, cast.admin, ends_on=today + timedelta(days=20))
    dates = {
        "starts_on": today + timedelta(days=starts),
        "ends_on": None if ends is None else today + timedelta(days=ends),
    }
    if fine:
        give(cast.nobody, cast.admin, **dates)
    else:
        with refused("hold this post already", "starts_on"):
            give(cast.nobody, cast.admin, **dates)


def test_two_may_hold_a_role_and_a_second_chief_is_named(cast: Cast) -> None:
    second = give(cast.nobody, cast.admin, Role.DISTRICT_CHIEF_CD, area="TH4203")
    held = [post.user for post in staff.also_held_by(second)]
    assert held == [cast.chief, cast.second_chief]
    officer = give(cast.nobody, cast.admin)
    assert staff.also_held_by(officer) == []


def test_acting_is_for_somebody_else_in_the_same_post(cast: Cast) -> None:
    own = cast.chief.posts.get()
    post = give(cast.nobody, cast.admin, Role.DISTRICT_CHIEF_CD, area="TH4203", acting_for=own)
    assert post.acting_for == own
    assert own not in staff.also_held_by(post)
    with refused("another role or another area", "acting_for"):
        give(cast.outsider, cast.admin, acting_for=own)
    with refused("Nobody substitutes themselves", "acting_for"):
        later = clock.today() + timedelta(days=400)
        postings.end_post(own, by=cast.admin, ends_on=clock.today())
        give(
            cast.chief,
            cast.admin,
            Role.DISTRICT_CHIEF_CD,
            area="TH4203",
            starts_on=later,
            acting_for=own,
        )


def test_a_post_ends_with_its_last_day(cast: Cast) -> None:
    post = cast.officer.posts.get()
    with refused("ends after it begins", "ends_on"):
        postings.end_post(post, by=cast.admin, ends_on=LONG_AGO - timedelta(days=1))
    for _ in range(2):
        postings.end_post(post, by=cast.admin, ends_on=clock.today())
    assert kinds(cast.officer) == ["POST_ENDED"]
    assert cast.officer in {p.user for p in people.holders(Role.FIELD_OFFICER, "TH420301")}
    tomorrow = clock.today() + timedelta(days=1)
    assert people.posts_of(cast.officer, tomorrow) == []
    with refused("ends earlier already", "ends_on"):
        postings.end_post(post, by=cast.admin, ends_on=tomorrow)


def test_a_post_that_has_not_begun_is_taken_back(cast: Cast) -> None:
    later = give(cast.nobody, cast.admin, starts_on=clock.today() + timedelta(days=9))
    postings.end_post(later, by=cast.admin, ends_on=clock.today())
    assert not Post.objects.filter(user=cast.nobody).exists()
    assert kinds(cast.nobody) == ["POST_ADDED", "POST_ENDED"]


# ---- the last administrator -----------------------------------------------------------------


def test_the_last_administrator_stays(cast: Cast) -> None:
    own = cast.admin.posts.get()
    for ends_on in (clock.today(), clock.today() + timedelta(days=300)):
        with refused("is the last administrator of"):
            postings.end_post(own, by=cast.admin, ends_on=ends_on)
    with refused("is the last administrator of"):
        staffing.close_account(cast.admin, by=None)
    assert kinds(cast.admin) == []


def test_a_lower_an_invited_or_a_closed_one_is_no_other_administrator(cast: Cast) -> None:
    person_with(Role.ADMIN, "TH42")
    give(add(cast.admin), cast.admin, Role.ADMIN, area="TH")
    person_with(Role.ADMIN, "TH", is_active=False)
    with refused("is the last administrator of"):
        staffing.close_account(cast.admin, by=None)


def test_with_another_one_above_an_administrator_may_go(cast: Cast, keeper: User) -> None:
    postings.end_post(keeper.posts.get(), by=cast.admin, ends_on=clock.today())
    second = person_with(Role.ADMIN, "TH")
    staffing.close_account(cast.admin, by=second)
    with refused("Nobody closes their own account"):
        staffing.close_account(second, by=second)


# ---- closing and opening --------------------------------------------------------------------


def test_a_closed_account_is_signed_out_at_once_and_for_good(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.officer)
    assert client.get("/work/").status_code == 200
    staffing.close_account(cast.officer, by=cast.admin)
    assert client.get("/work/").status_code == 302
    staffing.open_account(cast.officer, by=cast.admin)
    assert client.get("/work/").status_code == 302, "an old session came back to life"
    assert not Client().login(username="officer", password="officer")
    assert kinds(cast.officer) == ["USER_DEACTIVATED", "USER_REACTIVATED", "USER_INVITED"]


def test_closing_twice_is_closing_once(cast: Cast) -> None:
    for _ in range(2):
        staffing.close_account(cast.officer, by=cast.admin)
    assert kinds(cast.officer) == ["USER_DEACTIVATED"]


def test_open_work_of_a_closed_account_moves_to_a_colleague(cast: Cast) -> None:
    case = open_founding(cast)
    assert list(staff.open_work(cast.officer)) == [item_of(case)]
    staffing.close_account(cast.officer, by=cast.admin)
    assert tasks.free() == 1
    assert item_of(case).owner == cast.colleague


def test_open_work_under_a_post_is_what_no_other_post_entitles_to(cast: Cast) -> None:
    case = open_founding(cast)
    post = cast.officer.posts.get()
    assert list(staff.open_work(cast.officer, post)) == [item_of(case)]
    wider = give(cast.officer, cast.admin, area="TH4203")
    assert not staff.open_work(cast.officer, post).exists()
    assert not staff.open_work(cast.officer, wider).exists()


# ---- invitations and lost passwords ---------------------------------------------------------


def test_an_invitation_goes_out_once_in_five_minutes(cast: Cast) -> None:
    new = add(cast.admin)
    with clock.travel(at("2026-11-23", "09:00")):
        assert staffing.invite(new, by=cast.admin)
        assert not staffing.invite(new, by=cast.admin)
    with clock.travel(at("2026-11-23", "09:06")):
        assert staffing.invite(new, by=cast.admin)
    assert Message.objects.filter(to=new, template="invited").count() == 2
    assert kinds(new) == ["USER_ADDED", "USER_INVITED", "USER_INVITED"]


def test_a_mended_address_is_invited_at_once(cast: Cast) -> None:
    new = add(cast.admin, email="wrong@example.org")
    assert staffing.invite(new, by=cast.admin)
    new = staffing.change_person(new, by=cast.admin, email="right@example.org")
    assert staffing.invite(new, by=cast.admin)


def test_who_cannot_be_invited_is_told_why(cast: Cast) -> None:
    with refused("has a password already"):
        staffing.invite(cast.officer, by=cast.admin)
    with refused("Enter an e-mail address", "email"):
        staffing.invite(add(cast.admin, email="", username="noone"), by=cast.admin)


@pytest.mark.parametrize(
    "typed", ["officer", "OFFICER", "officer@example.org", "Officer@Example.org"]
)
def test_a_lost_password_is_asked_for_by_name_or_address(cast: Cast, typed: str) -> None:
    for _ in range(3):
        staffing.send_reset(typed)
    assert [m.to for m in Message.objects.filter(template="password_reset")] == [cast.officer]


def test_nobody_closed_or_unknown_is_written_to(cast: Cast) -> None:
    staffing.close_account(cast.officer, by=cast.admin)
    for typed in ("officer", "officer@example.org", "nobody at all", ""):
        staffing.send_reset(typed)
    assert not Message.objects.filter(template="password_reset").exists()


def test_no_secret_stands_in_the_outbox_or_the_history(cast: Cast) -> None:
    new = add(cast.admin)
    staffing.invite(new, by=cast.admin)
    message = Message.objects.get(to=new)
    assert message.context == {"who": cast.admin.name}
    told = " ".join(str([c.before, c.after]) for c in Change.objects.all()) + message.key
    assert "link" not in told
    assert new.password not in told


# ---- two at once ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_close_each_other_one_stays(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both look for another administrator at once, if nothing keeps them apart."""
    second = person_with(Role.ADMIN, "TH")
    together, look = threading.Barrier(2, timeout=1), staff.without_administrator

    def look_together(*args: Any) -> Post | None:
        found = look(*args)
        with suppress(threading.BrokenBarrierError):
            together.wait()
        return found

    monkeypatch.setattr(staff, "without_administrator", look_together)

    def closing(user: User, by: User) -> Any:
        def close() -> str:
            try:
                staffing.close_account(user, by=by)
            except ValidationError as error:
                return " ".join(error.messages)
            return ""

        return close

    answers = at_once(closing(second, cast.admin), closing(cast.admin, second))
    assert User.objects.filter(posts__role=Role.ADMIN, is_active=True).count() == 1
    assert sorted(map(bool, answers)) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_person_one_does(cast: Cast) -> None:
    def adding(username: str) -> Any:
        def go() -> str:
            with translation.override("en"):  # each thread has a language of its own
                try:
                    add(cast.admin, username=username)
                except ValidationError as error:
                    return str(error)
            return ""

        return go

    answers = at_once(adding("one"), adding("two"))
    assert User.objects.filter(email="somying@example.org").count() == 1
    assert [a for a in answers if a] == [a for a in answers if "Somebody else has an account" in a]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_the_same_post_one_does(cast: Cast) -> None:
    at_once(lambda: give(cast.nobody, cast.admin), lambda: give(cast.nobody, cast.admin))
    assert Post.objects.filter(user=cast.nobody).count() == 1
