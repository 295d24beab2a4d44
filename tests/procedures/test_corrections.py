"""A finished step is corrected as a new version; the old one stays (handbook 8, rule 10)."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import translation

from cases import audit, clock
from cases.models import Case, Post, User, WorkItem
from cases.models.event import EventKind
from cases.roles import Role
from notifications.models import Message
from tests.cast import Cast, bring_to, do, fresh, item_of, open_founding
from workflows import actions, corrections, versions
from workflows.errors import AlreadyDone, NotYours, Outdated, Refused, StillOpen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def done_item(case: Case, step: str) -> WorkItem:
    """The finished work item of `step`, the latest one."""
    done = [i for i in case.task_set.order_by("pk") if i.step == step and not i.is_open]
    return done[-1]


def correct(case: Case, step: str, *, by: User, reason: str = "พิมพ์ผิด", **values: Any) -> Any:
    """Correct `step` as somebody would who looks at its newest version."""
    shown = len(versions.of_step(fresh(case), step))
    corrections.correct(
        done_item(case, step).pk,
        by=by,
        lines=values.pop("lines", None),
        values=values,
        reason=reason,
        version=shown,
    )
    return fresh(case)


def refusal(case: Case, step: str, *, by: User, **values: Any) -> str:
    """Why a correction is refused; nothing has happened then."""
    before = fresh(case).events.count()
    with pytest.raises(Refused) as refused, transaction.atomic():
        correct(case, step, by=by, **values)
    assert fresh(case).events.count() == before
    return f"{type(refused.value).__name__}: {refused.value.text}"


@pytest.fixture
def founded(cast: Cast) -> Any:
    """A founded group's case, at its first step of following up."""
    return bring_to(open_founding(cast), "bank_letter", cast)


# A new version ---------------------------------------------------------------------------------


def test_a_correction_is_a_new_version_with_a_reason(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "present", cast)
    case = correct(case, "analyse", by=cast.officer, reason="นับใหม่", analysis_participants=21)
    assert case.analysis_participants == 21
    first, second = versions.of_step(case, "analyse")
    assert (first.values or {})["analysis_participants"] == 18
    assert second.values == (first.values or {}) | {"analysis_participants": 21}
    assert (second.reason, second.is_correction) == ("นับใหม่", True)
    event = case.events.get(kind=EventKind.STEP_CORRECTED)
    assert event.codes["fields"] == ["analysis_participants"]
    assert event.codes["version"] == 2
    assert event.text.body["before"] == {"analysis_participants": 18}
    assert item_of(case).step == "present"
    call_command("verify_audit", case=case.number)


