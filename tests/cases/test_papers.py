"""Papers are set from data that is never read as markup, and kept as they were made."""

from datetime import date
from pathlib import Path

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from cases import office_settings
from cases.models import Area, Post, User
from cases.papers import compiler, letterhead, places, words
from cases.roles import Role
from tests.cases.pdf_text import bare, pages_of, text_of
from tests.cast import LONG_AGO, Cast, assemble

HEAD = {
    "office": "สำนักงานพัฒนาชุมชนอำเภอเชียงคาน",
    "number": "ลย 0019.4/12",
    "date": "23 พฤศจิกายน 2569",
    "subject": "รายงานผล",
    "to": "นายอำเภอเชียงคาน",
    "signer": {"name": "นางสมมติ ใจดี", "position": "พัฒนากร"},
    "chief": "พัฒนาการอำเภอ",
    "district_chief": "นายอำเภอ",
}
HOSTILE = [
    '#import "/memo.typ": memo',
    '#read("/etc/passwd")',
    "*หนา* _เอียง_ $x^2$ `code` \\ // /* = - + @a <a> ~ #[",
    '"] #panic("x") [',
    "😀 \U000f0000 \x00 \ud83d \u200b \u202e กลับ",
    "บรรทัดหนึ่ง\nบรรทัดสอง\r\n\r\n\u2028สาม",
    "<script>alert(1)</script> {{ x }} {% x %} %(name)s ' OR 1=1 --",
]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def memo(tmp_path: Path) -> Path:
    """A memo of one paragraph."""
    source = tmp_path / "memo.typ"
    source.write_text('#import "/memo.typ": *\n#show: memo\n#para(data.text)\n')
    return source


def written(memo: Path, text: str) -> bytes:
    return compiler.render(memo, {"title": "บันทึก", "text": text, "memo": HEAD})


def test_a_memo_says_what_it_was_given_in_thai_digits(memo: Path) -> None:
    text = text_of(written(memo, "ครัวเรือน 48 จาก 61 ครัวเรือน ที่ปรึกษาตั้งใจฟังน้ำใจผู้นำ"))
    assert bare("ครัวเรือน ๔๘ จาก ๖๑ ครัวเรือน ที่ปรึกษาตั้งใจฟังน้ำใจผู้นำ") in text
    for shown in ("บันทึกข้อความ", HEAD["office"], "ลย๐๐๑๙.๔/๑๒", "๒๓พฤศจิกายน๒๕๖๙", "ทราบ", "อนุมัติ"):
        assert bare(shown) in text
    assert not set("0123456789") & set(text)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_only_text(memo: Path, hostile: str) -> None:
    text = text_of(written(memo, f"ก่อน {hostile} หลัง"))
    assert "ก่อน" in text
    assert "หลัง" in text
    assert "root:" not in text
    printable = [c for c in hostile if "!" <= c <= "~" and not c.isdigit()]
    assert all(c in text for c in printable)


@pytest.mark.parametrize("name", ["ก" * 5000, "a" * 5000, "า" * 5000, "กลุ่มออมทรัพย์" * 357])
def test_a_name_of_5000_characters_stays_within_the_sheet(memo: Path, name: str) -> None:
    """At 11.5 points no line takes more than 110 characters, no page more than 40 lines."""
    pages = pages_of(written(memo, name))
    assert bare(name) in "".join(pages)
    assert all(len(page) < 40 * 110 for page in pages)
    assert len(pages) > 1


def test_what_no_paper_holds_is_cut_and_says_so(memo: Path) -> None:
    text = text_of(written(memo, "ครัวเรือน " * 10_000))
    assert bare("ดูฉบับเต็มในระบบ") in text
    assert len(text) < words.LONGEST + 500


@given(st.text(max_size=300))
def test_no_text_breaks_a_paper(text: str) -> None:
    source = Path(__file__).parent / "layouts" / "one_paragraph.typ"
    made = compiler.render(source, {"title": text, "text": text})
    assert made.startswith(b"%PDF-")


