"""Handbook 5.1 as a list of what holds: stages 1 and 2, checklist A, the legal guards, 5.1.1 and
the exceptions; a test for each line, named after it.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cases import clock, contents, register, terms
from cases.models import Member, Party, RulesVersion, Seat
from cases.text import name_key
from tests.cast import Cast, bring_to, do, entries, fresh, item_of, open_founding
from workflows import actions, blockers
from workflows.contents import by_code
from workflows.errors import Blocked
from workflows.procedures.savings_group.committees import SEATS

At = Callable[[str], Any]
Lines = list[dict[str, Any]]


@pytest.fixture
def at(cast: Cast) -> At:
    """A founding at a step, everything before it done."""
    return lambda step: bring_to(open_founding(cast), step, cast)


def lines_of(step: str) -> Lines:
    return list(entries(step)["lines"])


def checks(case: Any, step: str) -> dict[str, bool]:
    """The checklist of a step: each item's English text, and whether it asks for evidence."""
    return {item["text"]["en"]: item["evidence"] for item in contents.checklist(case, step)}


# ---- Trigger and stage 1, before founding ---------------------------------------------------


def test_trigger_no_savings_no_capital_informal_debt_or_target_list(cast: Cast) -> None:
    model = by_code("SGF").process_class
    assert set(model.Trigger.values) == {"NO_SAVING", "NO_CAPITAL", "INFORMAL_DEBT", "TARGET_LIST"}
    assert open_founding(cast).trigger == "NO_CAPITAL"


def test_1_1_study_records_source_year_findings_and_the_data_sheet(at: At, cast: Cast) -> None:
    case = at("study")
    assert set(checks(case, "study")) == {
        "Data sheet of the village filled in",
        "Relations and way of life noted",
    }
    case = do(case, "study", by=cast.officer)
    assert (case.study_source, case.study_year) == ("จปฐ.", 2025)
    assert case.study_findings


def test_1_2_analysis_together_with_leaders_has_minutes_and_figures(at: At, cast: Cast) -> None:
    case = at("analyse")
    assert checks(case, "analyse") == {
        "Minutes of the meeting": True,
        "The problem is shown by figures": False,
    }
    case = do(case, "analyse", by=cast.officer)
    assert case.analysed_on
    assert case.analysis_participants == 18
    assert case.problem_statement


def test_1_3_presentation_records_date_who_and_reaction(at: At, cast: Cast) -> None:
    case = do(at("present"), "present", by=cast.officer)
    assert case.presented_on
    assert case.presented_to
    assert case.reaction


def test_1_4_leaders_who_agree_lead_to_the_training(at: At, cast: Cast) -> None:
    assert item_of(do(at("ask_leaders"), "ask_leaders", by=cast.officer)).step == "train"


def test_1_4_leaders_who_do_not_agree_yet_close_as_not_ready_with_a_revisit_date(
    at: At, cast: Cast
) -> None:
    day = clock.today() + timedelta(days=30)
    case = at("ask_leaders")
    case = do(case, "ask_leaders", by=cast.officer, leaders_agreed=False, revisit_on=day)
    assert (case.state, item_of(case).wakes_on) == ("not_ready", day)


def test_1_5_training_has_an_attendance_list_and_photos(at: At, cast: Cast) -> None:
    case = at("train")
    assert checks(case, "train") == {"Attendance list": True, "Photos": True}
    case = do(case, "train", by=cast.officer)
    assert case.training_place
    assert case.training_participants == 15
    assert case.training_lessons


def test_1_6_twenty_interested_people_lead_to_the_founding_meeting(at: At, cast: Cast) -> None:
    case = at("gather")
    assert checks(case, "gather") == {"List of interested persons": True}
    with pytest.raises(Blocked, match="20"):
        do(case, "gather", by=cast.officer, interested_count=19)
    case = do(case, "gather", by=cast.officer, interested_count=20)
    assert item_of(case).step == "verify_preparation"


# ---- Stage 2, founding ----------------------------------------------------------------------


