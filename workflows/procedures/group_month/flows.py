"""A month of a followed savings group (การติดตามกลุ่มออมทรัพย์ประจำเดือน), handbook 5.2.

All steps are due with the report: so its late ladder (15th, 20th, month end) climbs once a
month, whichever step the month stands at.
"""

from typing import Any

from viewflow.this_object import this

from cases.models import Area, Party, User
from cases.roles import Role
from workflows.procedure import Procedure
from workflows.procedures.group_month import guards as facts
from workflows.procedures.group_month import on_area, on_group
from workflows.procedures.group_month.models import GroupMonth
from workflows.procedures.group_month.papers import PAPERS
from workflows.procedures.group_month.suggestions import carried_over, planned_day
from workflows.steps import Decide, Ending, Fill, Finish, Open, Stage, Wait

FIELD_OFFICER, DISTRICT_CHIEF_CD = Role.FIELD_OFFICER, Role.DISTRICT_CHIEF_CD


class GroupMonthFlow(Procedure):
    """Monthly follow-up of a savings group"""

    code = "SGM"
    process_class = GroupMonth
    papers = PAPERS

    # The group's month: its deposit day, meeting and accounts ----------------------------------
    follow_up = Stage()

    opening = (
        Open("deposit_on", "report_due_on", "missing_on")
        .ByCalendar()
        .When(facts.deposit_day_ahead, this.deposit_day, moves=GroupMonth.begin)
        .Otherwise(this.attend, moves=GroupMonth.begin)
    )
    deposit_day = Wait(until="deposit_on").By(FIELD_OFFICER).Next(this.attend)
    attend = (  # M1
        Fill(
            "deposit_held",
            optional=(
                "not_held_reason",
                *facts.PRESENCE,
                "absence_reason",
                "substitute",
                *facts.MONEY,
            ),
            guards=(
                facts.reason_not_held,
                facts.day_is_recorded,
                facts.held_in_its_month,
                facts.reason_absent,
                facts.slip_is_kept,
            ),
            suggest=planned_day,
        )
        .By(FIELD_OFFICER)
        .Due(on="report_due_on")
        .Ladder("monthly")
        .Next(this.committee_meeting)
    )
    committee_meeting = (  # M2
        Fill(
            "meeting_held",
            optional=("no_meeting_reason", *facts.MEETING, "cash_in_bank"),
            guards=(facts.reason_no_meeting, facts.meeting_is_recorded, facts.minutes_are_kept),
            warnings=(facts.cash_is_in_bank,),
        )
        .By(FIELD_OFFICER)
        .Due(on="report_due_on")
        .Ladder("monthly")
        .Next(this.account_check)
    )
    account_check = (  # M3
        Fill(
            "audit_done",
            optional=("no_audit_reason", *facts.AUDIT, "bank_balance", "differences"),
            guards=(facts.reason_no_audit, facts.audit_is_recorded, facts.sheet_is_kept),
            warnings=(facts.checked_every_month,),
        )
        .By(FIELD_OFFICER)
        .Due(on="report_due_on")
        .Ladder("monthly")
        .Next(this.monthly_report)
    )

    # Its report, and what the district makes of it ----------------------------------------------
    reporting = Stage()

    monthly_report = (  # M4
        Fill(
            "opening_balance",
            "savings_balance",
            "special_savings",
            "members",
            "borrowers",
            "loans_outstanding",
            "arrears_over_90_days",
            "cash",
            "interest_rate",
            "reserve",
            "welfare_fund",
            "profit",
            optional=("bank", "report_note"),
            warnings=facts.INTEGRITY,
            suggest=carried_over,
        )
        .By(FIELD_OFFICER)
        .Due(on="report_due_on")
        .Ladder("monthly")
        .Next(this.review)
    )
    review = (  # M6
        Decide()
        .By(DISTRICT_CHIEF_CD)
        .Due(working_days=5)
        .Return(this.attend, this.committee_meeting, this.account_check, this.monthly_report)
        .Approve(this.accepted, moves=GroupMonth.accept)
        .Noted(this.accepted, moves=GroupMonth.accept_with_notes)
    )

    accepted = Finish()

    @classmethod
    def on_group(cls, party: Party) -> dict[str, Any]:
        return on_group.section(party)

    @classmethod
    def on_area(cls, user: User, area: Area) -> dict[str, Any] | None:
        return on_area.section(user, area)

    endings = {
        "missing": Ending(moves=GroupMonth.miss, by=DISTRICT_CHIEF_CD, on="missing_on"),
    }
