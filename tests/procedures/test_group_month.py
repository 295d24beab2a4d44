"""A followed group's month as handbook 5.2 tells it: M1 to M6, integrity, exceptions, ladder."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cases.models import Case, Deadline, Holiday, Party, RungRecord
from cases.periods import first_month
from notifications.models import Message
from tests.cast import Cast, bring_to, do, fresh, item_of, open_founding
from tests.procedures.monthly import (
    STEPS,
    accept,
    at,
    entries,
    followed,
    hand_in,
    month,
    morning,
    work,
)
from workflows import actions, blockers, claims
from workflows.errors import Blocked, NotYours, Refused
from workflows.procedures.group_month import figures, on_area
from workflows.procedures.group_month.days import days_of
from workflows.procedures.group_month.models import GroupMonth
from workflows.procedures.group_month.tasks import open_months

NUMBERS = {"report_day": 20, "same_month_until": 15, "missing_after_days": 10}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Reasons are compared in words."""
    with translation.override("en"):
        yield


@pytest.fixture
def group(cast: Cast) -> Party:
    """Followed since September 2026, deposit day the 5th."""
    return followed(cast.village)


@pytest.fixture
def september(group: Party) -> Any:
    """The group's first month, on the morning of its deposit day's next working day."""
    with at(2026, 9, 1):
        morning()
    return month(group, 2026, 9)


def warnings(case: GroupMonth) -> str:
    steps = case.flow_class.steps()
    return " / ".join(warning.text for warning in blockers.warnings(fresh(case), steps))


# Trigger: the calendar opens one case a group and month ---------------------------------------


def test_the_calendar_opens_one_case_for_each_active_group_and_month(
    cast: Cast, group: Party
) -> None:
    other = followed(cast.second_village, date(2026, 10, 1), name="กลุ่มอื่น")
    followed(cast.second_village, date(2026, 9, 1), status=Party.Status.DORMANT, name="หยุด")
    Party.objects.create(kind="SAVINGS_GROUP", name="ไม่ติดตาม", area=cast.village)
    with at(2026, 10, 2):
        morning()
        morning()
    opened = GroupMonth.objects.order_by("party", "period").values_list("party", "period")
    september, october = date(2026, 9, 1), date(2026, 10, 1)
    assert list(opened) == [(group.pk, september), (group.pk, october), (other.pk, october)]


def test_a_month_says_whose_it_is_and_nobody_opened_it(september: Any, cast: Cast) -> None:
    assert september.number.startswith("SGM-42-2569-")
    assert september.title.endswith(" · Sep 2026")
    assert (september.state, september.opened_by) == ("open", None)
    first = september.events.get(number=1)
    assert (first.kind, first.by) == ("CASE_OPENED", None)


def test_a_month_is_the_child_of_the_groups_founding(cast: Cast) -> None:
    with at(2026, 9, 1):
        founding = bring_to(open_founding(cast), "verify_founding", cast)
        founding = do(founding, "verify_founding", by=cast.chief)
        assert founding.party.followed_from == date(2026, 9, 1)
        morning()
    assert month(founding.party, 2026, 9).parent_case_id == founding.pk


def test_opening_hundreds_of_months_sends_nobody_a_message(cast: Cast) -> None:
    for number in range(5):
        followed(cast.village, date(2026, 5, 1), name=f"กลุ่ม {number}", deposit_day=None)
    with at(2026, 9, 10):
        assert open_months() == 25
    assert not Message.objects.exists()


def test_beat_that_slept_for_three_months_opens_them_with_their_real_days(group: Party) -> None:
    with at(2026, 12, 1):
        open_months()
    days = GroupMonth.objects.order_by("period").values_list("period", "report_due_on")
    assert list(days) == [(date(2026, m, 1), date(2026, m, 20)) for m in (9, 10, 11, 12)]