def test_2_1_meeting_records_date_place_attendance_in_the_minutes_book(at: At, cast: Cast) -> None:
    case = at("meet")
    assert checks(case, "meet") == {"Minutes book": True}
    case = do(case, "meet", by=cast.officer)
    assert case.meeting_on
    assert case.meeting_place
    assert case.meeting_attendance == 41


def test_2_2_vote_for_against_abstain_approved_leads_to_enrolment(at: At, cast: Cast) -> None:
    case = do(at("vote"), "vote", by=cast.officer)
    assert (case.votes_for, case.votes_against, case.votes_abstained) == (38, 1, 2)
    assert item_of(case).step == "enrol"


def test_2_2_vote_lost_goes_back_to_stage_1_or_closes(at: At, cast: Cast) -> None:
    lost = {"votes_for": 5, "votes_against": 30, "votes_abstained": 0}
    again = do(at("vote"), "vote", by=cast.officer, **lost, after_lost_vote="TRY_AGAIN")
    assert (again.state, item_of(again).step) == ("preparing", "analyse")
    closed = do(at("vote"), "vote", by=cast.officer, **lost, after_lost_vote="CLOSE")
    assert (closed.state, closed.closed_at is None) == ("declined", False)


def test_2_3_members_are_enrolled_in_a_list_that_the_system_numbers(at: At, cast: Cast) -> None:
    case = do(at("enrol"), "enrol", by=cast.officer)
    group = case.party
    assert (group.status, group.name) == (
        Party.Status.PLANNED,
        "กลุ่มออมทรัพย์เพื่อการผลิตบ้านทุ่งใหม่",
    )
    members = list(group.members.all())
    assert [member.number for member in members] == list(range(1, 37))
    assert {member.joined_on for member in members} == {case.enrolled_on}
    assert (case.members_enrolled, case.minors_enrolled) == (36, 3)


def test_2_3_enrolment_is_the_same_day_never_before_the_meeting(at: At, cast: Cast) -> None:
    case = at("enrol")
    node = item_of(case).flow_task
    assert node.suggest(case) == {"enrolled_on": case.meeting_on}
    with pytest.raises(Blocked):
        do(case, "enrol", by=cast.officer, enrolled_on=case.meeting_on - timedelta(days=1))


def test_2_3_applications_and_passbooks_are_there(at: At) -> None:
    wanted = {"Membership applications", "Passbooks handed out"}
    assert set(checks(at("enrol"), "enrol")) == wanted


def test_2_3_a_group_has_enough_members(at: At, cast: Cast) -> None:
    case = at("enrol")
    with pytest.raises(Blocked, match="20"):
        do(case, "enrol", by=cast.officer, lines=lines_of("enrol")[:19])
    do(case, "enrol", by=cast.officer, lines=lines_of("enrol")[:20])


def test_2_3_the_same_person_is_enrolled_once(at: At, cast: Cast) -> None:
    lines = lines_of("enrol")
    lines[7] = lines[3] | {"name": f"  {lines[3]['name'].replace('นาง', 'น.ส.')}"}
    with pytest.raises(Blocked) as refusal:
        do(at("enrol"), "enrol", by=cast.officer, lines=lines)
    [told] = refusal.value.blockers
    assert (told.line, told.column) == (7, "name")


def test_2_3_two_people_of_one_name_born_on_other_days_are_two(at: At, cast: Cast) -> None:
    lines = lines_of("enrol")
    lines[7] = lines[7] | {"name": lines[3]["name"]}
    case = do(at("enrol"), "enrol", by=cast.officer, lines=lines)
    assert case.party.members.filter(name_key=name_key(lines[3]["name"])).count() == 2


def test_2_4_election_records_name_position_and_term(at: At, cast: Cast) -> None:
    case = at("elect")
    assert checks(case, "elect") == {"Election record": True}
    case = do(case, "elect", by=cast.officer)
    chair = case.party.seats.get(committee="DIRECTING", position="CHAIR")
    assert chair.member == case.party.members.get(number=1)
    assert chair.name == chair.member.name
    assert (chair.elected_on, chair.starts_on) == (case.elected_on, case.elected_on)
    assert chair.ends_on == terms.last_day(case.elected_on, 24)


