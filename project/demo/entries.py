"""What the officers of the demonstration enter, step by step: invented, and plausible."""

import hashlib
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from cases import clock
from cases.models import Area
from project.demo import members


def values(step: str, village: Area) -> dict[str, Any]:
    """The entries of `step` for `village`, dated today; other figures in each village.

    The lines of a step that has any stand under "lines".
    """
    today = clock.today()
    seed = hashlib.sha256(village.code.encode()).digest()
    households = 60 + seed[0] % 90
    interested = 24 + seed[1] % 20
    present = interested + 3
    people = members.members(village.code, interested, today)
    entries: dict[str, dict[str, Any]] = {
        "opening": {
            "trigger": ["NO_SAVING", "NO_CAPITAL", "INFORMAL_DEBT", "TARGET_LIST"][seed[2] % 4],
            "trigger_note": "",
        },
        "study": {
            "study_source": "จปฐ. และ กชช.2ค",
            "study_year": today.year - 1,
            "study_findings": (
                f"{households} ครัวเรือน ส่วนใหญ่ทำไร่ข้าวโพดและยางพารา "
                f"ออมเงินประจำเพียง {households // 4} ครัวเรือน"
            ),
        },
        "analyse": {
            "analysed_on": today,
            "analysis_participants": 12 + seed[3] % 10,
            "problem_statement": (
                f"{households // 3} ครัวเรือนกู้เงินนอกระบบ เฉลี่ย {8 + seed[4] % 9},000 บาท "
                "ดอกเบี้ยร้อยละ 5 ต่อเดือน"
            ),
        },
        "present": {
            "presented_on": today,
            "presented_to": "ผู้ใหญ่บ้าน กรรมการหมู่บ้าน ประธานกลุ่มอาชีพ",
            "reaction": "เห็นด้วย ขอให้มีผู้นำกลุ่มที่สำเร็จมาเล่าประสบการณ์",
        },
        "ask_leaders": {"leaders_agreed": True, "revisit_on": None},
        "train": {
            "training_kind": "STUDY_VISIT",
            "trained_on": today,
            "training_place": "ศูนย์เรียนรู้กลุ่มออมทรัพย์ในอำเภอ",
            "training_participants": 10 + seed[5] % 8,
            "training_lessons": "คุณธรรม 5 ประการ วันส่งเงินสัจจะที่แน่นอน และการตรวจสอบบัญชีทุกเดือน",
        },
        "gather": {"interested_count": interested},
        "meet": {
            "meeting_on": today,
            "meeting_place": f"ศาลาประชาคม{village.name_th}",
            "meeting_attendance": present,
        },
        "vote": {
            "votes_for": interested,
            "votes_against": 1,
            "votes_abstained": 2,
            "after_lost_vote": "",
        },
        "enrol": {"enrolled_on": today, "lines": people},
        "elect": {
            "elected_on": today,
            "committee_term_months": 24,
            "lines": members.seats(people),
        },
        "draft_rules": {
            "group_name": f"กลุ่มออมทรัพย์เพื่อการผลิต{village.name_th}",
            "deposit_day": 1 + seed[6] % 28,
            "minimum_deposit": 30,
            "interest_rate": 1,
            "interest_period": "MONTH",
            "loan_fees": None,
            "cash_limit": 5_000,
            "only_members_deposit": True,
            "only_members_borrow": True,
        },
        "set_targets": {
            "target_members": interested + 30,
            "target_savings": 60_000 + 1_000 * (seed[7] % 60),
            "target_on": today + timedelta(days=365),
        },
        "report": {"memo_number": f"ลย 0019.{seed[8] % 20 + 1}/{seed[9]}", "memo_on": today},
    }
    entries |= _after_founding(seed, village, interested)
    return entries.get(step, {})


def _after_founding(seed: bytes, village: Area, members: int) -> dict[str, dict[str, Any]]:
    today = clock.today()
    return {
        "bank_letter": {
            "bank_name": f"ธ.ก.ส. สาขา{village.parent.parent.name_th}",  # type: ignore[union-attr]
            "bank_letter_number": f"ลย 0019.{seed[8] % 20 + 1}/{seed[10]}",
            "bank_letter_on": today,
        },
        "first_deposit": {
            "first_deposit_on": today,
            "first_depositors": members - 2,
            "first_deposit_amount": (members - 2) * 60,
        },
        "open_account": {
            "account_opened_on": today,
            "account_signatories": "นายคำดี ตัวอย่าง ประธาน\nนางสาวอรทัย ตัวอย่าง เหรัญญิก",
        },
        "advise": {
            "advised_on": today,
            "debtor_register": True,
            "contract_register": True,
            "contract_form": False,
            "advice": "ขอให้จัดทำแบบสัญญาให้เสร็จก่อนปล่อยกู้ครั้งแรก",
        },
        "adopt_rules": {
            "rules_adopted_on": today,
            "rules_resolution": "มติที่ประชุมใหญ่สมาชิก ครั้งที่ 1",
        },
    }


def photo(name: str) -> SimpleUploadedFile:
    """A picture to attach as evidence: hills and a meeting hall, drawn, of nobody."""
    return SimpleUploadedFile(f"{name}.jpg", _drawing(), content_type="image/jpeg")


@cache
def _drawing() -> bytes:
    image = Image.new("RGB", (960, 720), "#cfe3f1")
    pen = ImageDraw.Draw(image)
    pen.polygon([(0, 460), (260, 250), (520, 460)], fill="#8fae8b")
    pen.polygon([(380, 460), (700, 200), (960, 420), (960, 460)], fill="#7a9c78")
    pen.rectangle((0, 460, 960, 720), fill="#c9b98f")
    pen.rectangle((300, 420, 660, 600), fill="#e8dcc0")
    pen.polygon([(270, 420), (480, 310), (690, 420)], fill="#a5523f")
    pen.rectangle((445, 490, 515, 600), fill="#6d4a35")
    file = BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()


def sheet(name: str) -> SimpleUploadedFile:
    """A sheet of paper to attach as slip or minutes: lines, and nothing to read."""
    return SimpleUploadedFile(f"{name}.jpg", _page(), content_type="image/jpeg")


@cache
def _page() -> bytes:
    image = Image.new("RGB", (300, 400), "#fbfaf5")
    pen = ImageDraw.Draw(image)
    pen.rectangle((20, 24, 180, 34), fill="#556")
    for y in range(60, 340, 20):
        pen.line((20, y, 150 + (y * 37) % 130, y), fill="#99a", width=3)
    pen.ellipse((190, 330, 260, 380), outline="#a5523f", width=3)
    file = BytesIO()
    image.save(file, "JPEG", quality=70)
    return file.getvalue()
