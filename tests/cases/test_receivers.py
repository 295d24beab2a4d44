"""Whom a rung reaches: the doer, posts, roles and lists; nobody there is passed upwards at once."""

from typing import Any

import pytest

from cases import holidays, ladders, sweep
from cases.models import Area, Deadline, Post, User, WorkItem
from cases.roles import Role
from notifications.models import Message
from tests.cases.climbing import (
    BEGUN,
    DUE_DAY,
    ONE_LATE,
    REMINDER,
    chiefs_of_all_levels,
    skips,
    swept,
)
from tests.cases.running import DISTRICT, PROVINCE, TAMBON, at, person, places, work_under_deadline


@pytest.fixture(autouse=True)
def _data(db: None) -> None:
    holidays.seed("TH", [2026, 2027])
    ladders.seed()
    places()


@pytest.fixture
def officer() -> User:
    return person("officer", Role.FIELD_OFFICER)


@pytest.fixture
def chiefs() -> dict[str, User]:
    return chiefs_of_all_levels()


def test_an_empty_post_is_skipped_upwards_at_once(officer: User, chiefs: dict[str, User]) -> None:
    Post.objects.filter(user=chiefs["cd_chief"]).update(ends_on="2026-11-30")
    work_under_deadline(BEGUN, officer)
    assert swept(ONE_LATE) == {("officer", "overdue"), ("chief", "escalated")}
    assert ("nobody_holds_post", "DISTRICT_CHIEF_CD", None) in skips()
    assert Message.objects.get(to__username="chief").context["passed_up"]


def test_who_has_no_address_or_left_is_passed_over_upwards(chiefs: dict[str, User]) -> None:
    left = person("left", Role.FIELD_OFFICER, is_active=False)
    User.objects.filter(username="cd_chief").update(email="")
    work_under_deadline(BEGUN, left)
    assert swept(DUE_DAY) == {("chief", "due_today")}
    assert skips()[1:] == [
        ("not_active", "FIELD_OFFICER", "left"),
        ("no_address", "DISTRICT_CHIEF_CD", "cd_chief"),
    ]


