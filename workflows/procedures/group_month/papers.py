"""The monthly status form of a savings group (handbook 5.2, outputs and minimum figures).

It shows the month as it stands: an empty figure is not known, which is another thing than zero.
"""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.eras import format_year
from cases.models import Seat
from cases.months import MONTHS
from cases.papers import letterhead, places, words
from cases.papers.paper import Paper
from cases.papers.signers import field_officer, seat_holder

if TYPE_CHECKING:
    from workflows.procedures.group_month.models import GroupMonth

_NOT_KNOWN = "–"

# What each part of the form lists: a field of the month, its label, and its unit ("" a date).
_DAY = (
    ("held_on", "วันที่รับฝากเงินสัจจะ", ""),
    ("members_paid", "สมาชิกที่ส่งเงิน", "คน"),
    ("members_unpaid", "สมาชิกที่ยังไม่ส่งเงิน", "คน"),
    ("deposits", "เงินสัจจะสะสมรับฝาก", "บาท"),
    ("special_deposits", "เงินสัจจะสะสมพิเศษรับฝาก", "บาท"),
    ("withdrawals", "ถอนเงินสัจจะ", "บาท"),
    ("loans_paid_out", "จ่ายเงินกู้", "บาท"),
    ("loans_repaid", "รับชำระคืนเงินกู้", "บาท"),
    ("arrears", "ครบกำหนดแต่ยังไม่ชำระ", "บาท"),
    ("new_members", "สมาชิกเข้าใหม่", "คน"),
    ("members_left", "สมาชิกลาออก", "คน"),
    ("banked", "นำฝากธนาคาร", "บาท"),
)
_AUDIT = (
    ("audited_on", "วันที่ตรวจสอบ", ""),
    ("cash_counted", "เงินสดที่นับได้", "บาท"),
    ("bank_balance", "ยอดเงินในสมุดบัญชีธนาคาร", "บาท"),
    ("register_savings", "ยอดรวมเงินสัจจะตามทะเบียน", "บาท"),
    ("register_loans", "ยอดรวมลูกหนี้ตามทะเบียน", "บาท"),
)
_STATUS = (
    ("opening_balance", "เงินสัจจะทั้งสิ้นยกมา", "บาท"),
    ("savings_balance", "เงินสัจจะสะสมคงเหลือ", "บาท"),
    ("special_savings", "เงินสัจจะสะสมพิเศษคงเหลือ", "บาท"),
    ("members", "สมาชิกทั้งหมด", "คน"),
    ("borrowers", "ผู้กู้", "คน"),
    ("loans_outstanding", "ลูกหนี้เงินกู้คงเหลือ", "บาท"),
    ("arrears_over_90_days", "ค้างชำระเกิน 90 วัน", "บาท"),
    ("cash", "เงินสดในมือ", "บาท"),
    ("bank", "เงินฝากธนาคาร", "บาท"),
    ("interest_rate", "อัตราดอกเบี้ยเงินกู้", "% ต่อปี"),
    ("reserve", "เงินสำรอง", "บาท"),
    ("welfare_fund", "กองทุนสวัสดิการ", "บาท"),
    ("profit", "กำไร (ขาดทุน) สะสมในปี", "บาท"),
)


def monthly_status(case: "GroupMonth") -> dict[str, Any]:
    """Deposit day, committee meeting, account check and the figures at the month's end."""
    period: Any = case.period  # every month has one, other cases have none
    month = f"{MONTHS['th'][period.month - 1]} พ.ศ. {format_year(period.year, 'th')}"
    group = str(case.party)
    office = letterhead.of(case.area)
    told = {
        "group": group,
        "month": month,
        "village": places.full(case.area),
        "register_number": case.party.register_number if case.party else "",
        "parts": [
            _deposit_day(case),
            _meeting(case),
            _audit(case),
            _part("สถานะการเงิน ณ สิ้นเดือน", _rows(case, _STATUS), _balance(case)),
        ],
        "chair": seat_holder(case.party, Seat.Position.CHAIR),
        "officer": field_officer(case),
        "chief": {"name": office.signer_name, "position": office.signer_position},
    }
    title = f"แบบรายงานสถานะการเงิน {group} เดือน{month}"
    footer = f"สถานะการเงินเดือน{month} · เรื่องเลขที่ {case.number}"
    return {"title": title, "footer": footer, "month": told}