def test_a_month_whose_missing_day_is_past_is_opened_and_is_missing(group: Party) -> None:
    with at(2026, 12, 1):
        morning()
        morning()
    states = GroupMonth.objects.order_by("period").values_list("state", flat=True)
    assert list(states) == ["missing", "missing", "open", "open"]


def test_a_group_that_closed_is_asked_up_to_its_last_deposit_day(cast: Cast) -> None:
    closed = followed(
        cast.village, status=Party.Status.DISSOLVED, closed_on=date(2026, 11, 4), name="เลิกแล้ว"
    )
    with at(2026, 12, 1):
        morning()
    periods = GroupMonth.objects.filter(party=closed).order_by("period")
    assert [case.period.month for case in periods] == [9, 10]


# Which day is which ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deposit_day", "due", "missing"),
    [
        (5, date(2026, 11, 20), date(2026, 12, 10)),
        (15, date(2026, 11, 20), date(2026, 12, 10)),
        (16, date(2026, 12, 20), date(2027, 1, 10)),
        (31, date(2026, 12, 20), date(2027, 1, 10)),
        (None, date(2026, 11, 20), date(2026, 12, 10)),
    ],
)
def test_the_report_is_due_on_the_20th_after_the_deposit_day(
    db: None, deposit_day: int | None, due: date, missing: date
) -> None:
    days = days_of(date(2026, 11, 1), deposit_day, NUMBERS, "TH4203")
    assert (days.report_due_on, days.missing_on) == (due, missing)


def test_a_deposit_day_on_a_holiday_moves_to_the_next_working_day(cast: Cast) -> None:
    Holiday.objects.create(country="TH", day=date(2026, 9, 11), name_th="วันหยุดพิเศษ")  # a Friday
    days = days_of(date(2026, 9, 1), 11, NUMBERS, "TH4203")
    assert days.deposit_on == date(2026, 9, 14)
    assert days_of(date(2026, 9, 1), 12, NUMBERS, "TH4203").deposit_on == date(2026, 9, 12)
    assert days_of(date(2026, 2, 1), 31, NUMBERS, "TH4203").deposit_on == date(2026, 2, 28)


def test_a_new_group_first_reports_of_the_month_of_its_first_deposit_day() -> None:
    assert first_month(date(2026, 9, 4), 5) == date(2026, 9, 1)
    assert first_month(date(2026, 9, 5), 5) == date(2026, 9, 1)
    assert first_month(date(2026, 9, 6), 5) == date(2026, 10, 1)
    assert first_month(date(2026, 12, 31), 5) == date(2027, 1, 1)


# M1: attend the deposit day -------------------------------------------------------------------


def test_m1_the_month_rests_until_its_deposit_day_and_then_calls_the_officers(
    september: Any, cast: Cast
) -> None:
    assert item_of(september).wakes_on == date(2026, 9, 5)
    with at(2026, 9, 4):
        morning()
        assert item_of(september).step == "deposit_day"
    with at(2026, 9, 5):
        morning()
        item = item_of(september, "attend")
    assert item.due_on == date(2026, 9, 20)
    assert set(Message.objects.values_list("to__username", "template")) == {
        ("officer", "work_opened"),
        ("colleague", "work_opened"),
    }


@pytest.fixture
def attending(september: Any, cast: Cast) -> Any:
    with at(2026, 9, 7):
        return do(september, "deposit_day", by=cast.officer)


def test_m1_records_the_money_of_the_day_and_the_slip(attending: Any, cast: Cast) -> None:
    with at(2026, 9, 7):
        with pytest.raises(Blocked, match="slip"):
            do(attending, "attend", by=cast.officer, evidence=False, **entries("attend"))
        case = work(attending, "attend", cast.officer)
    assert (case.deposits, case.members_paid, case.held_on) == (1500, 40, date(2026, 9, 7))
    assert case.documents.filter(step="attend", item="slip").exists()
    assert item_of(case).step == "committee_meeting"


