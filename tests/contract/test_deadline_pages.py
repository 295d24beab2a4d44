"""Why work is due on its day, more time for it, and a calendar that is seen before it changes."""

from datetime import date, timedelta
from typing import Any

import pytest

from cases import calendar
from cases.dates import format_date
from cases.models import Change, Deadline, Extension, Holiday
from tests.cast import bring_to, do, fresh, item_of, open_founding
from tests.contract.test_pages import cost
from tests.contract.world import World
from workflows import extensions

WHY = "ฝนตกหนัก ถนนขาด"


def post(world: World, who: str, url: str, **sent: str) -> Any:
    return world.client(who, language="en").post(url, sent)


def page(world: World, who: str, url: str, language: str = "en") -> str:
    response = world.client(who, language=language).get(url)
    assert response.status_code == 200
    return str(response.content.decode())


def running(world: World) -> tuple[Deadline, str]:
    """The deadline of a founding that has just begun, and its page."""
    case = open_founding(world.cast)
    deadline = item_of(case).deadline
    return deadline, f"/cases/{case.number}/deadlines/{deadline.pk}/"


def a_working_day(deadline: Deadline) -> date:
    """One of the span of `deadline`."""
    days = calendar.days_after(deadline.started_on, deadline.due_on - timedelta(days=1))
    return next(day for day in days if calendar.is_working_day("TH", day))


def announced(world: World, day: date, **button: str) -> Any:
    new = {"day": day.isoformat(), "name_th": "วันหยุดพิเศษ", "name_en": "Special day"}
    return post(world, "admin", "/office/calendar/new/", **new, reason="Cabinet", **button)


def test_the_day_is_told_in_words_and_day_by_day_in_the_readers_era(world: World) -> None:
    deadline, url = running(world)
    text = page(world, "officer", url)
    assert "The rule: 7 working days, not counting the day on which it began." in text
    assert f"{format_date(deadline.started_on, 'en')}: the day on which it began" in text
    assert f"{format_date(deadline.due_on, 'en')}: counts, day 7, due" in text
    assert text.count("weekend, does not count") > 2
    assert format_date(deadline.due_on, "th") in page(world, "officer", url, "th")


def test_the_page_is_linked_where_a_due_day_is_shown(world: World) -> None:
    case = open_founding(world.cast)
    item = item_of(case)
    url = f"/cases/{case.number}/deadlines/{item.deadline.pk}/"
    step = f"/cases/{case.number}/steps/{item.pk}/"
    assert page(world, "district_chief", f"/cases/{case.number}/").count(url) >= 2
    assert url in page(world, "district_chief", step)
    do(case, "study", by=world.cast.officer)
    assert url in page(world, "district_chief", step)
    assert "Closed" in page(world, "district_chief", url)


def test_a_return_pauses_and_the_page_says_from_when_to_when(world: World) -> None:
    cast = world.cast
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    back = {"outcome": "RETURNED", "to": "study", "reason": "แก้", "defects": ["แก้ข้อมูล"]}
    span = next((each for each in case.deadlines.filter(closed_at=None, work_item=None)), None)
    if span is None:
        pytest.fail("no span of the case runs here")
    do(case, "verify_preparation", by=cast.chief, **back)
    text = page(world, "officer", f"/cases/{case.number}/deadlines/{span.pk}/")
    assert "on: the case was returned." in text
    assert "Paused" in text


def test_more_time_is_asked_for_given_and_told_on_the_page(world: World) -> None:
    deadline, url = running(world)
    asked = {"more-days": "๓", "more-reason": WHY, "ask": "1"}
    assert post(world, "officer", url, **asked)["Location"] == url
    again = post(world, "officer", url, **asked)  # a second click
    assert again.status_code == 302
    (extension,) = Extension.objects.filter(deadline=deadline)
    assert WHY in page(world, "chief", url)
    assert "Give more time" not in page(world, "officer", url)
    given = {"extension": str(extension.pk), "answer-answer": "เห็นควร", "grant": "1"}
    assert post(world, "chief", url, **given)["Location"] == url
    assert post(world, "chief", url, **given).status_code == 302
    text = page(world, "officer", url)
    moved = calendar.add_working_days("TH420301", deadline.due_on, 3)
    told = f"due on {format_date(moved, 'en')}, not {format_date(deadline.due_on, 'en')}."
    assert f"Extended by 3 working days: {told}" in text
    assert all(said in text for said in (WHY, "เห็นควร", str(world.cast.chief)))