def test_what_was_done_again_after_a_return_is_a_version_too(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    back = {"outcome": "RETURNED", "to": "study", "reason": "เหตุ"}
    case = do(case, "verify_preparation", by=cast.chief, **back)
    case = do(case, "study", by=cast.officer, study_year=2024)
    case = correct(case, "study", by=cast.officer, study_year=2023)
    known = versions.of_step(case, "study")
    assert [(v.values or {})["study_year"] for v in known] == [2025, 2024, 2023]
    assert [v.is_correction for v in known] == [False, False, True]


def test_an_emptied_field_is_kept_as_emptied(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "prepare_papers", cast)
    case = correct(case, "draft_rules", by=cast.officer, cash_limit=5000)
    case = correct(case, "draft_rules", by=cast.officer, cash_limit=None)
    assert case.cash_limit is None
    last = versions.of_step(case, "draft_rules")[-1]
    assert "cash_limit" not in (last.values or {})
    assert last.event.text.body["before"] == {"cash_limit": "5000.00"}


# Who may ---------------------------------------------------------------------------------------


def test_whoever_holds_the_post_today_may(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "analyse", cast)
    for who in (cast.chief, cast.province, cast.outsider, cast.admin, cast.nobody):
        assert refusal(case, "study", by=who, study_year=2024).startswith("NotYours")
    correct(case, "study", by=cast.colleague, study_year=2024)
    Post.objects.filter(user=cast.officer).update(ends_on=clock.today() - timedelta(days=1))
    left = User.objects.get(pk=cast.officer.pk)
    assert refusal(case, "study", by=left, study_year=2023).startswith("NotYours")


def test_who_corrected_does_not_decide_on_it(cast: Cast) -> None:
    """Four eyes: a correction is work on the case (handbook 4.1)."""
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    area = cast.village.parent
    Post.objects.create(
        user=cast.second_chief, role=Role.FIELD_OFFICER, area=area, starts_on=clock.today()
    )
    both = User.objects.get(pk=cast.second_chief.pk)
    correct(case, "gather", by=both, interested_count=36)
    with pytest.raises(NotYours):
        do(case, "verify_preparation", by=both)


def test_a_cancelled_case_is_not_corrected(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "analyse", cast)
    actions.end(case, how="cancelled", by=cast.chief, reason="เหตุ")
    assert "ended before its time" in refusal(case, "study", by=cast.officer, study_year=2024)


def test_a_decision_is_not_corrected(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "meet", cast)
    assert "a decision is made anew" in refusal(case, "verify_preparation", by=cast.chief)


# What is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "values", "words"),
    [
        ("study", {"study_year": 2024, "reason": "  "}, "needs a reason"),
        ("study", {}, "Nothing differs"),
        ("study", {"study_year": 2025}, "Nothing differs"),
        ("gather", {"interested_count": 3}, "At least 20 people have to be interested"),
        ("vote", {"votes_for": 60}, "63 votes were counted, but only 41 people attended."),
        ("draft_rules", {"interest_rate": Decimal(16)}, "15 % a year"),
        ("meet", {"meeting_attendance": 20}, "It would no longer fit the step"),
        ("vote", {"votes_for": 1, "votes_against": 38}, "The vote was not in favour"),
    ],
)
def test_what_would_no_longer_hold_is_refused(
    cast: Cast, founded: Any, step: str, values: dict[str, Any], words: str
) -> None:
    assert words in refusal(founded, step, by=cast.officer, **values)


def test_a_correction_does_not_change_the_way_of_a_case(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "enrol", cast)
    lost = {"votes_for": 1, "votes_against": 38, "after_lost_vote": "CLOSE"}
    why = refusal(case, "vote", by=cast.officer, **lost)
    assert "would not have gone from" in why
    assert "return it to this step" in why
    case = bring_to(open_founding(cast, area=cast.second_village), "vote", cast)
    case = do(case, "vote", by=cast.officer, **lost)
    won = {"votes_for": 38, "votes_against": 1}
    assert "It has ended that way" in refusal(case, "vote", by=cast.officer, **won)


def test_a_member_with_a_seat_is_not_taken_out(cast: Cast, founded: Any) -> None:
    rows = done_item(founded, "enrol").flow_task.rows
    lines = rows.kept(founded)
    why = refusal(founded, "enrol", by=cast.officer, lines=lines[1:])
    assert "is not among the members enrolled" in why
    assert "people have to join" in refusal(founded, "enrol", by=cast.officer, lines=lines[:3])