def test_2_4_only_members_are_elected(at: At, cast: Cast) -> None:
    lines = lines_of("elect")
    lines[0] = lines[0] | {"name": "นายคนนอก ไม่ใช่สมาชิก"}
    with pytest.raises(Blocked, match="ไม่ใช่สมาชิก"):
        do(at("elect"), "elect", by=cast.officer, lines=lines)


def test_2_4_a_member_is_named_by_number_or_by_name(at: At, cast: Cast) -> None:
    lines, case = lines_of("elect"), at("elect")
    lines[0] = lines[0] | {"name": "๒๐"}
    lines[1] = lines[1] | {"name": f"21. {case.party.members.get(number=21).name}"}
    case = do(case, "elect", by=cast.officer, lines=lines)
    seats = case.party.seats.filter(committee="DIRECTING").order_by("pk")
    assert [seat.member.number for seat in seats[:2]] == [20, 21]


def test_2_4_of_two_members_with_one_name_the_number_decides(at: At, cast: Cast) -> None:
    people = lines_of("enrol")
    people[30] = people[30] | {"name": people[0]["name"]}
    case = do(at("enrol"), "enrol", by=cast.officer, lines=people)
    lines = lines_of("elect")
    with pytest.raises(Blocked, match="1, 31"):
        do(case, "elect", by=cast.officer, lines=lines)
    lines[0] = lines[0] | {"name": f"31 {people[0]['name']}"}
    case = do(case, "elect", by=cast.officer, lines=lines)
    assert case.party.seats.get(committee="DIRECTING", position="CHAIR").member.number == 31


def test_2_5_first_rules_fix_the_deposit_day_and_the_smallest_deposit(at: At, cast: Cast) -> None:
    case = at("draft_rules")
    assert checks(case, "draft_rules") == {"Draft rules": True}
    case = do(case, "draft_rules", by=cast.officer, group_name="กลุ่มสัจจะบ้านทุ่งใหม่", deposit_day=31)
    rules = RulesVersion.objects.get(party=case.party)
    assert (rules.version, rules.case_id, rules.adopted_on) == (1, case.pk, None)
    assert (rules.deposit_day, rules.minimum_deposit) == (31, 30)
    assert Party.objects.get(pk=case.party_id).name == "กลุ่มสัจจะบ้านทุ่งใหม่"


def test_2_5_rules_that_are_mended_after_a_return_stay_version_1(at: At, cast: Cast) -> None:
    back = {"outcome": "RETURNED", "to": "draft_rules", "reason": "เหตุ"}
    case = do(at("verify_founding"), "verify_founding", by=cast.chief, **back)
    case = do(case, "draft_rules", by=cast.officer, deposit_day=9)
    assert list(case.party.rules.values_list("version", "deposit_day")) == [(1, 9)]


@pytest.mark.parametrize("day", [0, 32])
def test_2_5_a_deposit_day_is_a_day_of_the_month(at: At, cast: Cast, day: int) -> None:
    with pytest.raises(Blocked, match="31"):
        do(at("draft_rules"), "draft_rules", by=cast.officer, deposit_day=day)


def test_2_7_targets_are_members_savings_and_a_date(at: At, cast: Cast) -> None:
    case = at("set_targets")
    assert checks(case, "set_targets") == {"Target sheet": False}
    case = do(case, "set_targets", by=cast.officer)
    assert (case.target_members, case.target_savings) == (60, 120000)
    assert case.target_on > case.meeting_on


def test_2_8_report_is_a_memo_to_the_district(at: At, cast: Cast) -> None:
    case = at("report")
    assert checks(case, "report") == {"Memo": True}
    assert do(case, "report", by=cast.officer).memo_number == "ลย 0019/12"


def test_2_9_approval_makes_the_group_founded_with_a_register_number(at: At, cast: Cast) -> None:
    case = do(at("verify_founding"), "verify_founding", by=cast.chief)
    group = Party.objects.get(pk=case.party_id)
    assert (case.state, group.status) == ("founded", Party.Status.ACTIVE)
    assert group.register_number.startswith("SG-4203-")
    assert group.founded_on == case.meeting_on
    assert group in register.groups_in(cast.village.code)


