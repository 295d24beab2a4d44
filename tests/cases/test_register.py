"""The register reproduces the published table of Loei, and knows who could found a group."""

from typing import Any

import pytest

from cases import register, territory
from cases.models import Area, Party
from cases.register import Tally
from project.demo import groups, villages

pytestmark = pytest.mark.django_db

Kind, Level = Party.Kind, Area.Level

# The columns of the table, and what they count.
COLUMNS = {
    "sg_l1": (Kind.SAVINGS_GROUP, "1"),
    "sg_l2": (Kind.SAVINGS_GROUP, "2"),
    "sg_l3": (Kind.SAVINGS_GROUP, "3"),
    "kk_l1": (Kind.KKJ_FUND, "1"),
    "kk_l2": (Kind.KKJ_FUND, "2"),
    "kk_l3": (Kind.KKJ_FUND, "3"),
    "mf_a": (Kind.MOTHER_FUND, "A"),
    "mf_b": (Kind.MOTHER_FUND, "B"),
    "mf_c": (Kind.MOTHER_FUND, "C"),
}
TOTALS = {Kind.SAVINGS_GROUP: 508, Kind.KKJ_FUND: 456, Kind.MOTHER_FUND: 436}


@pytest.fixture
def loei() -> None:
    territory.load(u for u in territory.thai_units() if u.code[:4] in ("TH", "TH42"))
    territory.load(villages.village_units())
    assert groups.load() == 1400


@pytest.mark.usefixtures("loei")
class TestTheTableOfLoei:
    def test_every_count_comes_out_in_one_query(self, django_assert_num_queries: Any) -> None:
        table = {
            Tally(f"TH{row['code']}", kind, level, int(row[column]))
            for row in villages.funds_table()
            for column, (kind, level) in COLUMNS.items()
            if row[column] != "0"
        }
        with django_assert_num_queries(1):
            counted = register.counts("TH42")
        assert set(counted) == table
        assert counted == sorted(table)

    def test_the_totals_are_those_printed_under_the_table(self) -> None:
        province = register.counts("TH42", depth=Level.PROVINCE)
        for kind, total in TOTALS.items():
            assert sum(tally.number for tally in province if tally.kind == kind) == total
        best = Tally("TH42", Kind.SAVINGS_GROUP, "3", 281)
        assert best in province

    def test_one_district_counts_alone_and_by_tambon(self) -> None:
        na_haeo = register.counts("TH4206")
        assert Tally("TH4206", Kind.KKJ_FUND, "2", 25) in na_haeo
        assert {tally.place for tally in na_haeo} == {"TH4206"}
        by_tambon = register.counts("TH4206", depth=Level.SUBDISTRICT)
        assert {tally.place for tally in by_tambon} <= {f"TH42060{n}" for n in range(1, 6)}
        assert sum(t.number for t in by_tambon) == sum(t.number for t in na_haeo)

    def test_villages_are_as_many_as_the_table_says_and_all_invented(self) -> None:
        for row in villages.funds_table():
            found = Area.objects.under(f"TH{row['code']}").filter(level=Level.VILLAGE)
            assert found.count() == int(row["villages"])
        every = Area.objects.filter(level=Level.VILLAGE)
        assert every.count() == every.filter(invented=True).count() == 918
        assert every.values("name_th").distinct().count() == 918
        assert not every.filter(parent="TH420101").exists()  # Kut Pong is wholly municipal

    def test_no_village_has_two_of_a_kind_and_two_districts_are_full_of_mother_funds(self) -> None:
        places = Party.objects.values_list("kind", "area")
        assert len(places) == len(set(places)) == 1400
        for district in ("TH4206", "TH4208"):  # Na Haeo, Tha Li
            assert not register.villages_without(Kind.MOTHER_FUND, district).exists()

    def test_loading_again_adds_nothing_and_keeps_what_changed_since(self) -> None:
        some = Party.objects.first()
        Party.objects.filter(pk=some.pk).update(level="2", status=Party.Status.DORMANT)
        assert groups.load() == 0
        assert territory.load(villages.village_units()) == territory.Loaded(0, 0, 918)
        some.refresh_from_db()
        assert (some.level, some.status) == ("2", Party.Status.DORMANT)


@pytest.fixture
def three_villages() -> list[str]:
    codes = ["TH42030101", "TH42030102", "TH42030103"]
    above = ["TH", "TH42", "TH4203", "TH420301"]
    territory.load(territory.Unit(code, code) for code in above + codes)
    return codes


def group(area: str, **more: Any) -> Party:
    fields = {"kind": Kind.SAVINGS_GROUP, "name": "group", "area_id": area, "level": "1"}
    return Party.objects.create(**(fields | more))


def test_planned_and_dissolved_groups_do_not_count(three_villages: list[str]) -> None:
    for status in Party.Status:
        group(three_villages[0], status=status)
    assert register.counts("TH") == [Tally("TH4203", Kind.SAVINGS_GROUP, "1", 3)]


def test_a_group_above_the_depth_counts_at_its_own_area(three_villages: list[str]) -> None:
    group("TH42", level="")
    group(three_villages[0])
    assert register.counts("TH42", depth=Level.SUBDISTRICT) == [
        Tally("TH42", Kind.SAVINGS_GROUP, "", 1),
        Tally("TH420301", Kind.SAVINGS_GROUP, "1", 1),
    ]


def test_a_group_may_be_founded_where_none_stands_or_is_planned(three_villages: list[str]) -> None:
    group(three_villages[0], status=Party.Status.PLANNED)
    group(three_villages[1], status=Party.Status.DISSOLVED)
    group(three_villages[2], kind=Kind.KKJ_FUND)
    free = register.villages_without(Kind.SAVINGS_GROUP, "TH4203")
    assert {village.code for village in free} == set(three_villages[1:])
