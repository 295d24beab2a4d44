"""Ladders as data: what is refused, versions of the country and of an area (handbook 4.3)."""

from datetime import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from cases import ladders, rungs
from cases.models import Area, Change, Ladder, User
from cases.roles import Role
from tests.cases.climbing import BEGUN
from tests.cases.running import DISTRICT, PROVINCE, TAMBON, person, places, work_under_deadline

ON_THE_DAY = {"working_days": 0, "tell": "ASSIGNEE", "template": "due_today"}
LATER = {"working_days": 5, "tell": "ABOVE", "above": 1, "template": "escalated"}


@pytest.fixture(autouse=True)
def _data(db: None) -> None:
    ladders.seed()
    places()


@pytest.fixture
def chief() -> User:
    return person("chief", Role.DISTRICT_CHIEF_CD, DISTRICT)


def own(area: str, by: User, *entries: dict[str, Any], **more: Any) -> Ladder | None:
    place = Area.objects.get(pk=area)
    return ladders.add_version("default", place, entries, by=by, reason="for us", **more)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"tell": "NOBODY"}, "NOBODY"),
        ({"template": "no_such"}, "no_such"),
        ({"template": "password_reset"}, "password_reset"),
        ({"channel": "PIGEON"}, "PIGEON"),
        ({"urgent": "very"}, "urgent is true or false"),
        ({"colour": "red"}, "no colour"),
        ({"days": 1}, "either working_days or days"),
        ({"working_days": "soon"}, "whole number"),
        ({"working_days": 400}, "from -366 to 366"),
        ({"tell": "ABOVE"}, "ABOVE needs above"),
        ({"tell": "ABOVE", "above": 0}, "from 1 to 9"),
        ({"tell": "ROLE", "role": "KING"}, "KING"),
        ({"tell": "ASSIGNEE", "role": "GOVERNOR"}, "takes no role"),
        ({"tell": "PEOPLE", "people": [1]}, "of an area only"),
        ({"every": 2}, "both every"),
        ({"every": 2, "times": 0}, "times is a whole number"),
        ({"every": 5, "times": 2}, "never told again"),
        ({"working_days": 5, **{k: LATER[k] for k in ("tell", "above")}}, "same people"),
    ],
)
def test_nonsense_is_refused_in_words(tmp_path: Path, wrong: dict[str, Any], told: str) -> None:
    entries = yaml.safe_load(ladders.FIXTURE.read_text(encoding="utf-8"))
    entries[0]["rungs"] = [ON_THE_DAY | wrong, LATER]
    path = tmp_path / "ladders.yaml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        ladders.seed(path)
    assert ladders.current("default").version == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"quiet": {"from": 1080, "to": "07:30"}}, "in quotes"),
        ({"quiet": {"from": "18:00", "to": "18:00"}}, "are none"),
        ({"quiet": {"from": "25:00", "to": "07:30"}}, "hour"),
        ({"line": {"TH": [["NO_SUCH_ROLE"]]}}, "NO_SUCH_ROLE"),
        ({"rungs": []}, "1 to 30 rungs"),
        ({"rungs": [ON_THE_DAY, {"days": 3, "tell": "ASSIGNEE", "template": "overdue"}]}, "both"),
        ({"shape": "round"}, "no shape"),
    ],
)
def test_a_ladder_of_nonsense_is_refused(tmp_path: Path, wrong: dict[str, Any], told: str) -> None:
    entries = yaml.safe_load(ladders.FIXTURE.read_text(encoding="utf-8"))
    entries[0] |= wrong
    path = tmp_path / "ladders.yaml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        ladders.seed(path)


def test_what_the_file_says_is_what_is_read_and_written() -> None:
    for entry in yaml.safe_load(ladders.FIXTURE.read_text(encoding="utf-8")):
        ladder = ladders.current(entry["code"])
        assert rungs.entries_of(list(ladder.rungs.all())) == entry["rungs"]
        assert (ladder.quiet_from, ladder.quiet_to) == (time(18), time(7, 30))


def test_the_nearest_area_with_a_ladder_of_its_own_counts(chief: User) -> None:
    country = ladders.current("default", TAMBON)
    province = own(PROVINCE, chief, ON_THE_DAY, quiet=(time(20), time(6)))
    district = own(DISTRICT, chief, ON_THE_DAY, LATER)
    assert province
    assert district
    assert [each.version for each in (country, province, district)] == [1, 2, 3]
    assert ladders.current("default", TAMBON) == district
    assert ladders.current("default", "TH420401") == province
    assert ladders.current("default", "TH10") == country
    assert ladders.current("default") == country
    assert district.line == country.line
    assert (province.quiet_from, district.quiet_from) == (time(20), None)


def test_a_running_deadline_keeps_its_ladder_and_the_next_one_has_the_new(chief: User) -> None:
    running = work_under_deadline(BEGUN)
    district = own(DISTRICT, chief, LATER)
    following = work_under_deadline(BEGUN)
    assert (running.ladder.version, following.ladder) == (1, district)
    assert following.rung == 0
    running.refresh_from_db()
    assert running.ladder.version == 1


def test_a_withdrawn_ladder_gives_way_to_the_one_above(chief: User) -> None:
    district = Area.objects.get(pk=DISTRICT)
    assert ladders.withdraw("default", district, by=chief, reason="-") is None  # has none
    own(DISTRICT, chief, LATER)
    gone = ladders.withdraw("default", district, by=chief, reason="as all others")
    assert gone is not None
    assert gone.withdrawn
    assert ladders.current("default", TAMBON).area is None
    assert ladders.withdraw("default", district, by=chief, reason="again") is None
    assert own(DISTRICT, chief, LATER) == ladders.current("default", TAMBON)


def test_the_country_changes_and_an_area_keeps_its_own(chief: User, tmp_path: Path) -> None:
    district = own(DISTRICT, chief, LATER)
    entries = yaml.safe_load(ladders.FIXTURE.read_text(encoding="utf-8"))
    entries[0]["rungs"] = [ON_THE_DAY]
    path = tmp_path / "ladders.yaml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    (country,) = ladders.seed(path)
    assert country.version == 3
    assert ladders.seed(path) == []
    assert ladders.current("default") == country
    assert ladders.current("default", TAMBON) == district


def test_the_same_again_is_no_new_version(chief: User) -> None:
    assert own(DISTRICT, chief, ON_THE_DAY, LATER)
    assert own(DISTRICT, chief, LATER, ON_THE_DAY) is None
    assert own(DISTRICT, chief, ON_THE_DAY | {"urgent": True}, LATER)


def test_the_history_of_the_office_keeps_who_changed_it_and_why(chief: User) -> None:
    own(DISTRICT, chief, LATER)
    own(DISTRICT, chief, ON_THE_DAY)
    second, first = Change.objects.filter(kind=Change.Kind.LADDER_CHANGED)
    assert (second.by, second.area_id, second.about) == (chief, DISTRICT, "ladder:default")
    assert first.before == {}
    assert second.before == {"version": 2, "rungs": [LATER], "quiet": []}
    assert second.after == {
        "version": 3,
        "rungs": [ON_THE_DAY],
        "quiet": [],
        "reason": "for us",
    }


def test_a_list_holds_people_who_work_here(chief: User) -> None:
    listed = {"working_days": 1, "tell": "PEOPLE", "template": "escalated"}
    assert own(DISTRICT, chief, listed | {"people": [chief.pk]})
    left = person("left", is_active=False)
    for people in ([left.pk], [987654], [], ["chief"]):
        with pytest.raises(ValueError, match=r"people|works here"):
            own(DISTRICT, chief, listed | {"people": people})
