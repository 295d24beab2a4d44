"""What the pages of an office's calendar, settings and history do, and refuse."""

from typing import Any

import pytest

from cases import clock, contents, office_settings
from cases.models import Area, Change, Holiday, OfficeSetting, OpenDay, Post
from cases.roles import Role
from tests.cast import LONG_AGO, do, open_founding
from tests.contract.test_pages import cost
from tests.contract.world import World
from workflows import office_numbers
from workflows.contents import by_code
from workflows.outline import problems_of_content
from workflows.pages import ledger_words

NEW = {"day": "24/11/2570", "name_th": "วันหยุดพิเศษ", "reason": "มติ ครม.", "submit": "1"}
STUDY = "/office/settings/TH4203/due.SGF.study/"
LIMIT = "/office/settings/TH4203/number.SGF.interest_limit/"
REPORT_DAY = "/office/settings/TH4203/number.SGM.report_day/"
TOLD = "/office/settings/TH4203/told.DISTRICT_CHIEF/"
HEAD = "/office/settings/TH4203/letterhead/"


def post(world: World, who: str, url: str, **sent: str) -> Any:
    return world.client(who, language="en").post(url, sent)


def page(world: World, who: str, url: str) -> str:
    response = world.client(who, language="en").get(url)
    assert response.status_code == 200
    return str(response.content.decode())


def holiday(day: str = "2027-12-10") -> Holiday:
    return Holiday.objects.get(country="TH", day=day)


def test_an_administrator_adds_a_holiday_which_then_stands_in_the_calendar(world: World) -> None:
    added = post(world, "admin", "/office/calendar/new/", **NEW)
    assert added["Location"] == "/office/calendar/?area=TH&year=2027"
    assert holiday("2027-11-24").name_th == "วันหยุดพิเศษ"
    assert Change.objects.get(kind="HOLIDAY_ADDED").by == world.cast.admin
    assert "วันหยุดพิเศษ" in page(world, "admin", "/office/calendar/?year=2570&area=TH4203")


@pytest.mark.parametrize(
    "wrong",
    [{"day": "10/12/2570"}, {"day": ""}, {"name_th": ""}, {"reason": ""}, {"day": "31/2/2570"}],
)
def test_a_wrong_holiday_is_refused_and_what_was_typed_stands(
    world: World, wrong: dict[str, str]
) -> None:
    answer = post(world, "admin", "/office/calendar/new/", **NEW | wrong)
    assert answer.status_code == 422
    typed = [text for text in (NEW | wrong).values() if len(text) > 1]
    assert all(text in answer.content.decode() for text in typed)
    assert not Change.objects.filter(kind="HOLIDAY_ADDED").exists()


@pytest.mark.parametrize("year", ["๒๕๗๐", "2570", "2027"])
def test_the_year_is_of_either_era(world: World, year: str) -> None:
    assert "Office calendar 2027" in page(world, "admin", f"/office/calendar/?year={year}")


@pytest.mark.parametrize("year", ["x", "", "70", "1", "9999", "2157"])
def test_what_is_no_year_shows_the_current_one(world: World, year: str) -> None:
    text = page(world, "admin", f"/office/calendar/?year={year}")
    assert f"Office calendar {clock.today().year}" in text


def test_a_chief_opens_their_own_office_and_no_other(world: World) -> None:
    url = f"/office/calendar/{holiday().pk}/"
    act = {"open": "1", "open-reason": "ออกหน่วย"}
    post(world, "chief", f"{url}?area=TH4203", **act)
    assert [(each.area_id, each.reason) for each in OpenDay.objects.all()] == [
        ("TH4203", "ออกหน่วย")
    ]
    assert post(world, "chief", f"{url}?area=TH4209", **act).status_code == 404
    assert post(world, "chief", url, **{"remove": "1", "remove-reason": "x"}).status_code == 422
    post(world, "chief", url, **{"close": "1", "close-reason": "งดออกหน่วย"})
    assert not OpenDay.objects.exists()


def test_a_removed_holiday_leads_back_to_the_calendar(world: World) -> None:
    url = f"/office/calendar/{holiday().pk}/"
    post(world, "admin", url, **{"remove": "1", "remove-reason": "ประกาศใหม่"})
    again = world.client("admin", language="en").get(url, follow=True)
    assert "This holiday was removed" in again.content.decode()


@pytest.mark.parametrize(
    ("url", "number"),
    [
        (STUDY, "0"),
        (STUDY, "366"),
        (STUDY, "seven"),
        (STUDY, ""),
        (LIMIT, "16"),
        (REPORT_DAY, "29"),
    ],
)
def test_a_number_outside_its_bounds_is_refused(world: World, url: str, number: str) -> None:
    answer = post(world, "chief", url, number=number, reason="เหตุ", submit="1")
    assert answer.status_code == 422
    assert not OfficeSetting.objects.exists()


def test_an_office_chooses_gives_back_and_reads_its_history(world: World) -> None:
    post(world, "province", STUDY.replace("TH4203", "TH42"), number="9", reason="จว", submit="1")
    post(world, "chief", STUDY, number="๓", reason="อำเภอ", submit="1")
    assert office_settings.get("due.SGF.study", "TH420301") == 3
    assert "3 working days" in page(world, "chief", "/office/settings/")
    post(world, "chief", STUDY, **{"as_above": "1", "above-reason": "ตามจังหวัด"})
    assert office_settings.get("due.SGF.study", "TH420301") == 9
    text = page(world, "chief", STUDY)
    assert all(said in text for said in ("as above this office", "ตามจังหวัด", "อำเภอ", "Loei"))