def test_m1_a_day_that_was_held_needs_all_its_figures(attending: Any, cast: Cast) -> None:
    with at(2026, 9, 7), pytest.raises(Blocked, match="Loans repaid"):
        work(attending, "attend", cast.officer, loans_repaid=None)


def test_m1_a_deposit_day_that_was_not_held_is_recorded_with_its_reason(
    attending: Any, cast: Cast
) -> None:
    nothing = dict.fromkeys(entries("attend")) | {"deposit_held": False, "not_held_reason": ""}
    with at(2026, 9, 7):
        with pytest.raises(Blocked, match="say why"):
            do(attending, "attend", by=cast.officer, evidence=False, **nothing)
        nothing["not_held_reason"] = "น้ำท่วม"
        case = do(attending, "attend", by=cast.officer, evidence=False, **nothing)
    assert (case.deposit_held, case.deposits) == (False, None)


def test_m1_an_absent_officer_gives_reason_and_substitute(attending: Any, cast: Cast) -> None:
    absent = {"officer_present": False, "substitute": "เจ้าหน้าที่อีกคน"}
    with at(2026, 9, 7):
        with pytest.raises(Blocked, match="not there"):
            work(attending, "attend", cast.officer, **absent)
        case = work(attending, "attend", cast.officer, absence_reason="อบรมที่จังหวัด", **absent)
    assert case.substitute == "เจ้าหน้าที่อีกคน"


def test_m1_a_day_before_the_month_is_refused(attending: Any, cast: Cast) -> None:
    with at(2026, 9, 7), pytest.raises(Blocked, match="before the month"):
        work(attending, "attend", cast.officer, held_on=date(2026, 8, 31))


# M2 and M3 ------------------------------------------------------------------------------------


@pytest.fixture
def attended(attending: Any, cast: Cast) -> Any:
    with at(2026, 9, 7):
        return work(attending, "attend", cast.officer)


def test_m2_the_committee_meeting_keeps_minutes_resolutions_and_follow_up(
    attended: Any, cast: Cast
) -> None:
    with at(2026, 9, 8):
        values = entries("committee_meeting")
        with pytest.raises(Blocked, match="minutes"):
            do(attended, "committee_meeting", by=cast.officer, evidence=False, **values)
        with pytest.raises(Blocked, match="Resolutions"):
            work(attended, "committee_meeting", cast.officer, resolutions="")
        case = work(attended, "committee_meeting", cast.officer)
    assert case.repayment_follow_up == "ไม่มีผู้ค้างชำระ"


def test_m2_cash_that_is_not_banked_is_a_warning(attended: Any, cast: Cast) -> None:
    with at(2026, 9, 8):
        case = work(attended, "committee_meeting", cast.officer, cash_in_bank=False)
    assert "not in the bank" in warnings(case)


def test_m2_a_month_without_a_meeting_says_why(attended: Any, cast: Cast) -> None:
    nothing = dict.fromkeys(entries("committee_meeting")) | {"meeting_held": False}
    nothing |= {"resolutions": "", "repayment_follow_up": ""}
    with at(2026, 9, 8):
        with pytest.raises(Blocked, match="did not meet"):
            do(attended, "committee_meeting", by=cast.officer, **nothing, no_meeting_reason="")
        case = do(
            attended, "committee_meeting", by=cast.officer, **nothing, no_meeting_reason="งานศพ"
        )
    assert item_of(case).step == "account_check"


def test_m3_accounts_are_checked_at_least_once_a_month_or_it_is_a_warning(
    attended: Any, cast: Cast
) -> None:
    nothing = dict.fromkeys(entries("account_check")) | {"audit_done": False, "audited_by": ""}
    with at(2026, 9, 8):
        case = work(attended, "committee_meeting", cast.officer)
        values = entries("account_check")
        with pytest.raises(Blocked, match="signed sheet"):
            do(case, "account_check", by=cast.officer, evidence=False, **values)
        with pytest.raises(Blocked, match="say why"):
            do(case, "account_check", by=cast.officer, **nothing, no_audit_reason="")
        case = do(case, "account_check", by=cast.officer, **nothing, no_audit_reason="สมุดหาย")
    assert "at least once a month" in warnings(case)


