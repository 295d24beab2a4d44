"""The monthly status form carries the minimum figures of handbook 5.2, in words where money is."""

from typing import Any

import pytest

from tests.cases.pdf_text import bare, pages_of, text_of
from tests.cast import Cast, do, fresh
from tests.procedures.monthly import at, followed, hand_in, month, work
from workflows import papers
from workflows.errors import Refused
from workflows.procedures.group_month.tasks import open_months


@pytest.fixture
def september(cast: Cast) -> Any:
    """A group's month, just opened; the clock stands on 10 September 2569."""
    group = followed(cast.village, name="กลุ่มออมทรัพย์เพื่อการผลิตบ้านทุ่งใหม่")
    with at(2026, 9, 10):
        open_months()
        yield month(group, 2026, 9)


def form(case: Any, cast: Cast) -> bytes:
    with papers.make(case, "monthly-status", by=cast.officer).file.open("rb") as file:
        return bytes(file.read())


def test_the_form_has_every_minimum_figure(september: Any, cast: Cast) -> None:
    text = text_of(form(hand_in(september, cast), cast))
    for shown in (
        "แบบรายงานสถานะการเงินประจำเดือนกันยายน พ.ศ. ๒๕๖๙",
        "กลุ่มออมทรัพย์เพื่อการผลิตบ้านทุ่งใหม่",
        "เงินสัจจะสะสมคงเหลือ ๑๑,๐๐๐.๐๐ บาท",
        "เงินสัจจะสะสมพิเศษคงเหลือ ๕๐๐.๐๐ บาท",
        "สมาชิกทั้งหมด ๔๒ คน",
        "สมาชิกเข้าใหม่ ๒ คน",
        "ผู้กู้ ๖ คน",
        "ลูกหนี้เงินกู้คงเหลือ ๘,๐๐๐.๐๐ บาท",
        "เงินสดในมือ ๕๐๐.๐๐ บาท",
        "เงินฝากธนาคาร ๓,๐๐๐.๐๐ บาท",
        "ค้างชำระเกิน ๙๐ วัน ๐.๐๐ บาท",
        "อัตราดอกเบี้ยเงินกู้ ๑๒ % ต่อปี",
        "เงินสำรอง ๐.๐๐ บาท",
        "กองทุนสวัสดิการ ๐.๐๐ บาท",
        "สะสมในปี ๓๐๐.๐๐ บาท",
        "วันที่ประชุม ๑๐ ก.ย. ๒๕๖๙",
        "๑๑,๕๐๐.๐๐ บาท (หนึ่งหมื่นหนึ่งพันห้าร้อยบาทถ้วน)",
        f"({cast.officer.name}) พัฒนากรผู้ประสานงานตำบลเชียงคาน",
    ):
        assert bare(shown) in text, shown
    assert not set("0123456789") & set(text)


def test_what_is_not_known_is_not_nought(september: Any, cast: Cast) -> None:
    text = text_of(form(hand_in(september, cast, bank=None), cast))
    assert bare("เงินฝากธนาคาร – บาท") in text


def test_what_was_not_done_says_why(september: Any, cast: Cast) -> None:
    case = do(fresh(september), "deposit_day", by=cast.officer) if waits(september) else september
    nothing: dict[str, Any] = dict.fromkeys(
        ("held_on", "officer_present", "members_paid", "members_unpaid", "deposits")
    )
    case = work(
        case, "attend", cast.officer, deposit_held=False, not_held_reason="น้ำท่วม", **nothing
    )
    case = work(
        case, "committee_meeting", cast.officer, meeting_held=False, no_meeting_reason="งานศพ"
    )
    case = work(case, "account_check", cast.officer, audit_done=False, no_audit_reason="สมุดหาย")
    case = work(case, "monthly_report", cast.officer)
    text = text_of(form(case, cast))
    for shown in ("เนื่องจาก น้ำท่วม", "เนื่องจาก งานศพ", "เนื่องจาก สมุดหาย"):
        assert bare(shown) in text


def waits(case: Any) -> bool:
    return bool(case.task_set.filter(closed_at=None, wakes_on__isnull=False).exists())


def test_the_form_waits_for_the_report_and_fits_two_pages(september: Any, cast: Cast) -> None:
    with pytest.raises(Refused):
        papers.make(september, "monthly-status", by=cast.officer)
    assert len(pages_of(form(hand_in(september, cast), cast))) <= 2
