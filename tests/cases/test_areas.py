"""Territory: codes, the loader, and dictionary order (handbook 3.1-3.3)."""

import csv
import re
from datetime import date
from io import StringIO
from itertools import permutations
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cases import territory
from cases.collation import sort_key
from cases.models import Area
from cases.models.area import prefixes
from cases.territory import Unit

LOEI_TABLE = territory.LAO_AREAS.with_name("loei_funds.csv")

# In the order of the Royal Institute's dictionary: consonants before vowels, a leading vowel
# after its consonant, tone marks only between words that are otherwise equal.
THAI_ORDER = """
กก กกุธภัณฑ์ กง กฎ กด กระ กฤษณ์ กลอง กวาง กะ กะทิ กัก กัน กั้น กา ก้าง กาจ กำ กำแพง กิน กี่ กึ่ง กุ้ง กู่ เก็บ เกม เกย
เกวียน แก่ แก้ว โกรธ ใกล้ ไก่ ขอ ข้อ ขา เข็ม เขา เข้า แขก จอด เจ็บ ฉาก ซอง ฐาน ดิน ตา ทา ธง น้ำ บ้าน ปา ป่า ป้า ป๊า
ป๋า ปาก เปล แปลง พอ ภูเรือ มา ม้า แม่ ยา รู เรือ ฤดู ลา ฦๅ วัง ศาล สัจจะ หมู ไหม อา เอราวัณ ฮา
"""
LAO_ORDER = """
ກາ ກ່າ ກ້າ ກິນ ເກົ່າ ແກ່ນ ຂາ ຄຳ ງູ ຈາ ສາ ສິງ ເສືອ ຊາ ຍາ ດິນ ຕາ ທາ ນາ ບ້ານ ປາ ໂພນ ເມືອງ ຢາ ລາວ ວຽງ ຫມໍ ໝໍ້ ຫລວງ
ເຫຼົ້າ ອາ ຮູ
"""
LOEI_ORDER = """
เชียงคาน ด่านซ้าย ท่าลี่ นาด้วง นาแห้ว ปากชม ผาขาว ภูกระดึง ภูเรือ ภูหลวง เมืองเลย วังสะพุง หนองหิน เอราวัณ
"""


@pytest.mark.parametrize("order", [THAI_ORDER, LAO_ORDER], ids=["th", "lo"])
def test_names_sort_as_in_the_dictionary(order: str) -> None:
    words = order.split()
    assert sorted(words, key=sort_key) == words


@pytest.mark.parametrize(
    "spellings",
    [
        ("น้ำ", "น\u0e4d\u0e49า", "น\u0e49\u0e4dา"),
        ("ຫມາກ", "ໝາກ"),
        ("หนองหิน", "หนอง หิน"),
        ("Na O", "na o"),
    ],
)
def test_spellings_of_one_name_sort_together(spellings: tuple[str, ...]) -> None:
    assert len({sort_key(name) for name in spellings}) == 1


SYLLABLES = st.one_of(
    st.from_regex(r"[เแโไ]?[กขคงส][่้็]?[าำะี]?", fullmatch=True),
    st.from_regex(r"[ເໄ]?[ກຂຊສໝ][່້]?[າຳ]?", fullmatch=True),
)
NAMES = st.lists(SYLLABLES, min_size=1, max_size=4).map("".join)


@given(NAMES, NAMES)
def test_tone_marks_never_outrank_letters(one: str, other: str) -> None:
    bare = [re.sub("[่้็່້]", "", name) for name in (one, other)]
    if sort_key(bare[0]) < sort_key(bare[1]):
        assert sort_key(one) < sort_key(other)
    elif bare[0] == bare[1] and one != other:
        assert sort_key(one) != sort_key(other)


def test_prefixes_are_the_areas_that_contain_a_code() -> None:
    assert prefixes("TH42030105") == ["TH42030105", "TH420301", "TH4203", "TH42", "TH"]


@pytest.mark.parametrize(("code", "level"), [("TH", 0), ("LA01", 1), ("TH42030105", 4)])
def test_a_code_tells_its_level(code: str, level: int) -> None:
    assert Area.level_of(code) == level


