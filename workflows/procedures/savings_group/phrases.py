"""What a founding recorded, in the sentences of its papers (handbook 5.1, outputs).

All Thai, as papers are; "" or an empty list for what was not recorded.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cases import interest
from cases.models import Party, RulesVersion, Seat
from cases.papers import words

if TYPE_CHECKING:
    from workflows.procedures.savings_group.models import SavingsGroupFounding

REASONS = {
    "NO_SAVING": "พบว่าประชาชนยังไม่มีนิสัยการออม",
    "NO_CAPITAL": "พบว่าประชาชนขาดแหล่งเงินทุน",
    "INFORMAL_DEBT": "พบว่าประชาชนมีหนี้นอกระบบจำนวนมาก",
    "TARGET_LIST": "ซึ่งเป็นหมู่บ้านเป้าหมายในการจัดตั้งกลุ่มออมทรัพย์เพื่อการผลิต",
}
_COMMITTEES = {
    Seat.Committee.DIRECTING: "คณะกรรมการอำนวยการ",
    Seat.Committee.LOAN: "คณะกรรมการเงินกู้",
    Seat.Committee.AUDIT: "คณะกรรมการตรวจสอบ",
    Seat.Committee.PROMOTION: "คณะกรรมการส่งเสริม",
    Seat.Committee.MANAGEMENT: "คณะกรรมการบริหาร",
}
_POSITIONS = {
    Seat.Position.CHAIR: "ประธานกรรมการ",
    Seat.Position.VICE_CHAIR: "รองประธานกรรมการ",
    Seat.Position.SECRETARY: "เลขานุการ",
    Seat.Position.TREASURER: "เหรัญญิก",
    Seat.Position.REGISTRAR: "นายทะเบียน",
    Seat.Position.MEMBER: "กรรมการ",
}


_IN_EVERY_MONTH = 28  # the last day that every month has
_YEAR = RulesVersion.Period.YEAR


def group_name(case: "SavingsGroupFounding") -> str:
    """The group's name, with what it is where the name does not say so."""
    kind = "กลุ่มออมทรัพย์"
    name = (case.party.name if case.party else case.group_name).strip()
    return name if name.startswith(kind) else f"{kind}เพื่อการผลิต{name}"


def enrolment(case: "SavingsGroupFounding") -> str:
    """How many joined, and the minors among them (2.3)."""
    if case.members_enrolled is None:
        return ""
    told = f"มีผู้สมัครเป็นสมาชิกแรกตั้ง {case.members_enrolled:,} คน"
    if not case.minors_enrolled:
        return told
    minors = f"เป็นผู้เยาว์ {case.minors_enrolled:,} คน"
    return f"{told} ในจำนวนนี้{minors} ซึ่งมีหนังสือยินยอมของผู้ปกครองครบถ้วน"


def election(case: "SavingsGroupFounding") -> str:
    """When the committees were elected and for how long (2.4)."""
    told = []
    if case.elected_on:
        told.append(f"เมื่อวันที่ {words.long_date(case.elected_on)}")
    if case.committee_term_months:
        told.append(f"วาระการดำรงตำแหน่ง {_term(case.committee_term_months)}")
    return " ".join(told)


def _term(months: int) -> str:
    years, rest = divmod(months, 12)
    parts = [f"{years} ปี"] if years else []
    return " ".join(parts + ([f"{rest} เดือน"] if rest else []))


def committees(party: Party | None) -> list[dict[str, Any]]:
    """Each committee with its seats, names and positions, in the order of handbook 5.1.1."""
    seats = _seats(party)
    found = []
    for committee, name in _COMMITTEES.items():
        own = [seat for seat in seats if seat.committee == committee]
        if own:
            found.append({"name": name, "seats": [_written(seat) for seat in own]})
    return found


def officers(party: Party | None) -> list[dict[str, str]]:
    """Chair, secretary and treasurer of the directing committee: whom a bank meets."""
    wanted = (Seat.Position.CHAIR, Seat.Position.SECRETARY, Seat.Position.TREASURER)
    seats = [s for s in _seats(party) if s.committee == Seat.Committee.DIRECTING]
    return [_written(seat) for seat in seats if seat.position in wanted]


def _seats(party: Party | None) -> list[Seat]:
    """The seats not left, chairs first."""
    if party is None:
        return []
    order = list(_POSITIONS)
    held = Seat.objects.filter(party=party, left_on=None)
    return sorted(held, key=lambda seat: (order.index(Seat.Position(seat.position)), seat.pk))


def _written(seat: Seat) -> dict[str, str]:
    return {"name": seat.name, "position": _POSITIONS[Seat.Position(seat.position)]}


def rules(case: "SavingsGroupFounding") -> list[str]:
    """What the rules say so far: the newest version, else what the case was told (2.5)."""
    newest = RulesVersion.objects.filter(party=case.party).last() if case.party else None
    source: Any = newest or case
    if source.deposit_day is None:
        return []
    told = [f"ส่งเงินสัจจะสะสม{_deposit_day(source.deposit_day)}"]
    if source.minimum_deposit is not None:
        told.append(f"ส่งเงินสัจจะสะสมขั้นต่ำเดือนละ {words.money(source.minimum_deposit)}")
    if source.interest_rate is not None:
        told.append(f"อัตราดอกเบี้ยเงินกู้{_interest(source)}")
    if source.cash_limit is not None:
        told.append(f"เก็บรักษาเงินสดในมือไม่เกิน {words.money(source.cash_limit)}")
    if case.only_members_deposit and case.only_members_borrow:
        told.append("รับฝากเงินจากสมาชิกและให้สมาชิกกู้ยืมเท่านั้น")
    return told


def _deposit_day(day: int) -> str:
    shorter = " (เดือนที่มีวันน้อยกว่า ให้ถือวันสุดท้ายของเดือน)" if day > _IN_EVERY_MONTH else ""
    return f"ทุกวันที่ {day} ของเดือน{shorter}"


def _interest(source: Any) -> str:
    """As the members agreed it, and what it comes to in a year where that says otherwise."""
    period, fees = source.interest_period or _YEAR, source.loan_fees or Decimal(0)
    yearly = f"ร้อยละ {words.rate(interest.a_year(source.interest_rate, period, fees))} ต่อปี"
    if period == _YEAR and not fees:
        return yearly
    each = "ปี" if period == _YEAR else "เดือน"
    added = f" ค่าธรรมเนียมร้อยละ {words.rate(fees)} ต่อปี" if fees else ""
    return f"ร้อยละ {words.rate(source.interest_rate)} ต่อ{each}{added} คิดเป็น{yearly}"


def targets(case: "SavingsGroupFounding") -> str:
    """Members and savings to be reached, and by when (2.7)."""
    if case.target_members is None:
        return ""
    told = f"มีสมาชิก {case.target_members:,} คน"
    if case.target_savings is not None:
        told += f" มีเงินสัจจะสะสม {words.money(case.target_savings)}"
    return told + (f" ภายในวันที่ {words.long_date(case.target_on)}" if case.target_on else "")