@pytest.mark.parametrize(
    ("days", "reason", "said"),
    [("0", WHY, "1"), ("99", WHY, "At most 7 days more."), ("two", WHY, "two"), ("2", "", "")],
)
def test_what_cannot_be_asked_is_refused_and_stands_again(
    world: World, days: str, reason: str, said: str
) -> None:
    _deadline, url = running(world)
    sent = {"more-days": days, "more-reason": reason, "ask": "1"}
    answer = post(world, "officer", url, **sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert reason in text
    assert not Extension.objects.filter(deadline=_deadline).exists()


def test_a_refusal_needs_a_reason(world: World) -> None:
    deadline, url = running(world)
    extension = extensions.ask(deadline.pk, days=2, reason=WHY, by=world.cast.officer)
    sent = {"extension": str(extension.pk), "answer-answer": "", "refuse": "1"}
    assert post(world, "chief", url, **sent).status_code == 422
    assert post(world, "chief", url, **sent | {"answer-answer": "ไม่จำเป็น"}).status_code == 302
    extension.refresh_from_db()
    assert extension.granted is False
    for wrong in ("", "x", "9" * 30, str(extension.pk + 1)):
        assert post(world, "chief", url, **sent | {"extension": wrong}).status_code == 404


def test_a_holiday_is_seen_before_it_is_added_and_then_moves_what_runs(world: World) -> None:
    deadline, url = running(world)
    day = a_working_day(deadline)
    seen = announced(world, day, preview="1")
    text = seen.content.decode()
    assert seen.status_code == 200
    assert "Nothing has been changed yet" in text
    assert Deadline.objects.get(pk=deadline.pk).due_on == deadline.due_on
    assert not Holiday.objects.filter(day=day, removed=False).exists()
    number = fresh(deadline.case).number
    assert number in text
    assert f"/cases/{number}/" not in text  # an administrator reads no cases
    back = announced(world, day, edit="1")
    assert back.status_code == 200
    assert "Cabinet" in back.content.decode()
    announced(world, day, submit="1")
    moved = Deadline.objects.get(pk=deadline.pk)
    assert moved.due_on > deadline.due_on
    told = page(world, "officer", url)
    assert f"{format_date(day, 'en')} became a holiday (Special day): due on" in told
    assert "Cabinet" in told
    assert f"{format_date(day, 'en')}: holiday, does not count (Special day)" in told
    history = page(world, "admin", "/office/history/?kind=DEADLINES_MOVED")
    count = Change.objects.get(kind="DEADLINES_MOVED").after["moved"]
    assert f"running deadlines moved: {count}" in history


def test_a_second_click_on_apply_adds_and_moves_once(world: World) -> None:
    deadline, _url = running(world)
    day = a_working_day(deadline)
    answers = [announced(world, day, submit="1").status_code for _ in range(2)]
    assert answers == [302, 422]  # a holiday already
    ledger = Deadline.objects.get(pk=deadline.pk).ledger
    assert [entry["what"] for entry in ledger].count("moved") == 1


def test_an_office_sees_what_would_move_before_it_opens_on_a_holiday(world: World) -> None:
    deadline, _url = running(world)
    holiday = Holiday.objects.create(country="TH", day=a_working_day(deadline), name_th="วัน")
    there = f"/office/calendar/{holiday.pk}/?area=TH4203"
    act = {"open-reason": "ออกหน่วย"}
    seen = post(world, "chief", there, **act, open="preview").content.decode()
    assert "The office opens on" in seen
    assert "ออกหน่วย" in seen
    assert post(world, "chief", there, **act, open="edit").status_code == 200
    assert Change.objects.filter(kind="OPEN_DAY_ADDED").count() == 0
    assert post(world, "chief", there, **act, open="1").status_code == 302
    assert Change.objects.filter(kind="OPEN_DAY_ADDED").count() == 1


def test_the_page_costs_one_query_more_where_the_calendar_has_moved_the_day(world: World) -> None:
    deadline, url = running(world)
    before = cost(world, "officer", url)
    for day in range(2):
        announced(world, a_working_day(deadline) + timedelta(days=day), submit="1")
    assert cost(world, "officer", url) == before + 1  # who changed it