def test_2_9_a_return_names_defects_and_the_step(at: At, cast: Cast) -> None:
    back = {"outcome": "RETURNED", "to": "enrol", "reason": "เหตุ", "defects": ["ขาดใบสมัคร"]}
    case = do(at("verify_founding"), "verify_founding", by=cast.chief, **back)
    assert item_of(case).step == "enrol"
    assert case.party.status == Party.Status.PLANNED
    assert [defect.text for defect in case.defects.all()] == ["ขาดใบสมัคร"]


# ---- Checklist A ----------------------------------------------------------------------------

CHECKLIST_A = [
    "Membership applications",
    "Truth-savings passbooks",
    "Register of members",
    "Control register of savings and special savings",
    "Minutes book",
    "Parental consent forms",
    "Cash and account control book",
    "Balance sheet",
    "Profit and loss",
]


@pytest.fixture(scope="module")
def papers() -> list[dict[str, Any]]:
    """What step 2.6 asks for, from the content itself."""
    from workflows import contents as loading

    body = loading.read(by_code("SGF"))
    return list(body["steps"]["prepare_papers"]["checklist"])


def test_2_6_checklist_a_has_exactly_its_nine_papers(papers: list[dict[str, Any]]) -> None:
    assert [item["text"]["en"] for item in papers] == CHECKLIST_A


@pytest.mark.parametrize("paper", CHECKLIST_A)
def test_2_6_checklist_a_without(at: At, cast: Cast, papers: list[Any], paper: str) -> None:
    missing = next(item for item in papers if item["text"]["en"] == paper)
    ticked = {item["code"] for item in papers} - {missing["code"]}
    with pytest.raises(Blocked, match=missing["text"]["th"]):
        do(at("prepare_papers"), "prepare_papers", by=cast.officer, ticked=ticked)


# ---- Legal guards ---------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [False, None])
def test_no_deposits_from_non_members(at: At, cast: Cast, answer: bool | None) -> None:
    with pytest.raises(Blocked):
        do(at("draft_rules"), "draft_rules", by=cast.officer, only_members_deposit=answer)


@pytest.mark.parametrize("answer", [False, None])
def test_no_loans_to_non_members(at: At, cast: Cast, answer: bool | None) -> None:
    with pytest.raises(Blocked):
        do(at("draft_rules"), "draft_rules", by=cast.officer, only_members_borrow=answer)


@pytest.mark.parametrize(
    ("rate", "period", "fees", "a_year"),
    [("15.01", "YEAR", None, "15.01"), ("1.5", "MONTH", None, "18"), ("1", "MONTH", "4", "16")],
)
def test_interest_is_never_above_15_a_year(
    at: At, cast: Cast, rate: str, period: str, fees: str | None, a_year: str
) -> None:
    given = {"interest_rate": Decimal(rate), "interest_period": period}
    given["loan_fees"] = fees and Decimal(fees)
    with pytest.raises(Blocked, match=a_year):
        do(at("draft_rules"), "draft_rules", by=cast.officer, **given)


@pytest.mark.parametrize(
    ("rate", "period", "fees"), [("15", "YEAR", "0"), ("1.25", "MONTH", None), ("1", "MONTH", "3")]
)
def test_interest_up_to_15_a_year_is_kept_as_agreed(
    at: At, cast: Cast, rate: str, period: str, fees: str | None
) -> None:
    given = {"interest_rate": Decimal(rate), "interest_period": period}
    given["loan_fees"] = fees and Decimal(fees)
    case = do(at("draft_rules"), "draft_rules", by=cast.officer, **given)
    rules = RulesVersion.objects.get(party=case.party)
    assert (rules.interest_rate, rules.interest_period) == (Decimal(rate), period)
    assert rules.loan_fees == Decimal(fees or 0)


# ---- Exceptions -----------------------------------------------------------------------------


