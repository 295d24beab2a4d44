"""The papers of a founding: what stands on them, who makes them, and that they stay as made."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cases import clock, documents
from cases.models import Document, Member, RulesVersion, Seat
from tests.cases.pdf_text import bare, pages_of, text_of
from tests.cast import Cast, bring_to, do, fresh, open_founding
from workflows import papers
from workflows.errors import NotYours

CODES = ["minutes", "member-register", "report-memo", "bank-letter"]
GROUP = "กลุ่มออมทรัพย์เพื่อการผลิตบ้านทุ่งใหม่"


@pytest.fixture
def founded(cast: Cast) -> Any:
    """A founding that the chief has verified."""
    return bring_to(open_founding(cast), "bank_letter", cast)


def content(document: Document) -> bytes:
    with document.file.open("rb") as file:
        return bytes(file.read())


def made(case: Any, code: str, cast: Cast) -> str:
    return text_of(content(papers.make(case, code, by=cast.officer)))


def has(text: str, *phrases: str) -> None:
    for phrase in phrases:
        assert bare(phrase) in text, phrase


def test_each_paper_can_be_made_once_the_case_has_come_so_far(cast: Cast) -> None:
    case, seen = open_founding(cast), []
    for step in ("vote", "enrol", "elect", "report", "bank_letter"):
        case = bring_on(case, step, cast)
        seen.append({paper.code for paper in papers.papers_of(case) if paper.available(case)})
    assert seen == [
        set(),
        {"minutes"},
        {"minutes", "member-register"},
        {"minutes", "member-register", "report-memo"},
        set(CODES),
    ]
    for code in CODES:
        papers.make(case, code, by=cast.officer)


def bring_on(case: Any, step: str, cast: Cast) -> Any:
    """Do what is open until `step` is."""
    while (item := case.task_set.get(closed_at=None)).step != step:
        by = cast.chief if item.step.startswith("verify") else cast.officer
        case = do(case, item.step, by=by)
    return case


def test_the_memo_tells_cause_facts_and_request(founded: Any, cast: Cast) -> None:
    text = made(founded, "report-memo", cast)
    today = clock.today()
    has(
        text,
        "บันทึกข้อความ",
        "ส่วนราชการ สำนักงานพัฒนาชุมชนอำเภอเชียงคาน",
        "ที่ ลย ๐๐๑๙/๑๒",
        f"เรื่อง รายงานผลการจัดตั้ง{GROUP}",
        "เรียน นายอำเภอเชียงคาน (ผ่านพัฒนาการอำเภอเชียงคาน)",
        "หมู่ที่ ๑ บ้านทุ่งใหม่ ตำบลเชียงคาน อำเภอเชียงคาน จังหวัดเลย",
        "เห็นชอบ ๓๘ เสียง ไม่เห็นชอบ ๑ เสียง งดออกเสียง ๒ เสียง",
        "๓๐.๐๐ บาท (สามสิบบาทถ้วน)",
        "๑๒๐,๐๐๐.๐๐ บาท (หนึ่งแสนสองหมื่นบาทถ้วน)",
        "จึงเรียนมาเพื่อโปรดทราบ",
        f"({cast.officer.name}) พัฒนากรผู้ประสานงานตำบลเชียงคาน",
    )
    assert str(today.year + 543).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) in text
    assert not set("0123456789") & set(text)


def test_the_letter_asks_the_bank_in_the_offices_name(founded: Any, cast: Cast) -> None:
    founded = do(founded, "bank_letter", by=cast.officer)
    has(
        made(founded, "bank-letter", cast),
        "ที่ ลย ๐๐๑๙/๓๑",
        f"เรื่อง ขอความอนุเคราะห์ในการเปิดบัญชีเงินฝากของ{GROUP}",
        "เรียน ผู้จัดการ ธ.ก.ส. สาขาเชียงคาน",
        "สิ่งที่ส่งมาด้วย ๑. สำเนารายงานการประชุม",
        "ทะเบียนเลขที่ SG-๔๒๐๓-",
        "ขอแสดงความนับถือ",
        f"({cast.chief.name}) พัฒนาการอำเภอเชียงคาน",
    )


def test_the_minutes_tell_the_vote_the_seats_and_the_rules(founded: Any, cast: Cast) -> None:
    chair = Seat.objects.get(party=founded.party, committee="DIRECTING", position="CHAIR")
    text = made(founded, "minutes", cast)
    has(text, GROUP, "ผู้มาประชุม ๔๑ คน", "เห็นชอบให้จัดตั้งกลุ่ม", "คณะกรรมการเงินกู้", chair.name)
    has(text, "ทุกวันที่ ๕ ของเดือน", "ร้อยละ ๑๒ ต่อปี", f"({chair.name}) ผู้ตรวจรายงานการประชุม")


def test_the_minutes_of_a_lost_vote_go_no_further(cast: Cast) -> None:
    case = bring_to(open_founding(cast), "vote", cast)
    lost = {"votes_for": 5, "votes_against": 30, "votes_abstained": 6}
    case = do(case, "vote", by=cast.officer, **lost, after_lost_vote="CLOSE")
    text = made(case, "minutes", cast)
    has(text, "ไม่เห็นชอบให้จัดตั้งกลุ่ม", "ระเบียบวาระที่ ๓ เรื่องอื่น ๆ")
    assert bare("การรับสมัครสมาชิก") not in text


def test_rules_say_a_monthly_rate_by_the_year(founded: Any, cast: Cast) -> None:
    RulesVersion.objects.create(
        party=founded.party,
        version=2,
        deposit_day=31,
        minimum_deposit=Decimal("20.50"),
        interest_rate=1,
        interest_period="MONTH",
        loan_fees=Decimal("0.5"),
        cash_limit=5000,
        drafted_on=clock.today(),
    )
    has(
        made(founded, "minutes", cast),
        "ทุกวันที่ ๓๑ ของเดือน (เดือนที่มีวันน้อยกว่า ให้ถือวันสุดท้ายของเดือน)",
        "๒๐.๕๐ บาท (ยี่สิบบาทห้าสิบสตางค์)",
        "ร้อยละ ๑ ต่อเดือน ค่าธรรมเนียมร้อยละ ๐.๕ ต่อปี คิดเป็นร้อยละ ๑๒.๕ ต่อปี",
        "๕,๐๐๐.๐๐ บาท (ห้าพันบาทถ้วน)",
    )


def test_the_register_of_160_members_repeats_its_head(founded: Any, cast: Cast) -> None:
    first = Member.objects.filter(party=founded.party).count() + 1
    Member.objects.bulk_create(
        Member(
            party=founded.party,
            number=number,
            name=f"นางสาวสมมติ ที่{number}",
            born_on=date(1990, 2, 3),
            monthly_pledge=100,
            joined_on=clock.today(),
        )
        for number in range(first, 161)
    )
    Member.objects.filter(party=founded.party, number=160).update(left_on=clock.today())
    pages = pages_of(content(papers.make(founded, "member-register", by=cast.officer)))
    assert len(pages) > 4
    assert all(bare("ชื่อ – สกุล") in page for page in pages)
    text = "".join(pages)
    has(text, "๑๕๙ นางสาวสมมติ ที่๑๕๙", "รวมสมาชิก ๑๕๙ คน", "ออกเมื่อ", "บาทถ้วน)")
    has(
        pages[-1],
        f"หน้า {len(pages)} จาก {len(pages)}".translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")),
    )
    assert "๒๕๓๓" not in text  # the day of birth stays masked; the age is enough


def test_members_of_whom_little_is_known_stand_on_the_papers(founded: Any, cast: Cast) -> None:
    """A register that was imported knows names and numbers only."""
    Member.objects.filter(party=founded.party).update(
        born_on=None, monthly_pledge=None, occupation=""
    )
    texts = [made(founded, code, cast) for code in CODES]
    has(texts[0], f"สมาชิกแรกตั้ง {thai(str(founded.party.members.count()))} คน")
    has(texts[1], founded.party.members.first().name)


def test_a_paper_stays_as_it_was_made(founded: Any, cast: Cast) -> None:
    first = papers.make(founded, "report-memo", by=cast.officer)
    kept = content(first)
    assert first.sha256 == sha256(kept).hexdigest()
    type(founded).objects.filter(pk=founded.pk).update(meeting_place="ที่ทำการผู้ใหญ่บ้าน")
    second = papers.make(founded, "report-memo", by=cast.chief)
    assert content(first) == kept
    assert bare("ศาลาวัด") in text_of(kept)
    assert bare("ที่ทำการผู้ใหญ่บ้าน") in text_of(content(second))
    assert (first.uploaded_by, second.uploaded_by) == (cast.officer, cast.chief)
    assert second.name == f"บันทึกข้อความรายงานผลการจัดตั้ง {thai(founded.number)} ฉบับที่ ๒.pdf"
    event = fresh(founded).events.get(kind="PAPER_MADE", codes__version=2)
    assert event.codes["sha256"] == second.sha256
    assert event.codes["document"] == second.pk
    call_command("verify_audit", case=founded.number)


def thai(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


def test_clearing_up_leaves_papers_alone(founded: Any, cast: Cast) -> None:
    paper = papers.make(founded, "minutes", by=cast.officer)
    documents.clear_orphans(age=clock.now() - clock.now())
    assert content(paper).startswith(b"%PDF-")


def test_whoever_only_reads_the_case_makes_no_paper(founded: Any, cast: Cast) -> None:
    for person in (cast.province, cast.district_chief, cast.outsider):
        with pytest.raises(NotYours):
            papers.make(founded, "minutes", by=person)
    assert not founded.documents.exclude(paper="").exists()


def test_the_case_page_shows_versions_and_what_has_changed_since(founded: Any, cast: Cast) -> None:
    client, page = Client(), reverse("case", args=[founded.number])
    client.force_login(cast.officer)
    shown = {paper["code"]: paper for paper in client.get(page).context["papers"]}
    assert list(shown) == CODES
    assert not any(paper["versions"] for paper in shown.values())

    answer = client.post(shown["report-memo"]["url"], follow=True)
    assert answer.redirect_chain == [(page, 302)]
    answer = client.post(shown["minutes"]["url"], follow=True)
    assert outdated(answer, "report-memo") == [False]  # another paper is no change of the case

    do(founded, "bank_letter", by=cast.officer)
    client.post(shown["report-memo"]["url"])
    answer = client.get(page)
    assert outdated(answer, "report-memo") == [False, True]
    assert outdated(answer, "minutes") == [True]
    versions = [
        v for p in answer.context["papers"] if p["code"] == "report-memo" for v in p["versions"]
    ]
    assert [version["number"] for version in versions] == [2, 1]
    file = client.get(versions[0]["url"])
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    assert not [d for d in answer.context["documents"] if "report" in d["name"]]

    client.force_login(cast.province)
    answer = client.get(page)
    assert not any(paper["can_make"] for paper in answer.context["papers"])
    assert client.post(shown["minutes"]["url"]).status_code == 403


def outdated(answer: Any, code: str) -> list[bool]:
    [paper] = [paper for paper in answer.context["papers"] if paper["code"] == code]
    return [version["outdated"] for version in paper["versions"]]


def test_nobody_outside_the_area_meets_a_paper(founded: Any, cast: Cast) -> None:
    paper = papers.make(founded, "minutes", by=cast.officer)
    client = Client()
    client.force_login(cast.outsider)
    assert client.post(reverse("make-paper", args=[founded.number, "minutes"])).status_code == 404
    assert client.get(reverse("document", args=[founded.number, paper.pk])).status_code == 404
    assert founded.documents.filter(paper="minutes").count() == 1


@pytest.mark.parametrize("field", ["problem_statement", "meeting_place", "memo_number"])
def test_hostile_entries_change_nothing_but_the_text(founded: Any, cast: Cast, field: str) -> None:
    hostile = '#panic("x") *b* $a$ 😀 ]#'
    type(founded).objects.filter(pk=founded.pk).update(**{field: hostile})
    has(made(founded, "report-memo", cast), '#panic("x") *b* $a$')
