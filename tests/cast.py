"""A named cast in a small territory, and one driver for what they do (DESIGN 10).

do(case, "study", by=cast.officer)
do(case, "verify_founding", by=cast.chief, outcome="RETURNED", to="elect", reason="…")
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases import clock, contents, holidays, ladders
from cases.models import Area, Case, Post, User, WorkItem
from cases.roles import Role
from project.demo import members
from workflows import actions
from workflows import contents as loading
from workflows.contents import by_code
from workflows.entries import Entries
from workflows.steps import Decide, Wait
from workflows.verdicts import Verdict

LONG_AGO = date(2020, 1, 1)
A_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Cast:
    """Who is who: two officers of one tambon, their chief, the posts above, and strangers."""

    officer: User
    colleague: User
    chief: User
    second_chief: User
    district_chief: User
    academic: User
    province: User
    governor: User
    department: User
    outsider: User
    outside_chief: User
    admin: User
    nobody: User
    village: Area
    second_village: Area
    outside_village: Area


def territory() -> dict[str, Area]:
    """Chiang Khan with a tambon and two villages, and a neighbouring district with one."""
    units = {
        "TH": ("ประเทศไทย", "ປະເທດໄທ", "Thailand"),
        "TH42": ("เลย", "ເລີຍ", "Loei"),
        "TH4203": ("เชียงคาน", "ຊຽງຄານ", "Chiang Khan"),
        "TH420301": ("เชียงคาน", "ຊຽງຄານ", "Chiang Khan"),
        "TH42030101": ("บ้านทุ่งใหม่", "ບ້ານທົ່ງໃໝ່", "Ban Thung Mai"),
        "TH42030102": ("บ้านท่าเดิม", "ບ້ານທ່າເດີມ", "Ban Tha Doem"),
        "TH4209": ("วังสะพุง", "ວັງສະພຸງ", "Wang Saphung"),
        "TH420901": ("วังสะพุง", "ວັງສະພຸງ", "Wang Saphung"),
        "TH42090101": ("บ้านนาเหนือ", "ບ້ານນາເໜືອ", "Ban Na Nuea"),
    }
    areas = [
        Area(
            code=code,
            level=len(code) // 2 - 1,
            parent_id=code[:-2] or None,
            name_th=th,
            name_lo=lo,
            name_en=en,
            sort_key=th,
        )
        for code, (th, lo, en) in units.items()
    ]
    Area.objects.bulk_create(areas, ignore_conflicts=True)
    return {area.code: area for area in areas}


POSTS = {
    "officer": (Role.FIELD_OFFICER, "TH420301", "th"),
    "colleague": (Role.FIELD_OFFICER, "TH420301", "th"),
    "chief": (Role.DISTRICT_CHIEF_CD, "TH4203", "th"),
    "second_chief": (Role.DISTRICT_CHIEF_CD, "TH4203", "lo"),
    "district_chief": (Role.DISTRICT_CHIEF, "TH4203", "th"),
    "academic": (Role.PROV_ACADEMIC, "TH42", "th"),
    "province": (Role.PROV_CHIEF_CD, "TH42", "en"),
    "governor": (Role.GOVERNOR, "TH42", "th"),
    "department": (Role.DEPARTMENT, "TH", "th"),
    "outsider": (Role.FIELD_OFFICER, "TH420901", "th"),
    "outside_chief": (Role.DISTRICT_CHIEF_CD, "TH4209", "th"),
    "admin": (Role.ADMIN, "TH", "th"),
    "nobody": (None, None, "en"),
}


def assemble() -> Cast:
    """The cast with its territory and the reference data, in the database."""
    ladders.seed()
    loading.load_all()
    for country in ("TH", "LA"):
        holidays.seed(country, range(2025, 2029))
    areas = territory()
    people: dict[str, Any] = {}
    for name, (role, area, language) in POSTS.items():
        user = User(
            username=name, name=f"นาม {name}", email=f"{name}@example.org", language=language
        )
        user.set_password(name)
        user.save()
        if role:
            Post.objects.create(user=user, role=role, area=areas[area], starts_on=LONG_AGO)
        people[name] = user
    return Cast(
        village=areas["TH42030101"],
        second_village=areas["TH42030102"],
        outside_village=areas["TH42090101"],
        **people,
    )


def entries(step: str) -> dict[str, Any]:
    """Plausible entries for a step of the founding of a savings group; its lines under "lines"."""
    today = clock.today()
    people = members.members("บ้านทุ่งใหม่", 36, today)
    known: dict[str, dict[str, Any]] = {
        "study": {"study_source": "จปฐ.", "study_year": 2025, "study_findings": "หนี้นอกระบบสูง"},
        "analyse": {
            "analysed_on": today,
            "analysis_participants": 18,
            "problem_statement": "54 ครัวเรือนมีหนี้นอกระบบ",
        },
        "present": {"presented_on": today, "presented_to": "ผู้ใหญ่บ้าน", "reaction": "สนใจ"},
        "ask_leaders": {"leaders_agreed": True, "revisit_on": None},
        "train": {
            "training_kind": "TRAINING",
            "trained_on": today,
            "training_place": "ศาลาวัด",
            "training_participants": 15,
            "training_lessons": "คุณธรรม 5 ประการ",
        },
        "gather": {"interested_count": 34},
        "meet": {"meeting_on": today, "meeting_place": "ศาลาวัด", "meeting_attendance": 41},
        "vote": {"votes_for": 38, "votes_against": 1, "votes_abstained": 2, "after_lost_vote": ""},
        "enrol": {"enrolled_on": today, "lines": people},
        "elect": {
            "elected_on": today,
            "committee_term_months": 24,
            "lines": members.seats(people),
        },
        "draft_rules": {
            "group_name": "กลุ่มออมทรัพย์เพื่อการผลิตบ้านทุ่งใหม่",
            "deposit_day": 5,
            "minimum_deposit": 30,
            "interest_rate": 12,
            "interest_period": "YEAR",
            "loan_fees": None,
            "cash_limit": None,
            "only_members_deposit": True,
            "only_members_borrow": True,
        },
        "set_targets": {
            "target_members": 60,
            "target_savings": 120000,
            "target_on": today + timedelta(days=365),
        },
        "report": {"memo_number": "ลย 0019/12", "memo_on": today},
        "bank_letter": {
            "bank_name": "ธ.ก.ส. สาขาเชียงคาน",
            "bank_letter_number": "ลย 0019/31",
            "bank_letter_on": today,
        },
        "first_deposit": {
            "first_deposit_on": today,
            "first_depositors": 34,
            "first_deposit_amount": 2040,
        },
        "open_account": {"account_opened_on": today, "account_signatories": "นางสมมติ ใจดี ประธาน"},
        "advise": {
            "advised_on": today,
            "debtor_register": True,
            "contract_register": True,
            "contract_form": False,
            "advice": "จัดทำแบบสัญญาให้เสร็จก่อนปล่อยกู้",
        },
        "adopt_rules": {"rules_adopted_on": today, "rules_resolution": "มติที่ประชุมครั้งที่ 1"},
    }
    return known.get(step, {})


def typed(step: str) -> dict[str, str]:
    """The entries of a step as a browser sends them."""
    given = entries(step)
    lines = given.pop("lines", None)
    sent = {name: "" if value is None else str(value) for name, value in given.items()}
    return sent if lines is None else sent | typed_lines(lines)


def typed_lines(lines: list[dict[str, Any]]) -> dict[str, str]:
    """The lines of a step as a browser sends them."""
    sent = {"rows-TOTAL_FORMS": str(len(lines)), "rows-INITIAL_FORMS": "0"}
    for number, line in enumerate(lines):
        for name, value in line.items():
            sent[f"rows-{number}-{name}"] = "" if value is None else str(value)
    return sent


def open_founding(cast: Cast, *, by: User | None = None, area: Area | None = None) -> Case:
    """A founding opened by the officer, at its first step."""
    case: Case = actions.open_case(
        by_code("SGF"),
        by=by or cast.officer,
        area=area or cast.village,
        values={"trigger": "NO_CAPITAL", "trigger_note": ""},
    )
    return case


def item_of(case: Case, step: str | None = None) -> WorkItem:
    """The open work item of `case`, of `step` where named."""
    found = [i for i in case.task_set.filter(closed_at=None) if step in (None, i.step)]
    assert len(found) == 1, f"{case.number} has no single open step {step}: {found}"
    return found[0]


def prove(case: Case, step: str, by: User) -> None:
    """Attach a file to each checklist item of `step` that asks for evidence."""
    for check in contents.checklist(case, step):
        kept = case.documents.filter(step=step, item=check["code"], removed_at=None)
        if check["evidence"] and not kept.exists():
            actions.attach(
                item_of(case, step).pk,
                SimpleUploadedFile(f"{check['code']}.pdf", A_PDF),
                code=check["code"],
                by=by,
            )


def do(case: Case, step: str, *, by: User, evidence: bool = True, **given: Any) -> Any:
    """Do the open `step` of `case` as `by` would on the page; returns the case as it stands.

    A decision takes `outcome`, `reason`, `to` and `defects`; a wait nothing; any other step its
    fields, plausible entries and all ticks where nothing else is given.
    """
    item = item_of(case, step)
    if isinstance(item.flow_task, Decide):
        verdict = Verdict(
            outcome=given.get("outcome", "APPROVED"),
            reason=given.get("reason", ""),
            return_to=given.get("to", ""),
            defects=given.get("defects", ()),
        )
        actions.decide(item.pk, by=by, verdict=verdict)
    elif isinstance(item.flow_task, Wait):
        actions.resume(item.pk, by=by)
    else:
        if evidence:
            prove(case, step, by)
        ticked = given.pop("ticked", {check["code"] for check in contents.checklist(case, step)})
        mended = given.pop("mended", {d.pk: "แก้แล้ว" for d in case.defects.filter(step=step)})
        values = entries(step) | given
        lines = values.pop("lines", [])
        actions.submit(item.pk, by=by, entries=Entries(values, ticked, mended, lines))
    return fresh(case)


def fresh(case: Case) -> Any:
    """The case as its procedure's model, read anew."""
    return case.flow_class.process_class.objects.get(pk=case.pk)


STAGE_1 = ("study", "analyse", "present", "ask_leaders", "train", "gather")
STAGE_2 = (
    "meet",
    "vote",
    "enrol",
    "elect",
    "draft_rules",
    "prepare_papers",
    "set_targets",
    "report",
)
STAGE_3 = ("bank_letter", "first_deposit", "open_account", "advise", "adopt_rules")


def bring_to(case: Case, step: str, cast: Cast) -> Any:
    """Do every step before `step`, as the officer and the chief would."""
    order = (*STAGE_1, "verify_preparation", *STAGE_2, "verify_founding", *STAGE_3)
    for name in order[: order.index(step)]:
        case = do(case, name, by=cast.chief if name.startswith("verify") else cast.officer)
    return case
