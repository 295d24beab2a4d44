"""Correcting a finished step on its pages: nothing typed is lost, nobody is overrun unseen."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import audit
from cases.models import Case, Event, WorkItem
from tests.cast import bring_to, do, fresh, item_of, open_founding, typed
from tests.contract.answers import is_well_made
from tests.contract.test_bad_input import URLENCODED, body, nasty, told
from tests.contract.test_pages import cost
from tests.contract.world import World, undone

REASON = {"correction-reason": "พิมพ์ตัวเลขผิด"}
CHECK, SUBMIT = {"check": "1"}, {"submit": "1"}


@pytest.fixture
def founded(world: World) -> Any:
    return bring_to(open_founding(world.cast), "bank_letter", world.cast)


def done(case: Case, step: str) -> WorkItem:
    return [i for i in case.task_set.order_by("pk") if i.step == step and not i.is_open][-1]


def url(case: Case, step: str, name: str = "correct", *more: Any) -> str:
    return reverse(name, args=[case.number, done(case, step).pk, *more])


def sent(step: str, version: int = 1, **changes: str) -> dict[str, str]:
    """The whole form of a step, as it is shown, with some entries typed anew."""
    return typed(step) | REASON | {"correction-version": str(version)} | changes


def hidden(response: Any) -> dict[str, str]:
    """What a page sends on unseen."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.text)
    return {unescape(name): unescape(value) for name, value in found if name != "mark"}


def test_the_whole_path_on_the_pages(world: World, founded: Any) -> None:
    client = world.client("officer", language="en")
    page = client.get(url(founded, "draft_rules", "step"))
    assert f'href="{url(founded, "draft_rules")}"' in page.text
    assert "41" in client.get(url(founded, "meet")).text
    right = sent("draft_rules", group_name="กลุ่มออมทรัพย์ชื่อถูก")
    check = client.post(url(founded, "draft_rules"), right | CHECK)
    assert check.status_code == 200
    is_well_made(check, "en")
    text = check.text
    assert "กลุ่มออมทรัพย์ชื่อถูก" in text
    assert typed("draft_rules")["group_name"] in text
    assert "Approved: " in text
    assert "The case came to be: Founded" in text
    assert fresh(founded).events.filter(kind="STEP_CORRECTED").count() == 0
    edit = client.post(url(founded, "draft_rules"), hidden(check) | {"edit": "1"})
    assert "กลุ่มออมทรัพย์ชื่อถูก" in edit.text
    assert "พิมพ์ตัวเลขผิด" in edit.text
    answer = client.post(url(founded, "draft_rules"), hidden(check) | SUBMIT)
    assert answer.url == url(founded, "draft_rules", "step")
    assert fresh(founded).party.name == "กลุ่มออมทรัพย์ชื่อถูก"
    case_page = client.get(f"/cases/{founded.number}/").text
    assert "พิมพ์ตัวเลขผิด<br>Name of the group: กลุ่มออมทรัพย์ชื่อถูก, before: " in case_page
    step_page = client.get(url(founded, "draft_rules", "step")).text
    assert "Version 2 of 2" in step_page
    old = client.get(url(founded, "draft_rules", "version", 1)).text
    assert typed("draft_rules")["group_name"] in old
    assert "กลุ่มออมทรัพย์ชื่อถูก" not in old.split("<main")[1].split("</h1>")[1]
    new = client.get(url(founded, "draft_rules", "version", 2))
    is_well_made(new, "en")
    assert "Approved: " in new.text


@pytest.mark.parametrize(
    ("step", "changes", "words"),
    [
        ("draft_rules", {"interest_rate": "16"}, "15 % a year"),
        ("draft_rules", {"correction-reason": " "}, "This field is required."),
        ("draft_rules", {}, "Nothing differs"),
        ("draft_rules", {"deposit_day": "วันที่ห้า"}, "is not a whole number"),
        ("vote", {"votes_for": "60"}, "63 votes were counted"),
    ],
)
@pytest.mark.parametrize("button", [CHECK, SUBMIT], ids=["check", "submit"])
def test_what_is_refused_is_shown_again_with_all_that_was_typed(
    world: World, founded: Any, step: str, changes: Any, words: str, button: dict[str, str]
) -> None:
    client = world.client("officer", language="en")
    page = client.post(url(founded, step), sent(step, **changes) | button)
    assert page.status_code == 422
    is_well_made(page, "en")
    assert words in unescape(page.text)
    assert all(value in unescape(page.text) for value in changes.values())
    assert not fresh(founded).events.filter(kind="STEP_CORRECTED").exists()