@pytest.mark.parametrize("code", ["", "TH4", "TH4203010501"])
def test_other_lengths_are_no_codes(code: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        Area.level_of(code)


@pytest.mark.django_db
def test_two_countries_stand_and_a_second_load_changes_nothing(
    django_assert_num_queries: Any,
) -> None:
    def stock(country: str) -> list[int]:
        areas = Area.objects.in_force().under(country)
        return [areas.filter(level=level).count() for level in Area.Level]

    out = StringIO()
    call_command("load_areas", stdout=out)
    assert "10192 added" in out.getvalue()
    assert stock("TH") == [1, 77, 928, 7436, 0]  # handbook 3.1
    assert stock("LA") == [1, 18, 148, 0, 0]  # handbook 3.2

    with django_assert_num_queries(3):  # one SELECT within its savepoint
        call_command("load_areas", stdout=out)
    assert "nothing to change, 10192 as loaded before" in out.getvalue()


@pytest.mark.django_db
class TestLoei:
    @pytest.fixture(autouse=True)
    def _loaded(self) -> None:
        territory.load(u for u in territory.thai_units() if u.code[:4] in ("TH", "TH42"))

    def test_it_has_the_districts_and_tambons_of_the_published_table(self) -> None:
        with LOEI_TABLE.open(encoding="utf-8") as file:
            table = {f"TH{row['code']}": row for row in csv.DictReader(file)}
        loei = Area.objects.in_force()
        districts = {a.code: a for a in loei.filter(level=Area.Level.DISTRICT)}
        assert districts.keys() == table.keys()
        for code, district in districts.items():
            assert district.name_th == table[code]["name_th"]
            tambons = loei.under(code).filter(level=Area.Level.SUBDISTRICT)
            assert tambons.count() == int(table[code]["tambons"])

    def test_a_path_names_all_areas_up_to_the_province(self) -> None:
        tambon = Area.objects.select_related("parent__parent__parent").get(code="TH420303")
        with translation.override("th"):
            assert tambon.path == "นาซ่าว · เชียงคาน · เลย"

    def test_abolished_codes_name_their_successor(self) -> None:
        old = Area.objects.get(code="TH420907")
        assert (old.name_th, old.successor_id) == ("เอราวัณ", "TH421301")
        assert old.abolished_on == date(2006, 1, 1)
        assert old not in Area.objects.in_force()

    def test_lists_come_in_dictionary_order_from_the_database(self) -> None:
        districts = Area.objects.in_force().filter(parent="TH42")
        assert [district.name_th for district in districts] == LOEI_ORDER.split()


@pytest.mark.django_db
class TestLoading:
    def test_changes_at_the_source_arrive_and_entered_names_stay(self) -> None:
        territory.load([Unit("TH", "ไทย"), Unit("TH42", "เลย", name_en="Loei")])
        Area.objects.filter(code="TH42").update(name_lo="ເລີຍ")

        loaded = territory.load(
            [Unit("TH", "ไทย"), Unit("TH42", "เลยใหม่", abolished_on=date(2026, 1, 1))]
        )

        assert loaded == territory.Loaded(added=0, changed=1, unchanged=1)
        loei = Area.objects.get(code="TH42")
        assert (loei.name_th, loei.name_lo, loei.name_en) == ("เลยใหม่", "ເລີຍ", "Loei")
        assert (loei.sort_key, loei.abolished_on) == (sort_key("เลยใหม่"), date(2026, 1, 1))

    @pytest.mark.parametrize("order", list(permutations(["TH", "TH42", "TH4203"])))
    def test_the_order_of_the_source_does_not_matter(self, order: tuple[str, ...]) -> None:
        territory.load(Unit(code, f"ก{code}") for code in order)
        connection.check_constraints()
        assert Area.objects.get(code="TH4203").parent.parent_id == "TH"

    def test_a_unit_without_its_parent_is_refused(self) -> None:
        territory.load([Unit("TH4203", "เชียงคาน")])
        with pytest.raises(IntegrityError):
            connection.check_constraints()

    def test_an_area_saved_by_hand_gets_its_sort_key(self) -> None:
        area = Area.objects.create(code="LA", level=0, name_lo="ລາວ")
        assert area.sort_key == sort_key("ລາວ")