# M4 and its integrity rules -------------------------------------------------------------------


def test_m4_asks_for_the_minimum_figures(attended: Any, cast: Cast) -> None:
    with at(2026, 9, 8):
        case = work(attended, "committee_meeting", cast.officer)
        case = work(case, "account_check", cast.officer)
        for name in set(entries("monthly_report")) - {"bank"}:
            with pytest.raises(Blocked):
                work(case, "monthly_report", cast.officer, **{name: None})
        case = work(case, "monthly_report", cast.officer, bank=None)  # a group without an account
    assert item_of(case).step == "review"


def test_m4_figures_that_fit_give_no_warning(september: Any, cast: Cast) -> None:
    with at(2026, 9, 8):
        assert warnings(hand_in(september, cast)) == ""


BREACHES: dict[str, tuple[dict[str, Any], str]] = {
    "opening + in - out = closing": ({"savings_balance": Decimal(11001)}, "11,500.00 baht, but 11"),
    "savings = sum of member balances": ({"special_savings": Decimal(600)}, "members' register"),
    "loans = sum of debtor balances": ({"loans_outstanding": Decimal(8001)}, "debtors' register"),
    "cash within the limit of the rules": ({"cash": Decimal(5001)}, "rules allow at most 5,000"),
    "interest at most 15 % a year": ({"interest_rate": Decimal("15.01")}, "above the law's 15"),
}


@pytest.mark.parametrize("rule", BREACHES)
def test_m4_a_breach_of_an_integrity_rule_is_a_warning_that_the_chief_sees(
    rule: str, september: Any, cast: Cast, client: Any
) -> None:
    breach, text = BREACHES[rule]
    with at(2026, 9, 8):
        case = hand_in(september, cast, **breach)
        assert text in warnings(case)
        client.force_login(cast.chief)
        client.cookies["django_language"] = "en"
        page = client.get(f"/cases/{case.number}/steps/{item_of(case).pk}/").content.decode()
    assert 'id="warnings"' in page


def test_m4_a_month_begins_where_the_last_accepted_one_ended(
    september: Any, group: Party, cast: Cast
) -> None:
    with at(2026, 9, 8):
        accept(hand_in(september, cast), cast)
    with at(2026, 10, 7):
        morning()
        case = month(group, 2026, 10)
        for step in STEPS[:-1]:
            case = work(case, step, cast.officer, **SECOND.get(step, {}))
        offered = item_of(case).flow_task.suggest(case)
        assert (offered["opening_balance"], offered["members"]) == (11500, 44)
        case = work(case, "monthly_report", cast.officer, savings_balance=Decimal(12500))
        assert "last accepted month ended with 11,500.00" in warnings(case)


SECOND = {"account_check": {"register_savings": Decimal(13000)}}


# M6: the district CD chief decides --------------------------------------------------------------


def test_m6_the_chief_accepts(september: Any, cast: Cast) -> None:
    with at(2026, 9, 8):
        case = accept(hand_in(september, cast), cast)
    assert (case.state, case.closed_at is not None) == ("accepted", True)


def test_m6_the_chief_accepts_with_notes_which_stay(september: Any, cast: Cast) -> None:
    with at(2026, 9, 8):
        case = accept(hand_in(september, cast), cast, reason="ให้นำเงินฝากธนาคารทุกครั้ง")
    assert case.state == "accepted_with_notes"
    assert case.decisions.get().reason == "ให้นำเงินฝากธนาคารทุกครั้ง"