def _part(title: str, rows: list[Any], notes: list[tuple[str, str]]) -> dict[str, Any]:
    known = [{"label": label, "text": text} for label, text in notes if text]
    return {"title": title, "rows": rows, "notes": known}


def _rows(case: "GroupMonth", fields: tuple[tuple[str, str, str], ...]) -> list[dict[str, str]]:
    return [
        {"label": label, "value": _shown(case, name, unit), "unit": unit}
        for name, label, unit in fields
    ]


def _shown(case: "GroupMonth", name: str, unit: str) -> str:
    value = getattr(case, name)
    if value is None:
        return _NOT_KNOWN
    match unit:
        case "":
            return words.short_date(value)
        case "บาท":
            return words.figures(value)
        case "% ต่อปี":
            return words.rate(value)
    return words.number(value)


def _deposit_day(case: "GroupMonth") -> dict[str, Any]:
    title = "วันรับฝากเงินสัจจะ"
    if not case.deposit_held:
        return _part(title, [], [("ไม่ได้เปิดรับฝาก เนื่องจาก", case.not_held_reason or _NOT_KNOWN)])
    absence = "" if case.officer_present else f"{case.absence_reason} {case.substitute}".strip()
    present = "พัฒนากรเข้าร่วม" if case.officer_present else ""
    notes = [("", present), ("พัฒนากรไม่ได้เข้าร่วม เนื่องจาก", absence)]
    return _part(title, _rows(case, _DAY), notes)


def _meeting(case: "GroupMonth") -> dict[str, Any]:
    title = "การประชุมคณะกรรมการ"
    if not case.meeting_held:
        return _part(title, [], [("ไม่ได้ประชุม เนื่องจาก", case.no_meeting_reason or _NOT_KNOWN)])
    rows = _rows(case, (("met_on", "วันที่ประชุม", ""),))
    banked = {True: "นำฝากธนาคารแล้ว", False: "ยังไม่ได้นำฝากธนาคาร", None: ""}
    notes = [
        ("มติที่ประชุม", case.resolutions),
        ("การติดตามหนี้", case.repayment_follow_up),
        ("เงินสดของวันรับฝาก", banked[case.cash_in_bank]),
    ]
    return _part(title, rows, notes)


def _audit(case: "GroupMonth") -> dict[str, Any]:
    title = "การตรวจสอบบัญชี"
    if not case.audit_done:
        return _part(title, [], [("ไม่ได้ตรวจสอบ เนื่องจาก", case.no_audit_reason or _NOT_KNOWN)])
    notes = [("ผู้ตรวจสอบ", case.audited_by), ("ผลต่างที่พบ", case.differences)]
    return _part(title, _rows(case, _AUDIT), notes)


def _balance(case: "GroupMonth") -> list[tuple[str, str]]:
    """All savings, also in words, and what the officer adds."""
    balance: Decimal | None = case.closing_balance
    return [("รวมเงินสัจจะทั้งสิ้น", words.money(balance)), ("หมายเหตุ", case.report_note)]


PAPERS = (
    Paper(
        code="monthly-status",
        title={
            "th": "แบบรายงานสถานะการเงินประจำเดือน",
            "lo": "ແບບລາຍງານສະຖານະການເງິນປະຈຳເດືອນ",
            "en": "Monthly status form",
        },
        layout=Path(__file__).resolve().parent / "documents" / "monthly_status.typ",
        available=lambda case: case.savings_balance is not None,
        data=monthly_status,
    ),
)