def test_a_minor_without_consent_is_refused_by_name(at: At, cast: Cast) -> None:
    lines = lines_of("enrol")
    minor = next(n for n, line in enumerate(lines) if line["consent_by"])
    lines[minor] = lines[minor] | {"consent_by": ""}
    with pytest.raises(Blocked, match=lines[minor]["name"]) as refusal:
        do(at("enrol"), "enrol", by=cast.officer, lines=lines)
    [told] = refusal.value.blockers
    assert (told.line, told.column) == (minor, "consent_by")
    assert not Member.objects.exists()


@pytest.mark.parametrize(("days", "refused"), [(-1, False), (0, False), (1, True)])
def test_whoever_turns_20_on_the_day_of_enrolment_is_of_age(
    at: At, cast: Cast, days: int, refused: bool
) -> None:
    case, lines = at("enrol"), lines_of("enrol")
    today = clock.today()
    birthday = date(today.year - 20, today.month, today.day) + timedelta(days=days)
    lines[0] = lines[0] | {"born_on": birthday, "consent_by": ""}
    if refused:
        with pytest.raises(Blocked, match=lines[0]["name"]):
            do(case, "enrol", by=cast.officer, lines=lines)
    else:
        do(case, "enrol", by=cast.officer, lines=lines)


def test_attendance_too_small_for_the_votes_is_told(at: At, cast: Cast) -> None:
    with pytest.raises(Blocked, match="41"):
        do(at("vote"), "vote", by=cast.officer, votes_for=42)


def test_the_same_people_on_other_funds_are_warned_of_and_not_forbidden(at: At, cast: Cast) -> None:
    fund = Party.objects.create(kind="MOTHER_FUND", name="กองทุนแม่ฯ", area=cast.second_village)
    chair = lines_of("elect")[0]["name"]
    Seat.objects.create(
        party=fund,
        committee="MANAGEMENT",
        position="TREASURER",
        name=f"นางสาว{chair[3:]}",
        starts_on=date(2025, 1, 1),
    )
    case = do(at("elect"), "elect", by=cast.officer)
    [warning] = blockers.warnings(case, case.flow_class.steps())
    assert fund.name in warning.text
    assert chair[3:] in warning.text


def test_people_of_funds_that_are_no_more_or_who_left_are_no_warning(at: At, cast: Cast) -> None:
    names = [line["name"] for line in lines_of("elect")]
    gone = Party.objects.create(
        kind="KKJ_FUND", name="กข.คจ.", area=cast.village, status=Party.Status.DISSOLVED
    )
    fund = Party.objects.create(kind="MOTHER_FUND", name="กองทุนแม่ฯ", area=cast.village)
    far = Party.objects.create(kind="MOTHER_FUND", name="กองทุนไกล", area=cast.outside_village)
    since = {"committee": "MANAGEMENT", "starts_on": date(2025, 1, 1)}
    Seat.objects.create(party=gone, name=names[0], **since)
    Seat.objects.create(party=fund, name=names[1], left_on=date(2025, 6, 1), **since)
    Seat.objects.create(party=far, name=names[2], **since)
    case = do(at("elect"), "elect", by=cast.officer)
    assert blockers.warnings(case, case.flow_class.steps()) == []


# ---- 5.1.1 Committee structure --------------------------------------------------------------


def elect(case: Any, cast: Cast, lines: Lines) -> list[str]:
    """What is told of an election with these lines; nothing where it is accepted."""
    try:
        do(case, "elect", by=cast.officer, lines=lines)
    except Blocked as refusal:
        return [blocker.text for blocker in refusal.blockers]
    return []


def sized(committee: str, size: int) -> Lines:
    """The usual election, but with so many people on one committee, others than elsewhere."""
    kept = [line for line in lines_of("elect") if line["committee"] == committee][:size]
    rest = [line for line in lines_of("elect") if line["committee"] != committee]
    spare = lines_of("enrol")[15:]
    more = [
        {"committee": committee, "position": "MEMBER", "name": person["name"]}
        for person in spare[: size - len(kept)]
    ]
    return [*rest, *kept, *more]