def test_m6_the_chief_returns_and_the_corrected_report_is_its_second_version(
    september: Any, cast: Cast
) -> None:
    with at(2026, 9, 8):
        case = hand_in(september, cast, loans_outstanding=Decimal(9000))
        case = do(
            case,
            "review",
            by=cast.chief,
            outcome="RETURNED",
            to="monthly_report",
            reason="ยอดเงินกู้ไม่ตรง",
        )
        assert (case.state, item_of(case).owner) == ("open", cast.officer)
        case = work(case, "monthly_report", cast.officer)
        case = accept(case, cast)
    versions = case.events.filter(kind="STEP_DONE", step="monthly_report").order_by("number")
    sent = [event.text.body["loans_outstanding"] for event in versions.select_related("text")]
    assert sent == ["9000", "8000"]


def test_m6_nobody_accepts_the_report_they_wrote(september: Any, cast: Cast) -> None:
    with at(2026, 9, 8):
        case = hand_in(september, cast)
        with pytest.raises((NotYours, Refused)):
            do(case, "review", by=cast.officer)


# The late ladder --------------------------------------------------------------------------------


def told(template: str) -> set[str]:
    return set(Message.objects.filter(template=template).values_list("to__username", flat=True))


def live_through(first: date, last: date, then: Callable[[], None] = lambda: None) -> None:
    """Every morning from `first` to `last`, as beat does."""
    for number in range((last - first).days + 1):
        day = date.fromordinal(first.toordinal() + number)
        with at(day.year, day.month, day.day, 8, 31):
            morning()
            then()


@pytest.fixture
def october(cast: Cast) -> Any:
    """October 2026: its 15th, 20th and 30th are working days; the officer has claimed it."""
    group = followed(cast.village, date(2026, 10, 1))
    live_through(date(2026, 10, 1), date(2026, 10, 5))
    case = month(group, 2026, 10)
    with at(2026, 10, 5):
        claims.claim(item_of(case).pk, by=cast.officer)
    Message.objects.all().delete()
    return case


def test_ladder_not_in_by_the_15th_reminds_the_officer(october: Any) -> None:
    live_through(date(2026, 10, 6), date(2026, 10, 14))
    assert not Message.objects.exists()
    live_through(date(2026, 10, 15), date(2026, 10, 19))
    assert list(Message.objects.values_list("to__username", "template")) == [
        ("officer", "reminder")
    ]


def test_ladder_not_in_by_the_20th_tells_the_district_cd_chief(october: Any) -> None:
    live_through(date(2026, 10, 6), date(2026, 10, 29))
    assert told("due_today") == {"officer"}
    assert told("not_in") == {"chief", "second_chief"}
    assert Message.objects.count() == 4


def test_ladder_not_in_by_the_months_end_goes_to_the_province(october: Any) -> None:
    live_through(date(2026, 10, 6), date(2026, 10, 31))
    assert told("escalated") == {"academic"}


def test_ladder_a_report_that_is_in_disturbs_nobody(october: Any, cast: Cast) -> None:
    with at(2026, 10, 14):
        hand_in(october, cast)
    Message.objects.all().delete()
    live_through(date(2026, 10, 15), date(2026, 10, 16))
    assert not Message.objects.filter(to=cast.officer).exists()
    assert not told("not_in")
    assert Deadline.objects.filter(case=october, closed_at=None).count() == 1


def test_ladder_tells_each_rung_once_at_whichever_step_the_month_stands(
    october: Any, cast: Cast
) -> None:
    live_through(date(2026, 10, 6), date(2026, 10, 15))
    with at(2026, 10, 16):
        work(october, "attend", cast.officer)
    live_through(date(2026, 10, 16), date(2026, 10, 31))
    fired = RungRecord.objects.filter(deadline__case=october, outcome="FIRED")
    assert sorted(fired.values_list("position", flat=True)) == [0, 1, 2, 2, 3]