def test_the_next_step_takes_the_days_and_tells_why_they_are_so_many(world: World) -> None:
    case = open_founding(world.cast)
    url = STUDY.replace("study", "analyse")
    post(world, "chief", url, number="2", reason="เร่ง", submit="1")
    case = do(case, "study", by=world.cast.officer)
    deadline = case.deadlines.latest("pk")
    assert deadline.rule == {"working_days": 2}
    assert deadline.due_on == deadline.work_item.due_on
    lines = ledger_words.in_short(deadline)
    (told,) = [line for line in lines if "2" in line and "7" in line]
    assert told.startswith("Chiang Khan gives 2 days")


def test_a_letterhead_is_shown_before_it_counts(world: World) -> None:
    head = {"office_name": "สพอ.เชียงคาน", "phone": "0 4282 1001", "letter_code": "ลย 0319"}
    seen = post(world, "chief", HEAD, **head, reason="เหตุ", preview="1")
    assert seen.status_code == 200
    assert "ลย 0319/" in seen.content.decode()
    assert not OfficeSetting.objects.exists()
    post(world, "chief", HEAD, **head, reason="เหตุ", submit="1")
    assert office_settings.get("letterhead", "TH420301") == {**head, "address": ""}


def test_only_near_people_are_named_and_only_by_an_administrator(world: World) -> None:
    cast = world.cast
    sent = {"how": "beside", "reason": "เลขา", "submit": "1"}
    far = post(world, "admin", TOLD, person_1=str(cast.outsider.pk), **sent)
    assert far.status_code == 422
    assert post(world, "chief", TOLD, person_1=str(cast.academic.pk), **sent).status_code == 404
    post(world, "admin", TOLD, person_1=str(cast.academic.pk), **sent)
    assert office_settings.get("told.DISTRICT_CHIEF", "TH4203") == {
        "people": [cast.academic.pk],
        "instead": False,
    }
    assert str(cast.academic) in page(world, "admin", "/office/settings/?area=TH4203")


def test_the_history_tells_in_words_and_filters_by_kind_and_person(world: World) -> None:
    post(world, "admin", "/office/calendar/new/", **NEW)
    post(world, "chief", STUDY, number="3", reason="เร่ง", submit="1")
    post(world, "chief", STUDY, number="4", reason="ผ่อน", submit="1")
    everything = page(world, "admin", "/office/history/")
    assert "3 working days → 4 working days" in everything
    assert "วันหยุดพิเศษ" in everything
    assert "วันหยุดพิเศษ" not in page(world, "admin", "/office/history/?kind=SETTING_CHANGED")
    by_admin = page(world, "admin", f"/office/history/?by={world.cast.admin.pk}")
    assert "วันหยุดพิเศษ" in by_admin
    assert "working days" not in by_admin


def test_an_administrator_reads_the_history_of_their_areas_only(world: World) -> None:
    post(world, "admin", "/office/calendar/new/", **NEW)
    post(world, "chief", STUDY, number="3", reason="เร่ง", submit="1")
    Post.objects.create(
        user=world.cast.academic, role=Role.ADMIN, area_id="TH42", starts_on=LONG_AGO
    )
    text = page(world, "academic", "/office/history/")
    assert "3 working days" in text
    assert "วันหยุดพิเศษ" not in text


def test_the_history_costs_the_same_however_long(world: World) -> None:
    costs = []
    for most in (1, 20, 60):
        while (done := OfficeSetting.objects.count()) < most:
            url = STUDY if done % 4 < 2 else STUDY.replace("4203", "4209")
            post(world, "admin", url, number=str(2 + done), reason="เหตุ", submit="1")
        costs.append(cost(world, "admin", "/office/history/?kind=SETTING_CHANGED"))
    assert len(set(costs)) == 1
    assert costs[0] <= 10


def test_the_calendar_and_settings_cost_the_same_however_much_was_chosen(world: World) -> None:
    urls = ("/office/calendar/?area=TH4203&year=2570", "/office/settings/?area=TH4203", STUDY)
    before = [cost(world, "chief", url) for url in urls]
    for each in Holiday.objects.filter(country="TH", day__year=2027):
        OpenDay.objects.create(area_id="TH420301", day=each.day)
    for number in range(3, 12):
        post(world, "chief", STUDY, number=str(number), reason="เหตุ", submit="1")
    after = [cost(world, "chief", url) for url in urls]
    assert [now - then for now, then in zip(after, before, strict=True)] == [0, 0, 1]  # who chose


def test_a_lao_office_has_the_lao_calendar(world: World) -> None:
    Area.objects.bulk_create([Area(code="LA", level=0, name_lo="ລາວ")], ignore_conflicts=True)
    Post.objects.create(user=world.cast.academic, role=Role.ADMIN, area_id="LA", starts_on=LONG_AGO)
    text = page(world, "academic", "/office/calendar/?year=2026&area=LA")
    assert "Lao National Day" in text
    assert "Chakri" not in text


@pytest.mark.usefixtures("world")
def test_what_a_procedure_says_lies_within_what_an_office_may_choose() -> None:
    numbers = [n for chapter in office_numbers.chapters() for n in chapter.days + chapter.numbers]
    assert len(numbers) > 20
    assert [n.key for n in numbers if not 1 <= n.lowest <= n.default <= n.highest <= 365] == []
    body = {**contents.current("SGF").body, "between": {"interested": [30, 40], "none": [1, 2]}}
    found = problems_of_content(by_code("SGF"), body)
    assert [line.split(":")[0] for line in found] == ["between.interested", "between.none"]