@pytest.mark.usefixtures("chiefs")
def test_nobody_is_told_twice_by_rungs_that_meet_in_one_person(officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(email="")
    work_under_deadline(BEGUN, officer)
    # The doer's rung passes upwards to the supervisor, who stands on the next rung as well.
    assert swept(ONE_LATE) == {("cd_chief", "overdue")}
    assert skips()[-1] == ("told_already", "DISTRICT_CHIEF_CD", "cd_chief")


def test_nobody_hears_about_themselves_as_somebodys_supervisor(chiefs: dict[str, User]) -> None:
    acting = chiefs["cd_chief"]
    Post.objects.create(
        user=acting, role=Role.FIELD_OFFICER, area_id=DISTRICT, starts_on="2026-01-01"
    )
    work_under_deadline(BEGUN, acting)
    assert swept(ONE_LATE) == {("cd_chief", "overdue"), ("chief", "escalated")}
    assert skips()[-1] == ("is_the_doer", "DISTRICT_CHIEF_CD", "cd_chief")


@pytest.mark.usefixtures("chiefs")
def test_the_line_ends_with_a_record_where_nobody_is_left() -> None:
    department = person("department", Role.DEPARTMENT, "TH")
    work_under_deadline(BEGUN, department, role=Role.DEPARTMENT)
    assert swept(ONE_LATE) == {("department", "overdue")}
    assert skips()[-1] == ("end_of_line", "", None)


def with_ladder(by: User, **receiver: object) -> None:
    """A ladder of the district's own: one rung on the due day, the same again a day later."""
    entry = {"working_days": 0, "template": "escalated", "every": 1, "times": 1, **receiver}
    area = Area.objects.get(pk=DISTRICT)
    ladders.add_version("default", area, [entry], by=by, reason="-")


def test_a_role_is_told_where_the_case_is_or_above(officer: User) -> None:
    person("governor", Role.GOVERNOR, PROVINCE)
    coach = person("coach", Role.COACH, TAMBON)
    person("coach_of_all", Role.COACH, DISTRICT)
    with_ladder(officer, tell="ROLE", role="COACH")
    work_under_deadline(BEGUN, officer)
    assert swept(DUE_DAY) == {("coach", "escalated")}
    coach.posts.update(ends_on="2026-12-02")
    assert swept(ONE_LATE) == {("coach_of_all", "escalated")}


@pytest.mark.usefixtures("chiefs")
def test_a_role_that_nobody_holds_is_passed_upwards_from_where_it_stands(officer: User) -> None:
    with_ladder(officer, tell="ROLE", role="DISTRICT_CHIEF")
    Post.objects.filter(user__username="chief").update(ends_on="2026-11-30")
    work_under_deadline(BEGUN, officer)
    assert swept(DUE_DAY) == {("academic", "escalated"), ("head", "escalated")}
    assert skips() == [("nobody_holds_post", "DISTRICT_CHIEF", None)]


@pytest.mark.usefixtures("chiefs")
def test_a_role_outside_the_line_is_passed_to_the_doers_superior(officer: User) -> None:
    with_ladder(officer, tell="ROLE", role="COACH")
    work_under_deadline(BEGUN, officer)
    assert swept(DUE_DAY) == {("cd_chief", "escalated")}


def test_a_list_is_told_by_name_and_passed_upwards_where_nobody_is_left(
    officer: User, chiefs: dict[str, User]
) -> None:
    one, other = person("one"), person("other")
    with_ladder(chiefs["chief"], tell="PEOPLE", people=[one.pk, other.pk, officer.pk])
    work_under_deadline(BEGUN, officer)
    User.objects.filter(pk=other.pk).update(is_active=False)
    assert swept(DUE_DAY) == {("one", "escalated")}
    assert skips() == [("is_the_doer", "", "officer"), ("not_active", "", "other")]
    User.objects.filter(pk=one.pk).update(email="")
    assert swept(ONE_LATE) == {("cd_chief", "escalated")}
    assert Message.objects.get(to__username="cd_chief").context["passed_up"]


class TestSpan:
    """A deadline of the case itself, for which a role answers."""

    def span(self, owner: User | None) -> Deadline:
        """Work of `owner` in a case, and the deadline of the case instead of the work's."""
        deadline = work_under_deadline(BEGUN, owner)
        changed = {"work_item": None, "name": "founding", "role": Role.FIELD_OFFICER}
        Deadline.objects.filter(pk=deadline.pk).update(**changed)
        return deadline

    def test_whoever_has_the_open_steps_of_the_role_is_the_doer(self, officer: User) -> None:
        person("colleague", Role.FIELD_OFFICER)
        deadline = self.span(officer)
        assert swept(REMINDER) == {("officer", "reminder")}
        context = Message.objects.get().context
        assert (context["step"], context["who"]) == ({"en": "founding"}, "")
        WorkItem.objects.update(closed_at=at(REMINDER))
        assert swept(DUE_DAY) == {("officer", "due_today"), ("colleague", "due_today")}
        assert deadline.rung_records.count() == 3

    def test_unclaimed_work_beside_it_is_still_everybodys(self, officer: User) -> None:
        person("colleague", Role.FIELD_OFFICER)
        span, unclaimed = self.span(officer), work_under_deadline(BEGUN)
        Deadline.objects.filter(pk=unclaimed.pk).update(case=span.case_id)
        swept(REMINDER)
        told = unclaimed.rung_records.values_list("receiver__username", flat=True)
        assert sorted(told) == ["colleague", "officer"]

    def test_without_open_steps_all_who_hold_the_role(
        self, officer: User, chiefs: dict[str, User]
    ) -> None:
        self.span(None)
        assert swept(ONE_LATE) == {("officer", "overdue"), ("cd_chief", "escalated")}
        assert chiefs["cd_chief"].email

    def test_many_spans_cost_one_statement_more(
        self, officer: User, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(9):
            self.span(officer)
        with django_assert_max_num_queries(10):
            assert sweep.until_done(at=at(REMINDER)) == 9