def test_missing_is_its_own_state_ten_days_after_the_month_in_which_it_was_due(
    october: Any, cast: Cast
) -> None:
    live_through(date(2026, 10, 6), date(2026, 11, 9))
    assert fresh(october).state == "open"
    live_through(date(2026, 11, 10), date(2026, 11, 10))
    case = fresh(october)
    assert (case.state, case.closed_at is not None) == ("missing", True)
    assert case.events.get(kind="CASE_ENDED").by is None
    assert told("case_ended") == {"officer"}


def test_the_chief_may_close_a_month_as_missing_sooner_with_a_reason(
    october: Any, cast: Cast
) -> None:
    with at(2026, 10, 25):
        with pytest.raises(NotYours):
            actions.end(october, how="missing", by=cast.officer, reason="สมุดหาย")
        with pytest.raises(Refused):
            actions.end(october, how="missing", by=cast.chief, reason=" ")
        actions.end(october, how="missing", by=cast.chief, reason="สมุดหาย")
    assert fresh(october).state == "missing"


def test_nothing_goes_missing_while_it_lies_with_the_chief(october: Any, cast: Cast) -> None:
    with at(2026, 11, 9):
        hand_in(october, cast)
    live_through(date(2026, 11, 10), date(2026, 11, 12))
    assert fresh(october).state == "open"


def test_two_months_missing_in_a_row_are_told_to_the_chief_once(cast: Cast) -> None:
    silent = followed(cast.village, date(2026, 6, 1))
    live_through(date(2026, 9, 1), date(2026, 9, 12))  # June, July and August are missing
    two = Message.objects.filter(template="months_missing")
    assert sorted(two.values_list("to__username", flat=True)) == ["chief", "second_chief"]
    assert [message.context["month"]["en"] for message in two] == ["Jul 2026"] * 2
    assert GroupMonth.objects.filter(party=silent, state="missing").count() == 3


def test_two_missing_and_three_without_deposits_stand_on_the_districts_page(
    cast: Cast, client: Any
) -> None:
    followed(cast.village, date(2026, 7, 1), name="สองเดือนไม่รายงาน")
    followed(cast.second_village, date(2026, 6, 1), name="สามเดือนไม่มีเงินฝาก")
    client.force_login(cast.chief)
    client.cookies["django_language"] = "en"
    with at(2026, 9, 12):
        morning()
        morning()
        page = client.get("/areas/TH4203/").content.decode()
        outside = client.get("/areas/TH42/").content.decode()
    assert "สองเดือนไม่รายงาน" in page
    assert page.count("/groups/") == 2
    assert "/groups/" not in outside


# The group's page and the KPIs ------------------------------------------------------------------


def test_the_groups_page_shows_months_chart_table_and_kpis(
    september: Any, group: Party, cast: Cast, client: Any
) -> None:
    with at(2026, 9, 8):
        accept(hand_in(september, cast), cast)
    client.force_login(cast.officer)
    with at(2026, 11, 2):
        morning()
        page = client.get(f"/groups/{group.pk}/").content.decode()
    assert page.count("<figure") == 2
    assert "11,000" in page
    assert page.count(f"/cases/{september.number}/") == 2
    assert 'style="' not in page


def test_the_groups_page_is_nobodys_who_does_not_read_the_area(
    group: Party, cast: Cast, client: Any
) -> None:
    expected = {"officer": 200, "district_chief": 200, "province": 200, "outsider": 404}
    for who, status in {**expected, "admin": 404, "nobody": 404}.items():
        client.force_login(getattr(cast, who))
        assert client.get(f"/groups/{group.pk}/").status_code == status


def test_the_page_of_a_group_without_a_month_says_so(cast: Cast, client: Any) -> None:
    client.force_login(cast.officer)
    new = followed(cast.village, date(2027, 1, 1))
    other = Party.objects.create(kind="KKJ_FUND", name="กองทุน", area=cast.village)
    for party in (new, other):
        page = client.get(f"/groups/{party.pk}/").content.decode()
        assert 'class="empty"' in page
        assert "<figure" not in page