@pytest.mark.parametrize(
    ("committee", "size", "fits"),
    [
        *(("DIRECTING", 4, False), ("DIRECTING", 5, True), ("DIRECTING", 9, True)),
        *(("DIRECTING", 10, False), ("LOAN", 2, False), ("LOAN", 3, True), ("LOAN", 5, True)),
        *(("LOAN", 6, False), ("AUDIT", 2, False), ("AUDIT", 3, True), ("AUDIT", 5, True)),
        *(("AUDIT", 6, False), ("PROMOTION", 0, False), ("PROMOTION", 1, True)),
        ("PROMOTION", 12, True),
    ],
)
def test_a_committee_has_its_size(
    at: At, cast: Cast, committee: str, size: int, fits: bool
) -> None:
    told = elect(at("elect"), cast, sized(committee, size))
    assert bool(told) != fits
    if not fits:
        assert str(Seat.Committee(committee).label) in told[0]


@pytest.mark.parametrize("position", ["CHAIR", "SECRETARY", "TREASURER"])
def test_directing_has_chair_secretary_and_treasurer(at: At, cast: Cast, position: str) -> None:
    lines = lines_of("elect")
    lines[0:5] = [
        line | {"position": "MEMBER"} if line["position"] == position else line
        for line in lines[0:5]
    ]
    [told] = elect(at("elect"), cast, lines)
    assert str(Seat.Position(position).label) in told


def test_a_committee_has_one_chair(at: At, cast: Cast) -> None:
    lines = lines_of("elect")
    lines[1] = lines[1] | {"position": "CHAIR"}
    assert len(elect(at("elect"), cast, lines)) == 2  # each of the two is asked


def test_nobody_sits_on_audit_and_directing_at_once(at: At, cast: Cast) -> None:
    lines = lines_of("elect")
    audit = next(n for n, line in enumerate(lines) if line["committee"] == "AUDIT")
    lines[audit] = lines[audit] | {"name": lines[0]["name"]}
    [told] = elect(at("elect"), cast, lines)
    assert lines[0]["name"] in told


def test_somebody_may_sit_on_loan_and_promotion(at: At, cast: Cast) -> None:
    lines = lines_of("elect")
    loan = next(line for line in lines if line["committee"] == "LOAN")
    lines[-1] = lines[-1] | {"name": loan["name"]}
    assert elect(at("elect"), cast, lines) == []


def test_one_person_has_one_seat_on_a_committee(at: At, cast: Cast) -> None:
    lines = lines_of("elect")
    lines[1] = lines[1] | {"name": lines[0]["name"]}
    [told] = elect(at("elect"), cast, lines)
    assert lines[0]["name"] in told


def test_a_term_is_two_years_where_nothing_else_is_agreed(at: At) -> None:
    case = at("elect")
    suggested = item_of(case).flow_task.suggest(case)
    assert suggested == {"elected_on": case.enrolled_on, "committee_term_months": 24}


def test_the_seats_that_every_group_needs_stand_ready(at: At) -> None:
    ready = SEATS.start(at("elect"))
    counted = {code: [s["committee"] for s in ready].count(code) for code in Seat.Committee.values}
    assert counted == {"DIRECTING": 5, "LOAN": 3, "AUDIT": 3, "PROMOTION": 1, "MANAGEMENT": 0}
    directing = [seat["position"] for seat in ready if seat["committee"] == "DIRECTING"]
    assert directing == ["CHAIR", "VICE_CHAIR", "SECRETARY", "TREASURER", "REGISTRAR"]


# ---- End states: what becomes of the group ----------------------------------------------------


def back_to_a_lost_vote(at: At, cast: Cast, consequence: str) -> Any:
    """Everything was recorded; then the meeting's figures are mended and the vote was lost."""
    back = {"outcome": "RETURNED", "to": "meet", "reason": "จำนวนผิด"}
    case = do(at("verify_founding"), "verify_founding", by=cast.chief, **back)
    case = do(case, "meet", by=cast.officer, meeting_attendance=20)
    lost = {"votes_for": 5, "votes_against": 14, "votes_abstained": 1}
    return do(case, "vote", by=cast.officer, **lost, after_lost_vote=consequence)


