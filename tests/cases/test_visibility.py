"""Who reads which case: by post, and by name (DESIGN 5; handbook 4.1, rights follow the code)."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from cases import clock, people
from cases.models import Case, Post, User, WorkItem
from cases.roles import SEES_AREA, Role
from tests.cases.bare_case import bare_case

pytestmark = pytest.mark.django_db

AREAS = ["TH420301", "TH42030101", "TH4203", "TH4209", "TH4301", "LA4203"]


@pytest.fixture
def cases() -> dict[str, Case]:
    return {area: bare_case(area) for area in AREAS}


def user(name: str, **posts: str) -> User:
    """A person who holds these posts (role=area) since long ago."""
    person = User.objects.create(username=name, name=name)
    for role, area in posts.items():
        Post.objects.create(user=person, role=role, area_id=area, starts_on="2020-01-01")
    return person


def item(case: Case, owner: User | None, role: str = Role.FIELD_OFFICER, **more: Any) -> WorkItem:
    return WorkItem.objects.create(
        process=case, area=case.area, role=role, owner=owner, flow_task="", **more
    )


def seen(person: Any) -> set[str]:
    return set(Case.objects.visible_to(person).values_list("area", flat=True))


@pytest.mark.parametrize("role", [role for role in Role if role in SEES_AREA])
def test_a_post_reads_the_cases_under_its_area_and_no_others(
    cases: dict[str, Case], role: str
) -> None:
    person = user("ann", **{role: "TH4203"})
    assert seen(person) == {"TH4203", "TH420301", "TH42030101"}


@pytest.mark.parametrize("role", [role for role in Role if role not in SEES_AREA])
def test_the_other_roles_read_nothing_by_post(cases: dict[str, Case], role: str) -> None:
    assert seen(user("ann", **{role: "TH4203"})) == set()


def test_several_posts_add_up_and_each_case_comes_once(cases: dict[str, Case]) -> None:
    person = user("ann", FIELD_OFFICER="TH420301", DISTRICT_CHIEF_CD="TH4203", GOVERNOR="LA4203")
    mine = item(cases["TH420301"], person)
    item(mine.process, person)
    assert sorted(Case.objects.visible_to(person).values_list("area", flat=True)) == [
        "LA4203",
        "TH4203",
        "TH420301",
        "TH42030101",
    ]


def test_a_post_that_ended_or_has_not_begun_reads_nothing(cases: dict[str, Case]) -> None:
    today = clock.today()
    person = user("ann")
    post = Post(user=person, role=Role.FIELD_OFFICER, area_id="TH4203", starts_on="2020-01-01")
    for start, end, reads in [
        (-9, -1, False),
        (-9, 0, True),
        (0, 0, True),
        (0, None, True),
        (1, None, False),
    ]:
        post.starts_on = today + timedelta(days=start)
        post.ends_on = None if end is None else today + timedelta(days=end)
        post.save()
        fresh = User.objects.get(pk=person.pk)
        assert bool(seen(fresh)) == reads, (start, end)


def test_whoever_has_open_work_reads_that_case_wherever_it_is(cases: dict[str, Case]) -> None:
    coach = user("ann", COACH="TH4203")
    item(cases["TH4301"], coach)
    assert seen(coach) == {"TH4301"}


def test_a_closed_work_item_is_read_while_a_post_holds_its_place(cases: dict[str, Case]) -> None:
    coach = user("ann", COACH="TH4203")
    item(cases["TH420301"], coach, closed_at=clock.now())
    item(cases["TH4301"], coach, closed_at=clock.now())
    assert seen(coach) == {"TH420301"}


def test_who_moved_to_another_district_leaves_the_cases_behind(cases: dict[str, Case]) -> None:
    officer = user("ann", FIELD_OFFICER="TH4203")
    item(cases["TH420301"], officer, closed_at=clock.now())
    officer.posts.update(area="TH4209")
    moved = User.objects.get(pk=officer.pk)
    assert seen(moved) == {"TH4209"}


def test_an_administrator_reads_no_case_not_even_of_earlier_work(cases: dict[str, Case]) -> None:
    admin = user("ann", ADMIN="TH4203")
    admin.is_superuser = True
    item(cases["TH420301"], admin, closed_at=clock.now())
    assert seen(admin) == set()


def test_nobody_reads_anything_through_a_closed_account(cases: dict[str, Case]) -> None:
    person = user("ann", FIELD_OFFICER="TH4203")
    item(cases["TH4301"], person)
    person.is_active = False
    assert seen(person) == set()
    assert seen(AnonymousUser()) == set()


def test_two_statements_find_the_cases_of_a_person(
    cases: dict[str, Case], django_assert_num_queries: Any
) -> None:
    person = user("ann", FIELD_OFFICER="TH420301", DISTRICT_CHIEF_CD="TH4209", COACH="TH4301")
    with django_assert_num_queries(2):
        assert seen(person) == {"TH420301", "TH42030101", "TH4209"}
    with django_assert_num_queries(1):
        assert Case.objects.visible_to(person).count() == 3


def test_workable_are_the_items_for_which_there_is_a_post(cases: dict[str, Case]) -> None:
    for case in cases.values():
        for role in (Role.FIELD_OFFICER, Role.DISTRICT_CHIEF_CD):
            item(case, owner=None, role=role)
    for posts in (
        {},
        {"FIELD_OFFICER": "TH4203"},
        {"FIELD_OFFICER": "TH4203", "GOVERNOR": "TH4301"},
    ):
        person = user(f"ann{len(posts)}", **posts)
        by_rule = {
            pk
            for pk, role, area in WorkItem.objects.values_list("pk", "role", "area")
            if people.post_for(person, role, area)
        }
        found = WorkItem.objects.filter(people.workable_by(person))
        assert set(found.values_list("pk", flat=True)) == by_rule
        assert bool(by_rule) == bool(posts)