def test_the_groups_page_costs_the_same_after_a_year(
    september: Any, group: Party, cast: Cast, client: Any
) -> None:
    client.force_login(cast.chief)
    costs = []
    with at(2026, 9, 8):
        accept(hand_in(september, cast), cast)
    for year, number in ((2026, 9), (2027, 8)):
        with at(year, number, 20):
            morning()
            client.get(f"/groups/{group.pk}/")
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/groups/{group.pk}/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_kpis_on_time_attended_audited_growth_and_arrears(group: Party, cast: Cast) -> None:
    with at(2026, 9, 8):
        morning()
        accept(hand_in(month(group, 2026, 9), cast, arrears_over_90_days=Decimal(400)), cast)
    with at(2026, 10, 26):  # six days late
        morning()
        case = month(group, 2026, 10)
        accept(hand_in(case, cast, savings_balance=Decimal(12100), members=45), cast)
    with at(2026, 12, 11):
        morning()  # November is missing
        months = figures.months_of(group)
    known = {m.period.month: m.standing for m in months}
    assert known[9] == known[10] == "accepted"
    assert (known[8], known[11], known[12]) == ("not_asked", "missing", "open")
    assert figures.on_time(months) == figures.Share(1, 3)
    assert figures.attended(months) == figures.Share(2, 2)
    assert figures.audited(months) == figures.Share(2, 3)
    assert figures.growth(months, "savings_balance") == figures.Growth(1100, Decimal("10.0"))
    assert figures.growth(months, "members") == figures.Growth(3, Decimal("7.1"))
    assert figures.arrears_percent(months[:-3]) == Decimal("5.0")


def test_a_district_counts_reports_in_of_those_asked_and_no_missing_one_as_zero(
    september: Any, cast: Cast
) -> None:
    followed(cast.second_village, name="ไม่รายงาน")
    with at(2026, 9, 8):
        morning()
        accept(hand_in(september, cast), cast)
    with at(2026, 10, 12):
        morning()
        shown = on_area.section(cast.chief, cast.village.parent.parent)
        assert on_area.section(cast.outside_chief, cast.village.parent.parent) is None
    assert shown is not None
    rows = {row["period"].month: row for row in shown["rows"]}
    assert (rows[9]["asked"], rows[9]["came"], rows[9]["missing"]) == (2, 1, 1)
    assert (rows[9]["percent"], rows[9]["totals"]) == (50, [11000, 42, 8000])
    assert rows[10]["totals"] == [None, None, None]


def test_interest_a_month_is_offered_as_what_it_comes_to_a_year(cast: Cast) -> None:
    group = followed(cast.village)
    group.rules.update(interest_rate=1, interest_period="MONTH", loan_fees=2)
    with at(2026, 9, 1):
        morning()
    case = month(group, 2026, 9)
    assert case.flow_class.monthly_report.suggest(case) == {"interest_rate": Decimal(14)}


def test_no_two_cases_of_a_group_and_month_can_stand_in_the_database(september: Any) -> None:
    twin = {"procedure": "SGM", "party_id": september.party_id, "period": september.period}
    same = {"content_id": september.content_id, "area_id": september.area_id}
    with pytest.raises(IntegrityError, match="case_once_a_period"), transaction.atomic():
        Case.objects.create(number="SGM-X", flow_class=september.flow_class, **twin, **same)


def test_a_field_that_a_guard_may_ask_for_is_not_called_optional(
    attending: Any, cast: Cast, client: Any
) -> None:
    client.force_login(cast.officer)
    client.cookies["django_language"] = "en"
    with at(2026, 9, 7):
        page = client.get(f"/cases/{attending.number}/steps/{item_of(attending).pk}/")
    form = page.content.decode().split('id="checklist"')[0]
    assert form.count("(optional)") == 1  # who stood in for the officer
