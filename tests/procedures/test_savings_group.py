"""Founding a savings group as handbook 5.1 tells it, stages 1 and 2."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import clock, contents
from cases.models import Case, Decision, Party, Post, User
from notifications.models import Message
from tests.cast import (
    LONG_AGO,
    STAGE_1,
    STAGE_2,
    STAGE_3,
    Cast,
    bring_to,
    do,
    entries,
    fresh,
    item_of,
    open_founding,
    prove,
    typed,
)
from workflows import actions, claims, tasks
from workflows.entries import Entries
from workflows.errors import AlreadyDone, Blocked, NotYours, Refused, TakenBySomebody


def test_a_village_comes_to_a_founded_group(cast: Cast) -> None:
    case = open_founding(cast)
    assert case.number.startswith("SGF-42-")
    for step in STAGE_1:
        assert case.state in ("", "preparing")
        case = do(case, step, by=cast.officer)
    case = do(case, "verify_preparation", by=cast.chief)
    assert case.state == "founding"
    for step in STAGE_2:
        case = do(case, step, by=cast.officer)
    case = do(case, "verify_founding", by=cast.chief)
    for step in STAGE_3:
        assert (case.state, case.closed_at) == ("founded", None)
        case = do(case, step, by=cast.officer)
    assert case.state == "founded"
    assert case.closed_at is not None
    assert not case.task_set.filter(closed_at=None).exists()
    assert not case.deadlines.filter(closed_at=None).exists()
    group = Party.objects.get(pk=case.party_id)
    assert (group.kind, group.area_id) == (Party.Kind.SAVINGS_GROUP, cast.village.code)
    assert group.name == "กลุ่มออมทรัพย์เพื่อการผลิตบ้านทุ่งใหม่"
    assert group.register_number.startswith("SG-4203-")
    told = Message.objects.filter(template="case_ended").values_list("to__username", flat=True)
    assert list(told) == ["chief"]
    call_command("verify_audit", case=case.number)


def test_a_village_with_a_group_is_told_of_it_and_may_still_have_a_second(
    cast: Cast, client: Client
) -> None:
    """Founding is for villages without a group (handbook 5.1, trigger): it warns, never forbids."""
    client.force_login(cast.officer)
    url = f"{reverse('new-case')}?village={cast.village.code}"
    group = Party(kind=Party.Kind.SAVINGS_GROUP, area=cast.village, name="กลุ่มออมทรัพย์เดิม")
    assert group.name not in client.get(url).content.decode()
    group.save()
    assert group.name in client.get(url).content.decode()
    assert client.post(url, {"trigger": "NO_CAPITAL", "submit": "1"}).status_code == 302


def test_two_groups_of_a_district_get_two_register_numbers(cast: Cast) -> None:
    numbers = set()
    for village in (cast.village, cast.second_village):
        case = bring_to(open_founding(cast, area=village), "verify_founding", cast)
        case = do(case, "verify_founding", by=cast.chief)
        numbers.add(case.party.register_number)
    assert len(numbers) == 2


def test_returned_once_then_approved(cast: Cast) -> None:
    """A return names step and defects; mended, the case goes straight back (handbook 8, 5)."""
    case = bring_to(open_founding(cast), "verify_founding", cast)
    case = do(
        case,
        "verify_founding",
        by=cast.chief,
        outcome="RETURNED",
        to="elect",
        reason="วาระไม่ครบ",
        defects=["ขาดลายมือชื่อ", "วาระไม่ตรง"],
    )
    assert case.state == "founding"
    item = item_of(case, "elect")
    assert item.owner == cast.officer
    assert [d.text for d in case.defects.all()] == ["ขาดลายมือชื่อ", "วาระไม่ตรง"]
    with pytest.raises(Blocked, match="ขาดลายมือชื่อ"):
        do(case, "elect", by=cast.officer, mended={})
    case = do(case, "elect", by=cast.officer)
    assert item_of(case).step == "verify_founding"
    case = do(case, "verify_founding", by=cast.chief)
    assert case.state == "founded"
    outcomes = list(case.decisions.values_list("outcome", "round"))
    assert outcomes == [("APPROVED", 1), ("RETURNED", 1), ("APPROVED", 2)]


def test_a_return_tells_the_officer_and_nobody_hears_of_their_own_deed(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    do(
        case,
        "verify_preparation",
        by=cast.chief,
        outcome="RETURNED",
        to="study",
        reason="ข้อมูลเก่า",
    )
    told = Message.objects.values_list("to__username", "template")
    assert ("officer", "returned") in told
    assert ("officer", "work_opened") not in told
    assert {user for user, template in told if template == "work_opened"} == {
        "chief",
        "second_chief",
    }


def test_an_approval_opens_new_work_and_is_no_return(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "meet", cast)
    assert item_of(case).returned_by is None
    told = Message.objects.filter(to=cast.officer).values_list("template", flat=True)
    assert list(told) == ["work_opened"]


def test_leaders_not_ready_wait_for_the_day_of_the_visit(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "ask_leaders", cast)
    day = clock.today() + timedelta(days=40)
    case = do(case, "ask_leaders", by=cast.officer, leaders_agreed=False, revisit_on=day)
    assert case.state == "not_ready"
    wait = item_of(case, "revisit")
    assert wait.wakes_on == day
    assert not case.deadlines.filter(closed_at=None, next_at__isnull=False).exists()
    assert tasks.wake() == 0
    with clock.travel(clock.now() + timedelta(days=40)):
        assert tasks.wake() == 1
        assert tasks.wake() == 0
    case = fresh(case)
    assert case.state == "preparing"
    assert item_of(case, "present").due_on > day
    assert case.leaders_agreed is None


def test_the_wait_can_be_ended_sooner_by_the_officer_only(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "ask_leaders", cast)
    day = clock.today() + timedelta(days=40)
    case = do(case, "ask_leaders", by=cast.officer, leaders_agreed=False, revisit_on=day)
    with pytest.raises(NotYours):
        do(case, "revisit", by=cast.outsider)
    case = do(case, "revisit", by=cast.officer)
    assert item_of(case).step == "present"


def test_not_ready_without_a_day_is_refused(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "ask_leaders", cast)
    with pytest.raises(Blocked):
        do(case, "ask_leaders", by=cast.officer, leaders_agreed=False)
    with pytest.raises(Blocked):
        do(case, "ask_leaders", by=cast.officer, leaders_agreed=False, revisit_on=clock.today())


def test_lost_vote_may_be_tried_again(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "vote", cast)
    lost = {"votes_for": 10, "votes_against": 20, "votes_abstained": 3}
    with pytest.raises(Blocked):
        do(case, "vote", by=cast.officer, **lost)
    case = do(case, "vote", by=cast.officer, **lost, after_lost_vote="TRY_AGAIN")
    assert (case.state, item_of(case).step) == ("preparing", "analyse")
    assert case.votes_for is None


def test_lost_vote_may_end_the_case(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "vote", cast)
    lost = {"votes_for": 10, "votes_against": 20, "votes_abstained": 3}
    case = do(case, "vote", by=cast.officer, **lost, after_lost_vote="CLOSE")
    assert case.state == "declined"
    assert case.closed_at is not None
    assert not case.deadlines.filter(closed_at=None).exists()


def test_a_tie_is_no_majority(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "vote", cast)
    with pytest.raises(Blocked):
        do(case, "vote", by=cast.officer, votes_for=15, votes_against=15, votes_abstained=0)


def test_the_chief_may_cancel_with_a_reason_and_nobody_else(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "train", cast)
    with pytest.raises(NotYours):
        actions.end(case, how="cancelled", by=cast.officer, reason="เหตุ")
    with pytest.raises(Refused):
        actions.end(case, how="cancelled", by=cast.chief, reason="  ")
    actions.end(case, how="cancelled", by=cast.chief, reason="หมู่บ้านรวมกับกลุ่มอื่น")
    case = fresh(case)
    told = Message.objects.filter(template="case_ended").values_list("to__username", flat=True)
    assert list(told) == ["officer"]
    assert case.state == "cancelled"
    assert case.closed_at is not None
    assert not case.task_set.filter(closed_at=None).exists()
    assert not case.deadlines.filter(closed_at=None).exists()
    with pytest.raises(Refused):
        actions.end(case, how="cancelled", by=cast.chief, reason="again")


@pytest.mark.parametrize(
    ("step", "wrong", "words"),
    [
        ("gather", {"interested_count": 19}, "20"),
        ("vote", {"votes_for": 60}, "41"),
        ("enrol", {"lines": []}, "20"),
        ("enrol", {"enrolled_on": date(2000, 1, 1)}, "ประชุม"),
        ("elect", {"committee_term_months": 0}, "60"),
        ("set_targets", {"target_on": date(2000, 1, 1)}, "เป้าหมาย"),
        ("draft_rules", {"interest_rate": 16}, "15"),
        ("draft_rules", {"deposit_day": 32}, "31"),
        ("study", {"study_findings": ""}, "ผลการศึกษาข้อมูล"),
        ("study", {"ticked": {"data-sheet"}}, "วิถีชีวิต"),
    ],
)
def test_guards_say_what_is_missing(cast: Cast, step: str, wrong: dict, words: str) -> None:
    case = bring_to(open_founding(cast), step, cast)
    with pytest.raises(Blocked, match=words):
        do(case, step, by=cast.officer, **wrong)
    assert item_of(case).step == step
    assert item_of(do(case, step, by=cast.officer)).step != step


def test_evidence_is_asked_for(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "analyse", cast)
    with pytest.raises(Blocked, match="บันทึกการประชุม"):
        do(case, "analyse", by=cast.officer, evidence=False)


def test_nobody_decides_on_what_they_submitted(cast: Cast) -> None:
    """Separation of duties (handbook 4.1): a chief who also stands in for the officer."""
    Post.objects.create(
        user=cast.chief, role="FIELD_OFFICER", area_id="TH420301", starts_on=LONG_AGO
    )
    case = open_founding(cast)
    claims.release(item_of(case).pk, by=cast.officer)
    case = do(case, "study", by=cast.chief)
    for step in STAGE_1[1:]:
        case = do(case, step, by=cast.chief)
    item = item_of(case)
    assert item.owner == cast.second_chief  # the only one who may
    claims.release(item.pk, by=cast.second_chief)
    with pytest.raises(NotYours):
        do(case, "verify_preparation", by=cast.chief)
    case = do(case, "verify_preparation", by=cast.second_chief)
    assert case.state == "founding"


def test_only_the_post_may_act_and_a_claim_keeps_others_out(cast: Cast) -> None:
    case = open_founding(cast)
    for stranger in (cast.chief, cast.outsider, cast.outside_chief, cast.admin, cast.nobody):
        with pytest.raises(NotYours):
            do(case, "study", by=stranger, evidence=False)
    with pytest.raises(TakenBySomebody):
        do(case, "study", by=cast.colleague)
    claims.release(item_of(case).pk, by=cast.officer)
    case = do(case, "study", by=cast.colleague)
    assert item_of(case).owner == cast.colleague


def test_work_of_somebody_who_left_the_post_goes_to_a_colleague(cast: Cast) -> None:
    case = open_founding(cast)
    Post.objects.filter(user=cast.officer).update(ends_on=clock.today())
    assert tasks.free() == 0
    with pytest.raises(TakenBySomebody):
        claims.claim(item_of(case).pk, by=cast.colleague)
    with clock.travel(clock.now() + timedelta(days=1)):
        assert tasks.free() == 1
        assert item_of(case).owner == cast.colleague
        assert tasks.free() == 0
        left = User.objects.get(pk=cast.officer.pk)
        assert not Case.objects.visible_to(left).exists()
    told = Message.objects.filter(key__startswith="freed").values_list("to__username", flat=True)
    assert list(told) == ["colleague"]
    assert fresh(case).events.latest("number").kind == "STEP_RELEASED"


def test_who_acts_for_a_chief_takes_over_what_the_chief_has(cast: Cast) -> None:
    """Under their own name, with the substituted role (handbook 4.1)."""
    Post.objects.filter(user=cast.second_chief).delete()
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    assert item_of(case).owner == cast.chief
    with pytest.raises(NotYours):
        do(case, "verify_preparation", by=cast.academic)
    Post.objects.create(
        user=cast.academic,
        role="DISTRICT_CHIEF_CD",
        area_id="TH4203",
        starts_on=clock.today(),
        acting_for=cast.chief.posts.get(),
    )
    acting = User.objects.get(pk=cast.academic.pk)
    case = do(case, "verify_preparation", by=acting)
    decision = case.decisions.get()
    assert (decision.decided_by, decision.post.acting_for.user) == (acting, cast.chief)


def test_a_chief_with_a_second_post_leaves_the_work_to_the_officer(cast: Cast) -> None:
    Post.objects.create(
        user=cast.chief, role="FIELD_OFFICER", area_id="TH420301", starts_on=LONG_AGO
    )
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    sent_back = {"outcome": "RETURNED", "to": "gather", "reason": "เหตุ"}
    case = do(case, "verify_preparation", by=cast.chief, **sent_back)
    assert item_of(case).owner == cast.officer
    assert Message.objects.filter(to=cast.officer, template="returned").exists()


def test_a_hand_put_to_a_step_bars_from_deciding(cast: Cast) -> None:
    """Evidence and ticks are work too, whoever presses Done (handbook 4.1)."""
    Post.objects.create(
        user=cast.chief, role="FIELD_OFFICER", area_id="TH420301", starts_on=LONG_AGO
    )
    case = bring_to(open_founding(cast), "gather", cast)
    item = item_of(case)
    claims.release(item.pk, by=cast.officer)
    claims.claim(item.pk, by=cast.chief)
    prove(case, "gather", cast.chief)
    claims.release(item.pk, by=cast.chief)
    case = do(case, "gather", by=cast.officer)
    claims.release(item_of(case).pk, by=cast.second_chief)
    with pytest.raises(NotYours):
        do(case, "verify_preparation", by=cast.chief)


def test_mending_that_breaks_a_later_step_stops_there(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "verify_founding", cast)
    sent_back = {"outcome": "RETURNED", "to": "meet", "reason": "จำนวนผิด"}
    case = do(case, "verify_founding", by=cast.chief, **sent_back)
    case = do(case, "meet", by=cast.officer, meeting_attendance=5)
    assert item_of(case).step == "vote"
    votes = {"votes_for": 4, "votes_against": 1, "votes_abstained": 0}
    case = do(case, "vote", by=cast.officer, **votes)
    assert item_of(case).step == "verify_founding"


def test_a_new_meeting_needs_new_evidence(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "vote", cast)
    lost = {"votes_for": 10, "votes_against": 20, "votes_abstained": 3}
    case = do(case, "vote", by=cast.officer, **lost, after_lost_vote="TRY_AGAIN")
    with pytest.raises(Blocked, match="บันทึกการประชุม"):
        do(case, "analyse", by=cast.officer, evidence=False)
    assert not case.ticks.exclude(step="study").exists()
    assert case.documents.filter(step="meet").exists()


def test_a_lost_vote_is_told_to_the_chief_who_approved_the_meeting(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "vote", cast)
    lost = {"votes_for": 1, "votes_against": 20, "votes_abstained": 3}
    do(case, "vote", by=cast.officer, **lost, after_lost_vote="CLOSE")
    told = Message.objects.filter(template="case_ended").values_list("to__username", flat=True)
    assert list(told) == ["chief"]


def test_a_return_without_a_list_asks_to_mend_its_reason(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    sent_back = {"outcome": "RETURNED", "to": "study", "reason": "ข้อมูลเก่า"}
    case = do(case, "verify_preparation", by=cast.chief, **sent_back)
    assert [defect.text for defect in case.defects.all()] == ["ข้อมูลเก่า"]
    with pytest.raises(Blocked):
        do(case, "study", by=cast.officer, mended={})


def test_a_step_is_done_once(cast: Cast) -> None:
    case = open_founding(cast)
    item = item_of(case)
    do(case, "study", by=cast.officer)
    with pytest.raises(AlreadyDone):
        actions.submit(item.pk, by=cast.officer, entries=Entries(values=entries("study")))


def test_a_decision_against_needs_a_reason_and_a_step_that_is_offered(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    for refused in (
        {"outcome": "RETURNED", "to": "study", "reason": " "},
        {"outcome": "RETURNED", "to": "verify_founding", "reason": "x"},
        {"outcome": "RETURNED", "to": "", "reason": "x"},
        {"outcome": "REJECTED", "reason": "x"},
    ):
        with pytest.raises(Refused):
            do(case, "verify_preparation", by=cast.chief, **refused)
    assert not Decision.objects.exists()


def test_a_draft_keeps_what_was_typed_and_the_ticks(cast: Cast) -> None:
    case = open_founding(cast)
    item = item_of(case)
    draft = {"study_year": ["25x"]}
    actions.save(item.pk, by=cast.officer, draft=draft, entries=Entries(ticked={"data-sheet"}))
    item.refresh_from_db()
    assert item.draft == draft
    assert list(case.ticks.values_list("item", flat=True)) == ["data-sheet"]
    actions.save(item.pk, by=cast.officer, draft=draft, entries=Entries(ticked=set()))
    assert not case.ticks.exists()


@pytest.mark.parametrize("step", [*STAGE_1, *STAGE_2, *STAGE_3])
def test_a_step_costs_at_most_20_statements(cast: Cast, client: Client, step: str) -> None:
    """Everything on: session, person, post, lock, checklist, event, deadline, outbox."""
    case = bring_to(open_founding(cast), step, cast)
    prove(case, step, cast.officer)
    client.force_login(cast.officer)
    sent = typed(step) | {f"tick-{check['code']}": "1" for check in contents.checklist(case, step)}
    item = item_of(case)
    url = reverse("step", args=[case.number, item.pk])
    with CaptureQueriesContext(connection) as queries:
        response = client.post(url, sent | {"submit": "1"})
    assert response.status_code == 302, response.content.decode()
    assert not fresh(case).task_set.filter(closed_at=None, flow_task=item.flow_task).exists()
    assert _costs_at_most(20, queries)


@pytest.mark.parametrize("step", ["verify_preparation", "verify_founding"])
@pytest.mark.parametrize("outcome", ["APPROVED", "RETURNED"])
def test_a_decision_costs_at_most_20_statements(
    cast: Cast, client: Client, step: str, outcome: str
) -> None:
    case = bring_to(open_founding(cast), step, cast)
    item = item_of(case)
    chief = item.owner or cast.chief
    client.force_login(chief)
    back_to = {"verify_preparation": "study", "verify_founding": "elect"}[step]
    sent = {"outcome": outcome, "reason": "เหตุ", "return_to": back_to}
    url = reverse("step", args=[case.number, item.pk])
    with CaptureQueriesContext(connection) as queries:
        response = client.post(url, sent | {"submit": "1"})
    assert response.status_code == 302, response.content.decode()
    assert case.decisions.filter(step=step, outcome=outcome).exists()
    founded = fresh(case).state == "founded"  # the group, its members, seats and register number
    assert _costs_at_most(24 if founded else 20, queries)


def _costs_at_most(most: int, queries: CaptureQueriesContext) -> bool:
    """Whether so many statements were enough, those of the test's own transaction left out."""
    own = ("SAVEPOINT", "RELEASE")
    statements = [q["sql"] for q in queries if not q["sql"].startswith(own)]
    assert len(statements) <= most, "\n".join([str(len(statements)), *statements])
    return True
