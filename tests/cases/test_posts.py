"""Posts: who holds a role at an area on a day, and in which post a person acts (handbook 4.1)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import clock, people, territory
from cases.models import Post, User
from cases.models.area import prefixes
from cases.roles import Role
from cases.territory import Unit

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
CHAIN = ["TH", "TH42", "TH4203", "TH420301", "TH42030101"]
ASIDE = ["TH4209", "TH4230", "LA", "LA42", "LA4203"]
UNITS = [Unit(code, code) for code in CHAIN + ASIDE]
# Most posts lie above one another, so that the nearest has rivals in most examples.
AREAS = st.sampled_from(CHAIN) | st.sampled_from(CHAIN + ASIDE)
ROLES = [Role.FIELD_OFFICER, Role.DISTRICT_CHIEF_CD]
USERS = ["ann", "ben", "cho", "dan"]
# The people and areas stay for all examples of a test; the posts are of one example alone.
PROPERTY = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

POSTS = st.lists(
    st.fixed_dictionaries(
        {
            "user": st.sampled_from(USERS),
            "role": st.sampled_from(ROLES),
            "area": AREAS,
            # Days before and after the one asked for, the two borders among them.
            "start": st.integers(-3, 1),
            "length": st.none() | st.integers(0, 4),
        }
    ),
    min_size=2,
    max_size=12,
)


@pytest.fixture
def people_of_loei() -> dict[str, User]:
    territory.load(UNITS)
    return {
        name: User.objects.create(username=name, name=name, is_active=name != "dan")
        for name in USERS
    }


@contextmanager
def standing(users: dict[str, User], drawn: list[dict[str, Any]]) -> Iterator[list[Post]]:
    """The drawn posts in the database, for one example only."""
    rows = []
    for entry in drawn:
        start = TODAY + timedelta(days=entry["start"])
        end = None if entry["length"] is None else start + timedelta(days=entry["length"])
        rows.append(
            Post(
                user=users[entry["user"]],
                role=entry["role"],
                area_id=entry["area"],
                starts_on=start,
                ends_on=end,
            )
        )
    for user in users.values():
        user.__dict__.pop("_posts_by_day", None)
    with transaction.atomic():
        yield Post.objects.bulk_create(rows)
        transaction.set_rollback(True)


def held(post: Post) -> bool:
    """The oracle's reading of "in force": both days count, and the person may sign in."""
    ended = post.ends_on is not None and post.ends_on < TODAY
    return post.user.is_active and post.starts_on <= TODAY and not ended


def slow_holders(posts: list[Post], role: str, area: str) -> set[int]:
    """Users that hold `role`, looked for at the area, then at its parent, and so on."""
    code = area
    while code:
        found = {
            post.user_id
            for post in posts
            if held(post) and post.role == role and post.area_id == code
        }
        if found:
            return found
        code = code[:-2]
    return set()


@PROPERTY
@given(drawn=POSTS, role=st.sampled_from(ROLES), area=AREAS)
def test_holders_are_those_of_the_nearest_area(
    people_of_loei: dict[str, User], drawn: list[dict[str, Any]], role: str, area: str
) -> None:
    with standing(people_of_loei, drawn) as posts:
        found = people.holders(role, area, TODAY)
        assert [post.user_id for post in found] == [
            post.user_id for post in sorted(found, key=lambda post: post.pk)
        ]
        assert sorted(post.user_id for post in found) == sorted(slow_holders(posts, role, area))
        assert all(post.role == role and post.area_id in prefixes(area) for post in found)


@PROPERTY
@given(drawn=POSTS, role=st.sampled_from(ROLES), area=AREAS)
def test_a_person_acts_in_their_nearest_post(
    people_of_loei: dict[str, User], drawn: list[dict[str, Any]], role: str, area: str
) -> None:
    with standing(people_of_loei, drawn) as posts:
        for user in people_of_loei.values():
            mine = [p for p in posts if p.user_id == user.pk and p.role == role and held(p)]
            above = [p for p in mine if area[: len(p.area_id)] == p.area_id]
            post = people.post_for(user, role, area, TODAY)
            assert (post is None) == (above == [])
            if post is not None:
                assert post.pk in {p.pk for p in above}
                assert len(post.area_id) == max(len(p.area_id) for p in above)