def test_a_lost_vote_after_a_return_voids_members_seats_rules_and_targets(
    at: At, cast: Cast
) -> None:
    case = back_to_a_lost_vote(at, cast, "TRY_AGAIN")
    group = case.party
    assert (case.state, group.status) == ("preparing", Party.Status.PLANNED)
    assert not group.members.exists()
    assert not group.seats.exists()
    assert not group.rules.exists()
    assert (case.members_enrolled, case.group_name, case.memo_on) == (None, "", None)
    for step in ("analyse", "present", "ask_leaders", "train", "gather"):
        case = do(case, step, by=cast.officer)
    case = do(case, "verify_preparation", by=cast.chief)
    for step in ("meet", "vote", "enrol", "elect"):
        case = do(case, step, by=cast.officer)
    assert (case.party, case.members_enrolled) == (group, 36)


def test_a_declined_founding_leaves_no_group_and_a_free_village(at: At, cast: Cast) -> None:
    case = back_to_a_lost_vote(at, cast, "CLOSE")
    assert case.state == "declined"
    assert Party.objects.get(pk=case.party_id).status == Party.Status.NOT_FOUNDED
    free = register.villages_without(Party.Kind.SAVINGS_GROUP, cast.village.code)
    assert cast.village in free
    assert register.groups_in(cast.village.code) == []


def test_a_cancelled_founding_leaves_no_group(at: At, cast: Cast) -> None:
    case = at("elect")
    actions.end(case, how="cancelled", by=cast.chief, reason="เหตุ")
    assert Party.objects.get(pk=case.party_id).status == Party.Status.NOT_FOUNDED


# ---- Mending after a return -------------------------------------------------------------------


def test_a_mended_name_stays_the_same_member_with_number_and_seat(at: At, cast: Cast) -> None:
    back = {"outcome": "RETURNED", "to": "enrol", "reason": "ชื่อผิด"}
    case = do(at("verify_founding"), "verify_founding", by=cast.chief, **back)
    chair = case.party.members.get(number=1)
    lines = [line | {"number": n} for n, line in enumerate(lines_of("enrol"), 1)]
    lines[0] = lines[0] | {"name": "นายคำดี ชื่อถูก"}
    case = do(case, "enrol", by=cast.officer, lines=lines)
    chair.refresh_from_db()
    assert (chair.number, chair.name) == (1, "นายคำดี ชื่อถูก")
    assert case.party.seats.get(member=chair).name == "นายคำดี ชื่อถูก"
    assert item_of(case).step == "verify_founding"


def test_who_is_taken_out_leaves_a_seat_that_is_elected_anew(at: At, cast: Cast) -> None:
    back = {"outcome": "RETURNED", "to": "enrol", "reason": "ลาออก"}
    case = do(at("verify_founding"), "verify_founding", by=cast.chief, **back)
    lines = [line | {"number": n} for n, line in enumerate(lines_of("enrol"), 1)]
    case = do(case, "enrol", by=cast.officer, lines=lines[1:])
    assert item_of(case).step == "elect"
    assert not case.party.members.filter(number=1).exists()
    with pytest.raises(Blocked, match=lines[0]["name"]):
        do(case, "elect", by=cast.officer)
    elected = lines_of("elect")
    elected[0] = elected[0] | {"name": lines[20]["name"]}
    case = do(case, "elect", by=cast.officer, lines=elected)
    assert item_of(fresh(case)).step == "verify_founding"


def test_who_joins_later_in_the_list_gets_the_next_number(at: At, cast: Cast) -> None:
    back = {"outcome": "RETURNED", "to": "enrol", "reason": "ขาดคน"}
    case = do(at("verify_founding"), "verify_founding", by=cast.chief, **back)
    lines = [line | {"number": n} for n, line in enumerate(lines_of("enrol"), 1)]
    new = lines[5] | {"number": None, "name": "นางมาใหม่ ตัวอย่าง"}
    case = do(case, "enrol", by=cast.officer, lines=[new, *lines])
    assert case.party.members.get(name="นางมาใหม่ ตัวอย่าง").number == 37