def test_a_layout_sees_no_other_file_and_no_package(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    source = tmp_path / "nosy.typ"
    for line in (
        '#read("secret.txt")',
        '#read("/../compiler.py")',
        '#import "@preview/a:0.1.0": x',
    ):
        source.write_text(line)
        with pytest.raises(typst.TypstError):
            compiler.render(source, {})


def test_fonts_are_ours_alone() -> None:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[compiler.FONTS]
    )
    assert set(fonts.families()) == {"Sarabun", "Noto Sans Lao"}


def test_places_are_named_as_thai_papers_do(cast: Cast) -> None:
    village = Area.objects.select_related("parent__parent__parent").get(pk=cast.village.pk)
    assert places.full(village) == ("หมู่ที่ 1 บ้านทุ่งใหม่ ตำบลเชียงคาน อำเภอเชียงคาน จังหวัดเลย")
    assert places.named(places.above(village, Area.Level.DISTRICT)) == "อำเภอเชียงคาน"
    province = places.above(village, Area.Level.PROVINCE)
    assert places.above(province, Area.Level.DISTRICT) == province


def test_an_office_that_set_nothing_has_a_sane_letterhead(cast: Cast) -> None:
    Post.objects.filter(user=cast.second_chief).delete()
    office = letterhead.of(cast.village)
    assert office == letterhead.Letterhead(
        office_name="สำนักงานพัฒนาชุมชนอำเภอเชียงคาน",
        address="อำเภอเชียงคาน จังหวัดเลย",
        signer_name=cast.chief.name,
        signer_position="พัฒนาการอำเภอเชียงคาน",
    )


def test_the_nearest_letterhead_counts_and_null_gives_it_back(cast: Cast) -> None:
    def choose(area: str, value: dict[str, str] | None) -> None:
        place = Area.objects.get(pk=area)
        office_settings.choose("letterhead", place, value, by=cast.admin, reason="")

    def name() -> str:
        return letterhead.of(cast.village).office_name

    fields = {"address": "", "phone": "042 821597", "letter_code": "ลย 0019.4"}
    choose("TH42", fields | {"office_name": "สพจ.เลย"})
    assert name() == "สพจ.เลย"
    choose("TH4203", fields | {"office_name": "สพอ.เชียงคาน"})
    assert name() == "สพอ.เชียงคาน"
    assert letterhead.of(cast.village).phone == "042 821597"
    assert letterhead.of(cast.village).address == "อำเภอเชียงคาน จังหวัดเลย"
    choose("TH4203", None)
    assert name() == "สพจ.เลย"


@pytest.mark.parametrize(
    ("ended", "position"),
    [
        (None, "รักษาราชการแทนพัฒนาการอำเภอเชียงคาน"),
        (LONG_AGO, "รักษาการในตำแหน่งพัฒนาการอำเภอเชียงคาน"),
    ],
)
def test_an_acting_chief_signs_as_such(cast: Cast, ended: date | None, position: str) -> None:
    """Under their own name, with the substituted role (handbook 4.1)."""
    Post.objects.filter(user=cast.second_chief).delete()
    chief = Post.objects.get(user=cast.chief)
    deputy = User.objects.create(username="deputy", name="นายแทน ชั่วคราว", email="d@example.org")
    Post.objects.create(
        user=deputy,
        role=Role.DISTRICT_CHIEF_CD,
        area_id="TH4203",
        starts_on=LONG_AGO,
        acting_for=chief,
    )
    if ended:
        Post.objects.filter(pk=chief.pk).update(ends_on=ended)
    else:  # on leave: cannot sign in, the post stays theirs
        User.objects.filter(pk=cast.chief.pk).update(is_active=False)
    office = letterhead.of(cast.village)
    assert (office.signer_name, office.signer_position) == ("นายแทน ชั่วคราว", position)
