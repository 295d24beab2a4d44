"""The papers of a founding: minutes, report memo, letter to the bank, register of members.

Handbook 5.1 (outputs), 3.5 (layout of memos and letters). What was not recorded is left open on
the paper, to be written in by hand.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases import ages, clock
from cases.models import Area, Member, Seat
from cases.papers import letterhead, places, words
from cases.papers.paper import Paper
from cases.papers.signers import field_officer, seat_holder
from workflows.procedures.savings_group import phrases

if TYPE_CHECKING:
    from workflows.procedures.savings_group.models import SavingsGroupFounding

_LAYOUTS = Path(__file__).resolve().parent / "documents"
_KINDS = {
    Member.Kind.ORDINARY: "สามัญ",
    Member.Kind.EXTRAORDINARY: "วิสามัญ",
    Member.Kind.HONORARY: "กิตติมศักดิ์",
}


def _titled(case: "SavingsGroupFounding", title: str) -> dict[str, Any]:
    """What every paper begins with: its title, and the footer of those with several pages."""
    return {"title": title, "footer": f"{title} · เรื่องเลขที่ {case.number}"}


def _founding(case: "SavingsGroupFounding") -> dict[str, Any]:
    """The meeting and its vote (handbook 5.1, 2.1 and 2.2)."""
    return {
        "group": phrases.group_name(case),
        "village": places.full(case.area),
        "meeting_on": words.long_date(case.meeting_on),
        "meeting_place": case.meeting_place,
        "attendance": words.number(case.meeting_attendance),
        "votes_for": words.number(case.votes_for),
        "votes_against": words.number(case.votes_against),
        "votes_abstained": words.number(case.votes_abstained),
    }


def minutes(case: "SavingsGroupFounding") -> dict[str, Any]:
    """Minutes of the founding meeting (รายงานการประชุมจัดตั้ง)."""
    carried = (case.votes_for or 0) > (case.votes_against or 0)
    told = {
        "carried": carried,
        "verdict": "เห็นชอบให้จัดตั้งกลุ่ม" if carried else "ไม่เห็นชอบให้จัดตั้งกลุ่ม",
        "enrolment": phrases.enrolment(case),
        "election": phrases.election(case),
        "committees": phrases.committees(case.party),
        "rules": phrases.rules(case),
        "targets": phrases.targets(case),
        "secretary": seat_holder(case.party, Seat.Position.SECRETARY),
        "chair": seat_holder(case.party, Seat.Position.CHAIR),
    }
    title = "รายงานการประชุมจัดตั้งกลุ่มออมทรัพย์เพื่อการผลิต"
    return _titled(case, title) | {"founding": _founding(case) | told}


def report_memo(case: "SavingsGroupFounding") -> dict[str, Any]:
    """Report to the district chief through the district CD chief (2.8), as a memo."""
    office = letterhead.of(case.area)
    district = places.named(places.above(case.area, Area.Level.DISTRICT))
    committees = phrases.committees(case.party)
    seats = sum(len(each["seats"]) for each in committees)
    elected = f"เลือกตั้งคณะกรรมการ {f'{seats} คน ' if seats else ''}{phrases.election(case)}"
    told = {
        "reason": phrases.REASONS.get(case.trigger, ""),
        "problem": case.problem_statement,
        "analysed_on": words.long_date(case.analysed_on),
        "results": [
            *filter(None, [phrases.enrolment(case)]),
            *([elected.strip()] if seats or phrases.election(case) else []),
            *phrases.rules(case),
            *(f"เป้าหมาย {line}" for line in [phrases.targets(case)] if line),
        ],
    }
    title = f"รายงานผลการจัดตั้ง{phrases.group_name(case)}"
    memo = {
        "office": f"{office.office_name}{f' โทร. {office.phone}' if office.phone else ''}",
        "number": case.memo_number or (office.letter_code and f"{office.letter_code}/"),
        "date": words.long_date(case.memo_on),
        "subject": title,
        "to": f"นาย{district} (ผ่านพัฒนาการ{district})",
        "signer": field_officer(case),
        "chief": f"พัฒนาการ{district}",
        "district_chief": f"นาย{district}",
    }
    return _titled(case, title) | {"founding": _founding(case) | told, "memo": memo}


def bank_letter(case: "SavingsGroupFounding") -> dict[str, Any]:
    """Letter to a bank to ease opening the group's account (3.1)."""
    office = letterhead.of(case.area)
    minimum = case.minimum_deposit
    told = {
        "register_number": case.party.register_number if case.party else "",
        "members": words.number(case.members_enrolled),
        "deposits": f"ขั้นต่ำเดือนละ {words.money(minimum)}" if minimum is not None else "",
        "officers": phrases.officers(case.party),
    }
    title = f"ขอความอนุเคราะห์ในการเปิดบัญชีเงินฝากของ{phrases.group_name(case)}"
    letter = {
        "number": case.bank_letter_number or (office.letter_code and f"{office.letter_code}/"),
        "office": office.office_name,
        "address": office.address,
        "date": words.long_date(case.bank_letter_on),
        "subject": title,
        "to": f"ผู้จัดการ {case.bank_name}" if case.bank_name else "",
        "enclosures": [
            {"name": "สำเนารายงานการประชุมจัดตั้งกลุ่ม", "copies": "จำนวน 1 ชุด"},
            {"name": "สำเนาทะเบียนสมาชิก", "copies": "จำนวน 1 ชุด"},
        ],
        "signer": {"name": office.signer_name, "position": office.signer_position},
        "section": office.office_name,
        "phone": office.phone,
    }
    return _titled(case, title) | {"founding": _founding(case) | told, "letter": letter}