def test_who_comes_second_sees_what_changed_and_loses_nothing(world: World, founded: Any) -> None:
    first, second = world.client("officer"), world.client("colleague", language="lo")
    assert first.post(url(founded, "meet"), sent("meet", meeting_place="ศาลากลาง") | SUBMIT)
    late = sent("meet", meeting_attendance="44") | {"correction-reason": "นับใหม่อีกครั้ง"}
    for button in (CHECK, SUBMIT):
        page = second.post(url(founded, "meet"), late | button)
        assert page.status_code == 409
        is_well_made(page, "lo")
        for text in (world.cast.officer.name, "ศาลากลาง", "44", "นับใหม่อีกครั้ง"):
            assert text in page.text
    assert hidden(page)["correction-version"] == "2"
    again = late | {"meeting_place": "ศาลากลาง", "correction-version": "2"}
    assert second.post(url(founded, "meet"), again | SUBMIT).status_code == 302
    case = fresh(founded)
    assert (case.meeting_place, case.meeting_attendance) == ("ศาลากลาง", 44)


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "99", "9" * 5000, "๑", "\x00"])
def test_a_version_that_was_not_given_out_is_no_version(
    world: World, founded: Any, version: str
) -> None:
    form = sent("meet", meeting_place="ศาลากลาง") | {"correction-version": version}
    page = world.client("officer").post(url(founded, "meet"), form | SUBMIT)
    assert page.status_code == 409
    is_well_made(page, "th")
    assert "ศาลากลาง" in page.text


def test_a_step_that_is_open_again_is_pointed_to(world: World) -> None:
    case = bring_to(open_founding(world.cast), "verify_preparation", world.cast)
    before = url(case, "study")
    back = {"outcome": "RETURNED", "to": "study", "reason": "เหตุ"}
    case = do(case, "verify_preparation", by=world.cast.chief, **back)
    client = world.client("officer", language="en")
    opened = reverse("step", args=[case.number, item_of(case).pk])
    assert client.get(before).url == opened
    page = client.post(before, sent("study", study_findings="ข้อความยาว") | SUBMIT)
    assert page.status_code == 409
    assert f'href="{opened}"' in page.text
    assert "ข้อความยาว" in page.text


def test_lines_are_corrected_in_their_table(world: World, founded: Any) -> None:
    client = world.client("officer", language="en")
    form = client.get(url(founded, "enrol"))
    is_well_made(form, "en")
    lines = {name: value for name, value in hidden(form).items() if name.endswith("-number")}
    right = sent("enrol", **lines) | {"rows-0-name": "นายชื่อถูก นามสกุลจริง"}
    check = client.post(url(founded, "enrol"), right | CHECK)
    assert check.status_code == 200
    assert check.text.count("นายชื่อถูก นามสกุลจริง") == 2  # in the change, and to be sent on
    answer = client.post(url(founded, "enrol"), hidden(check) | SUBMIT)
    assert answer.status_code == 302
    assert founded.party.members.get(number=1).name == "นายชื่อถูก นามสกุลจริง"
    assert founded.party.members.count() == 36
    timeline = client.get(f"/cases/{founded.number}/").text
    assert "1 line corrected" in timeline
    assert "พิมพ์ตัวเลขผิด" in timeline


def test_a_wrong_cell_is_told_at_its_line(world: World, founded: Any) -> None:
    client = world.client("officer", language="en")
    wrong = sent("enrol") | {"rows-3-born_on": "31/02/2530"}
    page = client.post(url(founded, "enrol"), wrong | CHECK)
    assert page.status_code == 422
    is_well_made(page, "en")
    assert "31/02/2530" in page.text
    minor = sent("enrol") | {"rows-3-born_on": "1/1/2560", "rows-3-consent_by": ""}
    page = client.post(url(founded, "enrol"), minor | CHECK)
    assert page.status_code == 422
    assert "#id_rows-3-consent_by" in page.text


@pytest.mark.parametrize("button", ["more", "paste"])
def test_lines_are_added_and_nothing_is_lost(world: World, founded: Any, button: str) -> None:
    client = world.client("officer", language="en")
    form = sent("enrol") | {"rows-0-name": "นายยังไม่เสร็จ", button: "1"}
    page = client.post(url(founded, "enrol"), form)
    assert page.status_code == 200
    is_well_made(page, "en")
    for text in ("นายยังไม่เสร็จ", "พิมพ์ตัวเลขผิด", 'name="rows-40-name"'):
        assert text in page.text


