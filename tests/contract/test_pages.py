"""What every page costs in queries; pages of errors are as safe and well made as all others."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import clock
from cases.models import Case, WorkItem
from tests.cast import A_PDF, Cast, bring_to, do, item_of, open_founding
from tests.contract.answers import is_safe, is_well_made
from tests.contract.test_url_matrix import ROWS, WHO
from tests.contract.world import World, undone
from workflows import actions
from workflows.views import work as work_views

LANGUAGES = ("th", "lo", "en")

NINE = 9  # statements of a page; session, person, posts and the bell included
# and of the pages that gather more
MOST = {"case": 17, "area": 18, "group": 13, "step": 13, "deadline": 13}
MOST |= {"operator": 13, "office-calendar": 10}
LOOKING = ("anonymous", "officer", "chief", "province", "admin")
PAGES = [
    (who, place)
    for (method, place), codes in ROWS.items()
    for who, code in zip(WHO, codes, strict=True)
    if method == "GET" and code == "ok" and who in LOOKING
]


def cost(world: World, who: str, url: str) -> int:
    """How many statements a later visit takes; the first warms what a process keeps.

    The lower of two: what is kept is read anew every minute, and that may fall into one.
    """
    client = world.client(who)
    b"".join(client.get(url))
    return min(_statements(client, url) for _ in range(2))


def _statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, url
    b"".join(response)  # a file is closed once it is read
    return len(queries)


@pytest.mark.parametrize(("who", "place"), PAGES)
def test_a_page_costs_few_queries(world: World, who: str, place: str) -> None:
    assert cost(world, who, world.urls[place]) <= MOST.get(place.split()[0], NINE)


def test_lists_cost_the_same_however_long(world: World) -> None:
    """1, 25 and 60 rows: within a page, a whole page, several pages."""
    cast = world.cast
    mine = WorkItem.objects.filter(owner=cast.officer, closed_at=None)
    mine.update(owner=cast.colleague)
    today = clock.today()
    tabs: dict[str, dict[str, Any]] = {  # how each list is filled with the person's own work
        "mine": {},
        "unclaimed": {"owner": None},
        "today": {"due_on": today},
        "overdue": {"due_on": today - timedelta(days=30)},
    }
    urls = [f"/areas/{code}/" for code in ("TH42030101", "TH4203", "TH42")]
    urls += ["/cases/", "/cases/?q=TH&show=all&area=TH42", "/cases/new/", "/demo/mail/"]
    costs: dict[int, dict[str, int]] = {}
    for length in (1, 25, 60):
        while mine.count() < length:
            open_founding(cast, area=(cast.village, cast.second_village)[mine.count() % 2])
        costs[length] = {url: cost(world, "officer", url) for url in urls}
        for tab, changes in tabs.items():
            with undone():
                mine.update(**changes)
                costs[length][tab] = cost(world, "officer", f"/work/?tab={tab}")
    assert costs[1] == costs[25] == costs[60]
    assert max(costs[60][tab] for tab in tabs) <= NINE


def returned_often(case: Case, cast: Cast, times: int) -> Any:
    """Sent back to its first step with defects, mended and handed in again, over and over."""
    for number in range(times):
        defects = [f"ข้อบกพร่อง {line}" for line in range(number + 1)]
        back = {"outcome": "RETURNED", "to": "study", "reason": "เหตุ", "defects": defects}
        case = do(case, "verify_preparation", by=cast.chief, **back)
        case = do(case, "study", by=cast.officer)
    return case


def more_papers(case: Case, step: str, cast: Cast, number: int) -> None:
    for each in range(number):
        paper = SimpleUploadedFile(f"{each}.pdf", A_PDF + bytes([each]))
        actions.attach(item_of(case, step).pk, paper, code="minutes", by=cast.officer)


def test_pages_of_a_case_cost_the_same_however_long_its_history(world: World) -> None:
    cast = world.cast
    young, old = (bring_to(open_founding(cast), "analyse", cast) for _ in range(2))
    more_papers(young, "analyse", cast, 1)
    more_papers(old, "analyse", cast, 8)
    assert step_cost(world, "officer", young) == step_cost(world, "officer", old)
    rest = ("analyse", "present", "ask_leaders", "train", "gather")
    for name in rest:
        young, old = do(young, name, by=cast.officer), do(old, name, by=cast.officer)
    young, old = returned_often(young, cast, 1), returned_often(old, cast, 4)
    assert step_cost(world, "chief", young) == step_cost(world, "chief", old) <= MOST["step"]
    case_costs = [cost(world, "chief", reverse("case", args=[c.number])) for c in (young, old)]
    assert case_costs[0] == case_costs[1] <= MOST["case"]
    assert old.events.count() > young.events.count() + 10


def step_cost(world: World, who: str, case: Case) -> int:
    return cost(world, who, reverse("step", args=[case.number, item_of(case).pk]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_errors_are_safe_and_well_made(
    world: World, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a view breaks")

    monkeypatch.setattr(work_views.page, "items", broken)
    client = world.client("officer", language=language)
    strict = world.client("officer", language=language, enforce_csrf_checks=True)
    client.raise_request_exception = False
    answers = {
        404: client.get("/no-such-page/"),
        400: client.post("/language/", "x", content_type="multipart/form-data"),
        413: client.post("/language/", {"language": "x" * 6_000_000}),
        403: strict.post("/language/", {"language": "th"}),
        500: client.get("/work/"),
    }
    for status, response in answers.items():
        assert response.status_code == status
        is_safe(response)
        is_well_made(response, language)


def test_a_page_given_out_by_another_name_is_told_in_words(world: World) -> None:
    """An address that the server does not answer to is refused before anybody is known."""
    response = Client().get("/work/", headers={"host": "evil.example"})
    assert response.status_code == 400
    is_well_made(response, "th")
