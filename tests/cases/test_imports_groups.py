"""Groups with their levels and committees with terms by file (handbook 5.1.1, 6.1)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases import clock
from cases.models import Party, Seat
from tests.cases import sheets
from tests.cases.test_imports_staff import reasons
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db

GROUPS = ["ประเภท", "ชื่อกลุ่ม", "รหัสหมู่บ้าน", "ระดับ", "Founded on", "เลขทะเบียน", "สถานะ", "closed_on"]
SEATS = ["เลขทะเบียน", "รหัสหมู่บ้าน", "kind", "ฝ่าย", "ตำแหน่ง", "ชื่อ-สกุล", "elected_on", "from", "to"]


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def group(**given: str) -> list[str]:
    usual = {
        "kind": "SAVINGS_GROUP",
        "name": "กลุ่มออมทรัพย์บ้านทุ่งใหม่",
        "area": "42030101",
        "level": "๒",
        "founded_on": "8 มี.ค. 2545",
        "number": "ลย-1",
        "status": "",
        "closed_on": "",
    }
    return list((usual | given).values())


def test_groups_come_in_with_level_and_are_followed_from_this_month(cast: Cast) -> None:
    rows = [
        GROUPS,
        group(),
        group(kind="MOTHER_FUND", name="กองทุนแม่", level="b", number=""),
        group(name="กลุ่มเมือง", area="420301", number="", status="DORMANT"),
    ]
    run = sheets.imported("groups", rows, cast.admin)
    assert (run.added, run.refused) == (3, 0), reasons(run)
    party = Party.objects.get(register_number="ลย-1")
    assert (party.level, party.founded_on, party.status) == ("2", date(2002, 3, 8), "ACTIVE")
    assert party.followed_from == clock.today().replace(day=1)
    assert Party.objects.get(name="กองทุนแม่").level == "B"
    assert Party.objects.get(name="กองทุนแม่").followed_from is None
    assert Party.objects.get(name="กลุ่มเมือง").followed_from is None
    again = sheets.imported("groups", rows, cast.admin)
    assert (again.unchanged, again.refused) == (3, 0)


def test_a_known_group_gets_what_the_file_says_and_keeps_the_rest(cast: Cast) -> None:
    sheets.imported("groups", [GROUPS, group()], cast.admin)
    changed = group(level="3", founded_on="", name="กลุ่มออมทรัพย์ชื่อใหม่")
    run = sheets.imported("groups", [GROUPS, changed], cast.admin)
    assert (run.changed, run.refused) == (1, 0), reasons(run)
    party = Party.objects.get()
    assert (party.name, party.level) == ("กลุ่มออมทรัพย์ชื่อใหม่", "3")
    assert party.founded_on == date(2002, 3, 8)


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        ({"level": "12"}, 3, "“12” is no level of it: 1, 2, 3."),
        ({"level": "A"}, 3, "“A” is no level of it: 1, 2, 3."),
        ({"area": "4203010"}, 2, "The code has 6 / 8 digits; “4203010” has 7."),
        ({"area": "42030177"}, 2, "No area has the code 42030177."),
        ({"kind": "ชมรม"}, 0, "is none of these"),
        ({"founded_on": "1/1/2690"}, 4, "is in the future"),
        ({"status": "DISSOLVED"}, 7, "Write the day on which the group was dissolved."),
        ({"closed_on": "1/1/2560"}, 7, "Only a dissolved group has this day."),
        (
            {"status": "DISSOLVED", "closed_on": "1/1/2540"},
            7,
            "It cannot end before it was founded.",
        ),
        ({"status": "PLANNED"}, 6, "is none of these"),
    ],
)
def test_a_cell_is_refused(cast: Cast, given: dict[str, str], place: int, words: str) -> None:
    run = sheets.imported("groups", [GROUPS, group(**given)], cast.admin)
    ((_number, at, said),) = reasons(run)
    assert at == place
    assert words in said


def test_a_group_that_is_being_founded_is_left_to_its_case(cast: Cast) -> None:
    planned = Party.objects.create(
        kind="SAVINGS_GROUP", name="กลุ่มใหม่", area=cast.village, status=Party.Status.PLANNED
    )
    rows = [GROUPS, group(name="กลุ่มใหม่", number="", status="ACTIVE")]
    run = sheets.imported("groups", rows, cast.admin)
    assert run.refused == 1
    planned.refresh_from_db()
    assert planned.status == Party.Status.PLANNED


def seat(**given: str) -> list[str]:
    usual = {
        "number": "",
        "area": "42030101",
        "kind": "SAVINGS_GROUP",
        "committee": "DIRECTING",
        "position": "CHAIR",
        "name": "นางสมใจ ดีงาม",
        "elected": "8/3/2568",
        "from": "8/3/2568",
        "to": "7/3/2570",
    }
    return list((usual | given).values())


def test_seats_with_terms_by_number_or_by_village(cast: Cast) -> None:
    sheets.imported("groups", [GROUPS, group()], cast.admin)
    rows = [
        SEATS,
        seat(),
        seat(number="ลย-1", area="", kind="", committee="LOAN", name="นายสอง ดีงาม"),
    ]
    run = sheets.imported("committees", rows, cast.admin)
    assert (run.added, run.refused) == (2, 0), reasons(run)
    chair = Seat.objects.get(committee="DIRECTING")
    assert (chair.name_key, chair.ends_on) == ("สมใจดีงาม", date(2027, 3, 7))
    again = sheets.imported("committees", [*rows[:2], seat(to="7/3/2571")], cast.admin)
    assert (again.unchanged, again.refused) == (1, 1)  # one line says it twice
    later = sheets.imported("committees", [SEATS, seat(to="7/3/2571")], cast.admin)
    assert later.changed == 1


def test_nobody_sits_on_audit_and_directing_at_once(cast: Cast) -> None:
    sheets.imported("groups", [GROUPS, group()], cast.admin)
    audit = {"committee": "AUDIT", "position": "MEMBER"}
    rows = [
        SEATS,
        seat(),
        seat(**audit),
        seat(**audit, **{"from": "8/3/2570", "to": "7/3/2572", "elected": ""}),  # later is fine
    ]
    run = sheets.imported("committees", rows, cast.admin)
    assert (run.added, run.refused) == (2, 1)
    words = "Nobody sits on the audit and the directing committee at once."
    assert reasons(run) == [(3, 3, words)]
    again = sheets.imported("committees", [SEATS, seat(**audit)], cast.admin)
    assert reasons(again) == [(2, 3, words)]


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        ({"to": "7/3/2567"}, 8, "A term ends after it begins."),
        ({"to": "8/3/2573"}, 8, "A term lasts 60 months at most."),
        ({"number": "ไม่มี"}, 0, "No group of your area has this register number."),
        ({"area": "42030102"}, 1, "No group of this kind stands there."),
        ({"area": ""}, 0, "Write the register number, or the village and the kind of group."),
        ({"position": "ราชา"}, 4, "is none of these"),
    ],
)
def test_a_seat_is_refused(cast: Cast, given: dict[str, str], place: int, words: str) -> None:
    sheets.imported("groups", [GROUPS, group()], cast.admin)
    run = sheets.imported("committees", [SEATS, seat(**given)], cast.admin)
    ((_number, at, said),) = reasons(run)
    assert at == place
    assert words in said
