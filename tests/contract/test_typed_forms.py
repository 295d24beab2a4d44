"""What people really type, through the real page: eras, digits, names, choices (handbook 7.2)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from cases.models import Case
from tests.cast import bring_to, fresh, item_of, open_founding, prove
from tests.contract.answers import is_well_made
from tests.contract.world import World, everything

STUDY, ANALYSE, RULES = "study", "analyse", "draft_rules"


@pytest.fixture(scope="module")
def _cases(_built: World, django_db_blocker: Any) -> dict[str, Case]:
    """A case at each of the steps, with its evidence, so that entries alone decide."""
    found, cast = {}, _built.cast
    with django_db_blocker.unblock():
        for step in (STUDY, ANALYSE, RULES):
            found[step] = bring_to(open_founding(cast), step, cast)
            prove(found[step], step, cast.officer)
    return found


Send = Callable[..., Any]


@pytest.fixture
def send(world: World, _cases: dict[str, Case]) -> Send:
    """Sends a step's whole form with some entries typed so; returns the answer and the case."""

    def sending(step: str, **typed: str) -> Any:
        case = _cases[step]
        url = f"/cases/{case.number}/steps/{item_of(case).pk}/"
        response = world.client("officer", language="en").post(url, everything(case, step) | typed)
        return response, fresh(case)

    return sending


@pytest.mark.parametrize(
    ("step", "field", "typed", "kept"),
    [
        (STUDY, "study_year", "2568", 2025),
        (STUDY, "study_year", "2025", 2025),
        (STUDY, "study_year", "พ.ศ. ๒๕๖๘", 2025),
        (STUDY, "study_year", "ປີ ໒໐໒໕"[3:], 2025),
        (ANALYSE, "analysed_on", "23/11/2568", date(2025, 11, 23)),
        (ANALYSE, "analysed_on", "๒๓ พ.ย. ๒๕๖๘", date(2025, 11, 23)),
        (ANALYSE, "analysed_on", "2025-11-23", date(2025, 11, 23)),
        (ANALYSE, "analysed_on", "23 Nov 2025", date(2025, 11, 23)),
        (ANALYSE, "analysis_participants", "๑,๒๓๔", 1234),
        (RULES, "group_name", "กลุ่ม\u200bออม\u200dทรัพย์ \ufeff บ้านใหม่", "กลุ่มออมทรัพย์ บ้านใหม่"),
        (RULES, "group_name", "กลุ่ม ๑ (หมู่ที่ 9)", "กลุ่ม ๑ (หมู่ที่ 9)"),
        (RULES, "interest_rate", "12.5", 12.5),
    ],
)
def test_what_is_typed_is_understood(
    send: Send, step: str, field: str, typed: str, kept: Any
) -> None:
    response, case = send(step, **{field: typed})
    assert response.status_code == 302
    assert getattr(case, field) == kept


@pytest.mark.parametrize(
    ("step", "field", "typed", "words"),
    [
        (RULES, "group_name", "กลุ่ม 🐘", "A name is written without emoji."),
        (RULES, "group_name", "\u200b\u200b", "This field is required."),
        (RULES, "group_name", "---", "at least one letter"),
        (RULES, "deposit_day", "32", "1 to 31"),
        (RULES, "interest_rate", "16", "allows 15 % a year"),
        (RULES, "loan_fees", "3.01", "That is 15.01 % a year"),
        (RULES, "interest_period", "WEEK", "Select a valid choice"),
        (RULES, "only_members_borrow", "False", "lend to its members only"),
        (RULES, "minimum_deposit", "-5", "greater than or equal to 0"),
        (STUDY, "study_year", "2468250", "is not known"),
        (ANALYSE, "analysed_on", "31/02/2568", "has 28 days"),
        (ANALYSE, "analysed_on", "23/11/2599", "is in the future"),
        (ANALYSE, "analysis_participants", "หลายคน", "is not a whole number"),
        (ANALYSE, "analysis_participants", "99999999999", "less than or equal to"),
    ],
)
def test_what_is_wrong_is_told_beside_what_was_typed(
    send: Send, step: str, field: str, typed: str, words: str
) -> None:
    response, case = send(step, **{field: typed})
    assert response.status_code == 422
    is_well_made(response, "en")
    with translation.override("en"):
        assert words in response.content.decode()
    assert typed.strip("\u200b") in response.content.decode()
    assert item_of(case).step == step
    assert item_of(case).draft[field] == [typed.strip("\u200b")]


def test_an_ambiguous_year_is_asked_back_and_the_answer_taken(send: Send) -> None:
    response, case = send(STUDY, study_year="68")
    assert response.status_code == 422
    page = response.content.decode()
    assert 'name="study_year-meant" value="2025"' in page
    answer = {"study_year": "68", "study_year-asked": "68", "study_year-meant": "2025"}
    response, case = send(STUDY, **answer)
    assert response.status_code == 302
    assert case.study_year == 2025


@pytest.mark.parametrize("meant", ["1", "99999", "abc", "\x00", "9" * 5000, "-1"])
def test_an_answer_that_was_not_offered_is_not_taken(send: Send, meant: str) -> None:
    answer = {"study_year": "68", "study_year-asked": "68", "study_year-meant": meant}
    response, _case = send(STUDY, **answer)
    assert response.status_code == 422