def member_register(case: "SavingsGroupFounding") -> dict[str, Any]:
    """Register of members (ทะเบียนสมาชิก), checklist A; who has left stays, with the day."""
    members = list(Member.objects.filter(party=case.party)) if case.party else []
    staying = [member for member in members if member.left_on is None]
    pledges = [member.monthly_pledge for member in staying if member.monthly_pledge is not None]
    told = {
        "group": phrases.group_name(case),
        "village": places.full(case.area),
        "register_number": case.party.register_number if case.party else "",
        "as_of": words.long_date(clock.today()),
        "rows": [_row(member) for member in members],
        "count": words.number(len(staying)),
        "pledged": words.money(sum(pledges)) if pledges else "",
        "registrar": seat_holder(case.party, Seat.Position.REGISTRAR),
        "chair": seat_holder(case.party, Seat.Position.CHAIR),
    }
    return _titled(case, f"ทะเบียนสมาชิก {phrases.group_name(case)}") | {"members": told}


def _row(member: Member) -> list[str]:
    notes = []
    if member.consent_by:
        notes.append(f"ผู้เยาว์ ยินยอมโดย {member.consent_by}")
    if member.left_on:
        notes.append(f"ออกเมื่อ {words.short_date(member.left_on)}")
    return [
        words.number(member.number),
        member.name,
        _KINDS[Member.Kind(member.kind)],
        # The age says what the register needs; the day of birth stays masked (handbook 0).
        words.number(ages.age_on(member.born_on, member.joined_on)) if member.born_on else "",
        member.house_number,
        member.occupation,
        words.figures(member.monthly_pledge),
        words.short_date(member.joined_on),
        " ".join(notes),
    ]


PAPERS = (
    Paper(
        code="minutes",
        title={
            "th": "รายงานการประชุมจัดตั้ง",
            "lo": "ບົດບັນທຶກກອງປະຊຸມສ້າງຕັ້ງ",
            "en": "Founding minutes",
        },
        layout=_LAYOUTS / "minutes.typ",
        available=lambda case: case.votes_for is not None,
        data=minutes,
    ),
    Paper(
        code="member-register",
        title={"th": "ทะเบียนสมาชิก", "lo": "ທະບຽນສະມາຊິກ", "en": "Register of members"},
        layout=_LAYOUTS / "member_register.typ",
        available=lambda case: case.party is not None and case.enrolled_on is not None,
        data=member_register,
    ),
    Paper(
        code="report-memo",
        title={
            "th": "บันทึกข้อความรายงานผลการจัดตั้ง",
            "lo": "ບົດລາຍງານຜົນການສ້າງຕັ້ງ",
            "en": "Report memo to the district chief",
        },
        layout=_LAYOUTS / "report_memo.typ",
        available=lambda case: case.target_on is not None,
        data=report_memo,
    ),
    Paper(
        code="bank-letter",
        title={
            "th": "หนังสือถึงธนาคารขอเปิดบัญชี",
            "lo": "ໜັງສືເຖິງທະນາຄານຂໍເປີດບັນຊີ",
            "en": "Letter to the bank",
        },
        layout=_LAYOUTS / "bank_letter.typ",
        available=lambda case: case.party is not None and bool(case.party.register_number),
        data=bank_letter,
    ),
)