@PROPERTY
@given(drawn=POSTS)
def test_visible_areas_cover_the_posts_and_never_twice(
    people_of_loei: dict[str, User], drawn: list[dict[str, Any]]
) -> None:
    with standing(people_of_loei, drawn) as posts:
        for user in people_of_loei.values():
            codes = people.visible_areas(user, TODAY)
            mine = {post.area_id for post in posts if post.user_id == user.pk and held(post)}
            assert set(codes) <= mine
            assert all(any(own.startswith(code) for code in codes) for own in mine)
            assert not any(a != b and a.startswith(b) for a in codes for b in codes)


def test_today_is_the_clocks_day(people_of_loei: dict[str, User]) -> None:
    Post.objects.create(
        user=people_of_loei["ann"], role=ROLES[0], area_id="TH4203", starts_on="2031-05-01"
    )
    later = clock.now().replace(year=2031, month=5, day=1)
    assert people.holders(ROLES[0], "TH420301") == []
    with clock.travel(later):
        assert len(people.holders(ROLES[0], "TH420301")) == 1


def test_one_query_finds_holders_and_one_a_persons_posts(
    people_of_loei: dict[str, User], django_assert_num_queries: Any
) -> None:
    ann = people_of_loei["ann"]
    Post.objects.create(user=ann, role=ROLES[0], area_id="TH4203", starts_on="2020-01-01")
    with django_assert_num_queries(1):
        assert [str(post.user) for post in people.holders(ROLES[0], "TH42030101")] == ["ann"]
    with django_assert_num_queries(1):
        assert people.post_for(ann, ROLES[0], "TH420301").area.name == "TH4203"
        assert people.visible_areas(ann) == ["TH4203"]
        assert people.posts_of(ann)[0].acting_for is None


def test_who_is_not_signed_in_holds_no_post(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert people.posts_of(AnonymousUser()) == []
        assert people.post_for(AnonymousUser(), ROLES[0], "TH42") is None


def test_of_two_posts_at_one_area_people_hold_their_own(people_of_loei: dict[str, User]) -> None:
    ann, ben = people_of_loei["ann"], people_of_loei["ben"]
    place = {"role": ROLES[1], "area_id": "TH4203", "starts_on": "2020-01-01"}
    bens = Post.objects.create(user=ben, **place, ends_on="2020-12-31")
    Post.objects.create(user=ann, **place, acting_for=bens)
    own = Post.objects.create(user=ann, **place)
    assert people.holders(ROLES[1], "TH420301") == [own]
    assert people.post_for(ann, ROLES[1], "TH420301") == own


class TestActing:
    def test_the_substitute_holds_the_role_under_their_own_name(
        self, people_of_loei: dict[str, User]
    ) -> None:
        ann, ben = people_of_loei["ann"], people_of_loei["ben"]
        place = {"role": ROLES[1], "area_id": "TH4203"}
        bens = Post.objects.create(
            user=ben, **place, starts_on="2020-01-01", ends_on=TODAY - timedelta(days=1)
        )
        acting = Post(user=ann, **place, starts_on=TODAY, acting_for=bens)
        acting.full_clean()
        acting.save()
        assert people.holders(ROLES[1], "TH420301", TODAY) == [acting]
        found = people.post_for(ann, ROLES[1], "TH420301", TODAY)
        assert found.acting_for.user == ben
        assert people.post_for(ben, ROLES[1], "TH420301", TODAY) is None

    @pytest.mark.parametrize(
        "change", [{"role": ROLES[0]}, {"area_id": "TH4209"}, {"user": "the same"}]
    )
    def test_only_somebody_elses_post_of_that_role_and_area_is_substituted(
        self, people_of_loei: dict[str, User], change: dict[str, Any]
    ) -> None:
        ann, ben = people_of_loei["ann"], people_of_loei["ben"]
        place = {"role": ROLES[1], "area_id": "TH4203", "starts_on": TODAY}
        bens = Post.objects.create(user=ben, **place)
        if "user" in change:
            change = {"user": ben}
        with pytest.raises(ValidationError, match="acting_for"):
            Post(**{"user": ann, "acting_for": bens, **place, **change}).full_clean()


def test_a_post_does_not_end_before_it_starts(people_of_loei: dict[str, User]) -> None:
    with pytest.raises(IntegrityError, match="post_ends_after_start"):
        Post.objects.create(
            user=people_of_loei["ann"],
            role=ROLES[0],
            area_id="TH4203",
            starts_on=TODAY,
            ends_on=TODAY - timedelta(days=1),
        )