def test_a_step_that_is_open_again_is_done_and_not_corrected(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    before = done_item(case, "study")
    back = {"outcome": "RETURNED", "to": "study", "reason": "เหตุ"}
    case = do(case, "verify_preparation", by=cast.chief, **back)
    with pytest.raises(StillOpen) as refused:
        correct(case, "study", by=cast.officer, study_year=2024)
    assert refused.value.pk == item_of(case, "study").pk
    case = do(case, "study", by=cast.officer)
    sent: dict[str, Any] = {"values": {"study_year": 2024}, "reason": "เหตุ", "version": 2}
    with pytest.raises(Refused, match="done again since then"):
        corrections.correct(before.pk, by=cast.officer, **sent)


def test_what_became_void_is_not_corrected(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "vote", cast)
    lost = {"votes_for": 1, "votes_against": 38, "after_lost_vote": "TRY_AGAIN"}
    case = do(case, "vote", by=cast.officer, **lost)
    assert "no longer counts" in refusal(case, "vote", by=cast.officer, votes_for=2)


def test_of_two_who_saw_the_same_version_the_second_is_told(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "analyse", cast)
    pk = done_item(case, "study").pk
    sent: dict[str, Any] = {"reason": "เหตุ", "version": 1}
    corrections.correct(pk, by=cast.officer, values={"study_year": 2024}, **sent)
    with pytest.raises(Outdated, match=cast.officer.name):
        corrections.correct(pk, by=cast.colleague, values={"study_year": 2023}, **sent)
    with pytest.raises(AlreadyDone, match=cast.officer.name):
        corrections.correct(pk, by=cast.officer, values={"study_year": 2024}, **sent)
    assert fresh(case).study_year == 2024


# What follows, and who is told -----------------------------------------------------------------


def test_the_register_follows_a_founded_group(cast: Cast, founded: Any) -> None:
    due = item_of(founded).due_on
    yesterday = clock.today() - timedelta(days=1)
    case = correct(founded, "draft_rules", by=cast.officer, group_name="กลุ่มใหม่", deposit_day=7)
    case = correct(case, "meet", by=cast.officer, meeting_on=yesterday)
    assert (case.party.name, case.party.founded_on) == ("กลุ่มใหม่", yesterday)
    assert case.rules.get().deposit_day == 7
    assert item_of(case).due_on == due


def test_a_deadline_from_the_founding_moves_with_its_day(cast: Cast, founded: Any) -> None:
    case = do(founded, "bank_letter", by=cast.officer)
    item = item_of(case, "first_deposit")
    told_at = item.deadline.next_at
    earlier = clock.today() - timedelta(days=10)
    case = correct(case, "meet", by=cast.officer, meeting_on=earlier)
    moved = item_of(case, "first_deposit")
    assert moved.due_on == item.due_on - timedelta(days=10)
    assert moved.deadline.due_on == moved.due_on
    assert moved.deadline.next_at < told_at
    assert moved.deadline.ledger[-1]["what"] == "corrected"


def test_adopted_rules_follow(cast: Cast, founded: Any) -> None:
    for step in ("bank_letter", "first_deposit", "open_account", "advise", "adopt_rules"):
        founded = do(founded, step, by=cast.officer)
    assert founded.closed_at
    correct(founded, "adopt_rules", by=cast.officer, rules_resolution="มติที่ 2")
    assert founded.rules.get().resolution == "มติที่ 2"


def test_a_wait_ends_on_the_corrected_day(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "ask_leaders", cast)
    day = clock.today() + timedelta(days=30)
    case = do(case, "ask_leaders", by=cast.officer, leaders_agreed=False, revisit_on=day)
    sooner = day - timedelta(days=10)
    case = correct(case, "ask_leaders", by=cast.officer, revisit_on=sooner)
    assert item_of(case).wakes_on == sooner


def test_members_and_seats_follow_and_what_came_since_stays(cast: Cast, founded: Any) -> None:
    party, later = founded.party, clock.today() + timedelta(days=40)
    newcomer = party.members.create(
        number=99, name="นายมาใหม่ ทีหลัง", born_on="1990-01-01", joined_on=later
    )
    party.seats.filter(position="TREASURER").update(left_on=later)
    rows = done_item(founded, "enrol").flow_task.rows
    lines = rows.kept(founded)
    lines[0] |= {"name": "นายชื่อถูก นามสกุลจริง"}
    case = correct(founded, "enrol", by=cast.officer, lines=lines)
    assert party.members.get(number=lines[0]["number"]).name == "นายชื่อถูก นามสกุลจริง"
    assert party.seats.filter(name="นายชื่อถูก นามสกุลจริง").exists()
    seats = party.seats.count()
    day = clock.today() - timedelta(days=0)
    case = correct(case, "elect", by=cast.officer, elected_on=day, committee_term_months=36)
    assert party.members.filter(pk=newcomer.pk).exists()
    assert party.seats.count() == seats
    assert party.seats.get(position="TREASURER").left_on == later
    assert party.seats.first().ends_on.year == day.year + 3
    kept = versions.of_step(case, "enrol")[-1].event.text.body
    assert kept["before"]["lines"][0]["name"] != kept["after"]["lines"][0]["name"]
    assert case.events.get(kind="STEP_CORRECTED", step="enrol").codes["fields"] == ["lines"]


def test_what_depended_on_it_is_kept_in_the_event(cast: Cast, founded: Any) -> None:
    case = correct(founded, "meet", by=cast.officer, meeting_place="ศาลากลางบ้าน")
    kept = case.events.latest("number").codes["depends"]
    (decision,) = case.decisions.filter(step="verify_founding")
    assert kept == {"decision": [decision.pk], "state": ["founded"]}
    yesterday = clock.today() - timedelta(days=1)
    case = correct(case, "meet", by=cast.officer, meeting_on=yesterday)
    steps = case.events.latest("number").codes["depends"]["step"]
    named = {item.step for item in case.task_set.filter(pk__in=steps)}
    assert named == {"enrol", "set_targets"}


def test_the_lines_that_later_steps_read_are_named(cast: Cast, founded: Any) -> None:
    lines = done_item(founded, "enrol").flow_task.rows.kept(founded)
    lines[-1] |= {"occupation": "ค้าขาย"}
    case = correct(founded, "enrol", by=cast.officer, lines=lines)
    steps = case.events.latest("number").codes["depends"]["step"]
    assert {item.step for item in case.task_set.filter(pk__in=steps)} == {"elect"}


def test_who_decided_and_who_has_the_open_step_are_told_once(cast: Cast, founded: Any) -> None:
    Message.objects.all().delete()
    case = correct(founded, "gather", by=cast.colleague, reason="นับใหม่", interested_count=36)
    told = Message.objects.filter(template="corrected")
    assert {message.to for message in told} == {cast.chief, cast.officer}
    assert told.count() == Message.objects.count() == 2
    assert {message.context["reason"] for message in told} == {"นับใหม่"}
    Message.objects.all().delete()
    correct(case, "gather", by=cast.officer, interested_count=37)
    assert {message.to for message in Message.objects.all()} == {cast.chief}


def test_an_erased_text_leaves_its_version_without_values(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "analyse", cast)
    case = correct(case, "study", by=cast.officer, study_findings="เรื่องส่วนตัว")
    with transaction.atomic():
        audit.erase(case.events.latest("number"), cast.admin, "personal")
    case = correct(fresh(case), "study", by=cast.officer, study_findings="ทั่วไป")
    assert [version.values is None for version in versions.of_step(case, "study")] == [
        False,
        True,
        False,
    ]
    call_command("verify_audit", case=case.number)


def test_no_line_takes_the_number_of_who_joined_later(cast: Cast, founded: Any) -> None:
    """The number of a line comes back from a browser, where anybody can write another."""
    party, later = founded.party, clock.today() + timedelta(days=40)
    party.members.create(number=99, name="นายมาใหม่ ทีหลัง", joined_on=later)
    lines = done_item(founded, "enrol").flow_task.rows.kept(founded)
    forged = [*lines, {**lines[0], "name": "นายตกหล่น ใจดี", "number": 99}]
    correct(founded, "enrol", by=cast.officer, lines=forged)
    assert party.members.get(number=99).name == "นายมาใหม่ ทีหลัง"
    assert party.members.get(number=100).name == "นายตกหล่น ใจดี"
