"""Founding a savings group for production (การจัดตั้งกลุ่มออมทรัพย์เพื่อการผลิต), handbook 5.1."""

from viewflow.this_object import this

from cases.roles import Role
from workflows.procedure import Procedure
from workflows.procedures.savings_group import group
from workflows.procedures.savings_group import guards as facts
from workflows.procedures.savings_group.committees import SEATS
from workflows.procedures.savings_group.members import MEMBERS
from workflows.procedures.savings_group.models import SavingsGroupFounding
from workflows.procedures.savings_group.papers import PAPERS
from workflows.spans import Span
from workflows.steps import Decide, Ending, Fill, Finish, Open, Stage, Wait

FIELD_OFFICER, DISTRICT_CHIEF_CD = Role.FIELD_OFFICER, Role.DISTRICT_CHIEF_CD


class SavingsGroupFlow(Procedure):
    """Founding a savings group"""

    code = "SGF"
    process_class = SavingsGroupFounding
    papers = PAPERS
    spans = {
        # [AD] in the handbook (5.1, deadlines): 60 days for the first stage; it answers how long
        # the whole of it took, while each of its steps has days of its own.
        "preparation_span": Span(
            starts="study", ends="verify_preparation", role=FIELD_OFFICER, due={"days": 60}
        ),
    }

    # Stage 1: before founding (ก่อนการจัดตั้ง) -------------------------------------------------
    preparation = Stage()

    opening = (
        Open("trigger", optional=("trigger_note",), warnings=(facts.no_group_stands_here,))
        .By(FIELD_OFFICER)
        .Next(this.study, moves=SavingsGroupFounding.begin)
    )
    study = (  # 1.1
        Fill("study_source", "study_year", "study_findings")
        .By(FIELD_OFFICER)
        .Due(working_days=7)
        .Next(this.analyse)
    )
    analyse = (  # 1.2
        Fill("analysed_on", "analysis_participants", "problem_statement")
        .By(FIELD_OFFICER)
        .Due(working_days=7)
        .Next(this.present)
    )
    present = (  # 1.3
        Fill("presented_on", "presented_to", "reaction")
        .By(FIELD_OFFICER)
        .Due(working_days=7)
        .Next(this.ask_leaders)
    )
    ask_leaders = (  # 1.4
        Fill(
            "leaders_agreed",
            optional=("revisit_on",),
            guards=(facts.revisit_day_known, facts.revisit_day_ahead),
        )
        .By(FIELD_OFFICER)
        .Due(working_days=7)
        .When(facts.leaders_agreed, this.train)
        .Otherwise(this.revisit, moves=SavingsGroupFounding.put_off)
    )
    revisit = (
        Wait(until="revisit_on")
        .By(FIELD_OFFICER)
        .Next(this.present, moves=SavingsGroupFounding.take_up_again)
    )
    train = (  # 1.5
        Fill(
            "training_kind",
            "trained_on",
            "training_place",
            "training_participants",
            "training_lessons",
        )
        .By(FIELD_OFFICER)
        .Due(working_days=15)
        .Next(this.gather)
    )
    gather = (  # 1.6
        Fill("interested_count", guards=(facts.enough_interested,))
        .By(FIELD_OFFICER)
        .Due(working_days=7)
        .Next(this.verify_preparation)
    )
    verify_preparation = (
        Decide()
        .By(DISTRICT_CHIEF_CD)
        .Due(working_days=5)
        .Return(this.study, this.analyse, this.present, this.train, this.gather)
        .Approve(this.meet, moves=SavingsGroupFounding.start_founding)
    )

    # Stage 2: founding (การจัดตั้ง), one meeting day and 15 working days -------------------------
    founding = Stage()

    meet = (  # 2.1
        Fill("meeting_on", "meeting_place", "meeting_attendance")
        .By(FIELD_OFFICER)
        .Due(working_days=7)
        .Next(this.vote)
    )
    vote = (  # 2.2
        Fill(
            "votes_for",
            "votes_against",
            "votes_abstained",
            optional=("after_lost_vote",),
            guards=(facts.votes_fit_attendance, facts.lost_vote_has_consequence),
        )
        .By(FIELD_OFFICER)
        .Due(working_days=1)
        .When(facts.vote_carried, this.enrol)
        .When(facts.village_tries_again, this.analyse, moves=SavingsGroupFounding.prepare_again)
        .Otherwise(this.declined, moves=SavingsGroupFounding.decline)
    )
    enrol = (  # 2.3
        Fill(
            "enrolled_on",
            rows=MEMBERS,
            guards=(facts.enrolled_at_the_meeting,),
            suggest=facts.the_same_day,
        )
        .By(FIELD_OFFICER)
        .Due(working_days=1)
        .Next(this.elect)
    )
    elect = (  # 2.4
        Fill(
            "elected_on",
            "committee_term_months",
            rows=SEATS,
            guards=(facts.elected_after_enrolment, facts.term_is_given),
            warnings=(facts.nobody_sits_on_several_funds,),
            suggest=facts.the_usual_term,
        )
        .By(FIELD_OFFICER)
        .Due(working_days=2)
        .Next(this.draft_rules)
    )
    draft_rules = (  # 2.5
        Fill(
            "group_name",
            "deposit_day",
            "minimum_deposit",
            "interest_rate",
            "interest_period",
            "only_members_deposit",
            "only_members_borrow",
            optional=("loan_fees", "cash_limit"),
            guards=(
                facts.deposit_day_in_month,
                facts.interest_within_law,
                facts.members_deposit_only,
                facts.members_borrow_only,
            ),
            suggest=facts.the_usual_name,
            writes=group.write_rules,
        )
        .By(FIELD_OFFICER)
        .Due(working_days=3)
        .Next(this.prepare_papers)
    )
    prepare_papers = (  # 2.6, checklist A
        Fill().By(FIELD_OFFICER).Due(working_days=4).Next(this.set_targets)
    )
    set_targets = (  # 2.7
        Fill("target_members", "target_savings", "target_on", guards=(facts.target_lies_ahead,))
        .By(FIELD_OFFICER)
        .Due(working_days=2)
        .Next(this.report)
    )
    report = (  # 2.8
        Fill("memo_number", "memo_on")
        .By(FIELD_OFFICER)
        .Due(working_days=2)
        .Next(this.verify_founding)
    )
    verify_founding = (  # 2.9
        Decide()
        .By(DISTRICT_CHIEF_CD)
        .Due(working_days=2)
        .Return(
            this.meet,
            this.enrol,
            this.elect,
            this.draft_rules,
            this.prepare_papers,
            this.set_targets,
            this.report,
        )
        .Approve(this.bank_letter, moves=SavingsGroupFounding.found)
    )

    # Stage 3: after founding (ภายหลังการจัดตั้ง); each month's duties are cases of their own -------
    follow_up = Stage()

    bank_letter = (  # 3.1, the letter
        Fill(
            "bank_name",
            "bank_letter_number",
            "bank_letter_on",
            guards=(facts.letter_after_founding,),
        )
        .By(FIELD_OFFICER)
        .Due(working_days=5)
        .Next(this.first_deposit)
    )
    first_deposit = (  # 3.2, the first of all deposit days
        Fill(
            "first_deposit_on",
            "first_depositors",
            "first_deposit_amount",
            guards=(facts.deposit_after_founding, facts.depositors_are_members),
        )
        .By(FIELD_OFFICER)
        .Due(on="first_deposit_due_on")
        .Next(this.open_account)
    )
    open_account = (  # 3.1, the account
        Fill("account_opened_on", "account_signatories", guards=(facts.account_after_founding,))
        .By(FIELD_OFFICER)
        .Due(working_days=10)
        .Next(this.advise)
    )
    advise = (  # 3.3
        Fill("advised_on", "debtor_register", "contract_register", "contract_form", "advice")
        .By(FIELD_OFFICER)
        .Due(working_days=10)
        .Next(this.adopt_rules)
    )
    adopt_rules = (  # 3.4
        Fill("rules_adopted_on", "rules_resolution", guards=(facts.rules_adopted_after_founding,))
        .By(FIELD_OFFICER)
        .Due(on="rules_due_on")
        .Next(this.followed_up, moves=SavingsGroupFounding.adopt_rules)
    )

    followed_up = Finish()
    declined = Finish()

    endings = {
        "cancelled": Ending(moves=SavingsGroupFounding.cancel, by=DISTRICT_CHIEF_CD),
        "dissolved": Ending(moves=SavingsGroupFounding.dissolve, by=DISTRICT_CHIEF_CD),
    }