def test_personal_data_of_lines_is_masked_for_whoever_only_looks_on(
    world: World, founded: Any
) -> None:
    client = world.client("officer")
    form = sent("enrol") | {"rows-0-phone": "081 234 5678"}
    assert client.post(url(founded, "enrol"), form | SUBMIT).status_code == 302
    shown = world.client("officer").get(url(founded, "enrol", "version", 2)).text
    masked = world.client("academic").get(url(founded, "enrol", "version", 2)).text
    assert "678" in masked
    phones = [phone for phone in ("081 234 5678", "0812345678", "081-234-5678") if phone in shown]
    assert phones
    assert phones[0] not in masked
    assert phones[0] not in client.get(f"/cases/{founded.number}/").text.split('id="history"')[1]


def test_erased_texts_break_no_page(world: World, founded: Any) -> None:
    client = world.client("officer", language="en")
    form = sent("meet", meeting_place="ของลับ")
    assert client.post(url(founded, "meet"), form | SUBMIT).status_code == 302
    with transaction.atomic():
        for event in Event.objects.filter(case=founded, step="meet"):
            if hasattr(event, "text"):
                audit.erase(event, world.cast.admin, "personal")
    for where in ("step", "version", "correct"):
        page = client.get(url(founded, "meet", where, *([2] if where == "version" else [])))
        assert page.status_code == 200
        is_well_made(page, "en")
    assert "The text was erased." in client.get(url(founded, "meet", "version", 1)).text
    assert "The text was erased." in client.get(f"/cases/{founded.number}/").text
    again = sent("meet", 2, meeting_place="ที่ใหม่")
    assert client.post(url(founded, "meet"), again | CHECK).status_code == 200


def test_pages_cost_the_same_however_many_versions(world: World, founded: Any) -> None:
    places = [url(founded, "meet"), url(founded, "meet", "step"), f"/cases/{founded.number}/"]
    places.append(url(founded, "meet", "version", 2))
    client, costs = world.client("officer"), []
    for number in range(1, 5):
        form = sent("meet", number, meeting_place=f"ที่ {number}")
        assert client.post(url(founded, "meet"), form | SUBMIT).status_code == 302
        if number in (1, 4):
            costs.append([cost(world, "officer", place) for place in places])
    assert costs[0] == costs[1]


def test_a_lapsed_session_loses_nothing(world: World, founded: Any) -> None:
    client = world.client("officer")
    mark = client.get(url(founded, "meet")).context["mark"]
    gone = world.client("anonymous")
    form = sent("meet", meeting_place="พิมพ์ไว้แล้ว") | {"mark": mark}
    answer = gone.post(url(founded, "meet"), form | CHECK)
    page = gone.post(answer.url, {"username": "officer", "password": "officer"}, follow=True)
    for text in ("พิมพ์ไว้แล้ว", "พิมพ์ตัวเลขผิด"):
        assert text in page.content.decode()


def test_no_entry_breaks_the_pages(world: World, founded: Any) -> None:
    """Whatever is sent is answered by a page in the visitor's language, never by a fault."""
    client, steps = world.client("officer", language="lo"), ("meet", "elect", "draft_rules")
    names = st.sampled_from(sorted({name for step in steps for name in sent(step)}))
    buttons = st.sampled_from(["check", "submit", "edit", "more", "paste", "other"])

    @settings(max_examples=settings.default.max_examples // 4)
    @given(st.sampled_from(steps), st.dictionaries(names, nasty, max_size=4), buttons)
    def send(step: str, typed_anew: dict[str, str], button: str) -> None:
        data = body(sent(step) | typed_anew | {button: "1"})
        with undone():
            answer = client.post(url(founded, step), data, content_type=URLENCODED)
            told(answer, "lo", 200, 302, 409, 422)

    send()


def test_the_languages_word_the_old_values_anew(world: World, founded: Any) -> None:
    client = world.client("officer")
    form = sent("meet", meeting_place="ที่ใหม่")
    assert client.post(url(founded, "meet"), form | SUBMIT).status_code == 302
    for language in ("th", "lo", "en"):
        page = world.client("chief", language=language).get(url(founded, "meet", "version", 2))
        is_well_made(page, language)
        with translation.override(language):
            label = str(type(founded)._meta.get_field("meeting_place").verbose_name)
        assert label in page.text
