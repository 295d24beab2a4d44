"""Whatever somebody sends: a page in their language, nothing lost, never a 500 (DESIGN 7)."""

from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.models import Case, WorkItem
from cases.text import clean
from tests.cast import STAGE_1, STAGE_2, STAGE_3, bring_to, do, item_of, open_founding
from tests.contract.answers import is_safe, is_well_made
from tests.contract.world import World, undone

URLENCODED = "application/x-www-form-urlencoded"
BUTTONS = ["submit", "save", "upload", "more", "paste"]
STEPS = [*STAGE_1, "verify_preparation", *STAGE_2, "verify_founding", *STAGE_3]

# What breaks programs, one for each reason that somebody's program once broke.
UNSTORABLE = ["\x00", "a\x00b", "\ud800"]
EXTREMES = [
    *UNSTORABLE,
    *("\u200b", "\u202e", "\ufeff", "\ue000", "\r\nSet-Cookie: a=b"),
    *("-1", "0", "32768", "2147483648", "9223372036854775808", "9" * 41, "9" * 5000, "1e999"),
    *("NaN", "Infinity", "1,23,4", "๙๙๙", "²", "٣", "0x10", "1.005", "-0", "True", "None", "null"),
    *("31/02/2568", "99/99/9999", "00/00/0000", "29/02/2567", "1/1/68", "2568", "68", "0000"),
    *("<script>alert(1)</script>", "' OR 1=1 --", "%s%n", "{{ 7 }}", "{% now %}", "../../etc"),
    *("ก" * 201, "ก" * 6000, "👩‍👩‍👧", "e\u0301" * 300, " ", "\n\n", "\\", "%", "_", "[]", "*"),
]
nasty = st.sampled_from(EXTREMES) | st.text(st.characters(exclude_categories=()), max_size=40)


def body(fields: dict[str, str]) -> bytes:
    """As a form is sent, but also what no browser would send: halves of pairs, for example."""
    return urlencode(fields, errors="surrogatepass").encode()


def told(response: Any, language: str, *statuses: int) -> None:
    """An answer that is one of `statuses`, and a page of ours if it is a page at all."""
    assert response.status_code in statuses
    if response.status_code not in (301, 302):
        is_safe(response)
        is_well_made(response, language)


def address(item: WorkItem) -> str:
    return f"/cases/{item.process.number}/steps/{item.pk}/"


def names(item: WorkItem) -> list[str]:
    """The names under which a form of the step sends something."""
    checks = ["tick-minutes", "upload", "mended-1", "note-1", "mended-" + "9" * 5000, "mark"]
    decision = ["outcome", "reason", "return_to", "defect-0", "defect-49", "defect-x\x00"]
    fields = [*(item.flow_task.fields or decision), *cells(item)]
    return [*fields, *(f"{name}-{more}" for name in fields for more in ("meant", "asked")), *checks]


def cells(item: WorkItem) -> list[str]:
    """Some cells of the step's table, and what else is sent with it."""
    rows = item.flow_task.rows
    if rows is None:
        return []
    named = [f"rows-{n}-{column.name}" for n in (0, 1, 999) for column in rows.columns]
    odd = ["rows-0-number", "rows-0-DELETE", "rows-1000-name", "rows-INITIAL_FORMS"]
    return [*named, *odd, "rows-TOTAL_FORMS", "rows-pasted", "more", "paste"]


def test_no_form_breaks_whatever_is_typed(world: World) -> None:
    """Through the whole procedure: each step's form is abused, then done."""
    examples = settings(max_examples=settings.default.max_examples // len(STEPS))
    case = open_founding(world.cast)
    for step in STEPS:
        who = "chief" if step.startswith("verify") else "officer"
        item = item_of(case, step)
        abuse(world, item, who, examples)
        case = do(case, step, by=getattr(world.cast, who))


def abuse(world: World, item: WorkItem, who: str, examples: settings) -> None:
    client = world.client(who, language="lo")

    @examples
    @given(st.dictionaries(st.sampled_from(names(item)) | nasty, nasty), st.sampled_from(BUTTONS))
    def send(fields: dict[str, str], button: str) -> None:
        data = body(fields | {button: "1"})
        with undone():
            told(client.post(address(item), data, content_type=URLENCODED), "lo", 302, 422)

    send()


@pytest.mark.full
def test_a_refused_form_is_shown_again_and_kept(world: World, pytestconfig: pytest.Config) -> None:
    """Each extreme as text, name and year; in the full run also as date, number, choice, money."""
    client, cast = world.client("officer"), world.cast
    forms = ["study", *(["train", "draft_rules"] if pytestconfig.getoption("full") else [])]
    items = [item_of(bring_to(open_founding(cast), step, cast)) for step in forms]
    for extreme, item in product(EXTREMES, items):
        sent = dict.fromkeys(item.flow_task.fields, extreme)
        with undone():
            data = body(sent | {"submit": "1"})
            told(client.post(address(item), data, content_type=URLENCODED), "th", 422)
            item.refresh_from_db(fields=["draft"])
            as_received = extreme.encode(errors="surrogatepass").decode(errors="replace")
            assert item.draft == {name: [clean(as_received)] for name in sent}


# Every parameter that a page reads from its address.
PAGES = {
    "/work/": ["tab", "page"],
    "/cases/": ["q", "show", "area", "procedure", "page"],
    "/cases/new/": ["procedure", "tambon", "village"],
    "/accounts/login/": ["next"],
    "/demo/mail/": ["to", "page"],
}


@pytest.mark.parametrize("page", PAGES)
def test_characters_that_no_database_takes_break_no_page(world: World, page: str) -> None:
    for extreme, name in product(UNSTORABLE, PAGES[page]):
        query = urlencode({name: extreme}, errors="surrogatepass")
        response = world.client("officer", language="en").get(f"{page}?{query}")
        told(response, "en", 302 if page == "/accounts/login/" else 200)


def test_no_parameter_breaks_a_page(world: World) -> None:
    @given(st.sampled_from(sorted(PAGES)), st.data())
    def ask(page: str, data: st.DataObject) -> None:
        wanted = st.dictionaries(st.sampled_from(PAGES[page]) | nasty, nasty)
        query = urlencode(data.draw(wanted), errors="surrogatepass")
        who = data.draw(st.sampled_from(["officer", "province"]))
        with undone():
            response = world.client(who, language="en").get(f"{page}?{query}")
            told(response, "en", 200, *([302] if page == "/accounts/login/" else [404]))

    ask()


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "abc", "999999", "9" * 5000, ""])
@pytest.mark.parametrize("url", ["/work/?tab=unclaimed&", "/cases/?show=all&", "/demo/mail/?"])
def test_a_page_that_is_none_shows_another(world: World, url: str, page: str) -> None:
    told(world.client("officer").get(f"{url}page={page}"), "th", 200)


def test_no_path_breaks(world: World) -> None:
    number = world.urls["case"].split("/")[2]
    places = ["", "areas/", "cases/", "demo/mail/", f"cases/{number}/steps/"]
    places += [f"cases/{number}/documents/", f"cases/{number}/end/", f"{number}/", "static/"]

    parts = nasty | st.integers(min_value=0).map(str)

    @given(st.sampled_from(places), parts, st.sampled_from(ENDS))
    def walk(place: str, part: str, end: str) -> None:
        path = quote(part.encode(errors="surrogatepass"), safe="")
        with undone():
            told(world.client("officer").get(f"/{place}{path}{end}"), "th", 200, 301, 302, 404)

    walk()


ENDS = ["/", "", "/claim/", "/thumb/", "/documents/1/remove/", "//", "/?x"]
NO_SUCH = [
    "/cases/SGF-42-2569-9999/",
    "/cases/sgf-42-2570-0001/",
    "/cases/XXX-00-0000-0000/steps/1/",
    "/areas/TH99/",
    "/areas/TH4203010199/",
    "/areas/LA01/",
    "/areas/TH420/",
    "/areas/th42/",
    "/areas/TH42030101010101/",
    "/cases/{number}/end/unknown/",
    "/cases/{number}/steps/0/",
    "/cases/{number}/steps/9223372036854775807/",
    "/cases/{number}/steps/9223372036854775808/",
    "/cases/{number}/steps/-1/",
    "/cases/{number}/steps/{other}/",
    "/cases/{number}/steps/{other}/claim/",
    "/cases/{number}/documents/99999999999999999999/thumb/",
    "/demo/mail/..%2F..%2Fetc%2Fpasswd/",
]


@pytest.mark.parametrize("path", NO_SUCH)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_does_not_exist_is_not_found(world: World, path: str, method: str) -> None:
    number = world.urls["case"].split("/")[2]
    other = world.urls["step unclaimed"].split("/")[4]
    url = path.format(number=number, other=other)
    statuses = (404,) if method == "get" else (404, 405)
    for who in ("officer", "chief"):
        told(getattr(world.client(who, language="lo"), method)(url), "lo", *statuses)


@pytest.mark.parametrize(
    "query",
    ["?village=TH42090101", "?village=TH99999999", "?tambon=TH420301&village=x", "?procedure=NONE"],
)
def test_a_case_is_opened_nowhere_else(world: World, query: str) -> None:
    client = world.client("officer")
    told(client.get(f"/cases/new/{query}"), "th", 200)
    told(client.post(f"/cases/new/{query}", {"trigger": "NO_CAPITAL"}), "th", 422)
    outside = Case.objects.filter(area=world.cast.outside_village)
    assert not outside.filter(procedure="SGF").exists()


MULTIPART = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="f"'
MUCH = b"x" * 5_300_000
BROKEN = {
    "no boundary": ("multipart/form-data", PART, 400),
    "a boundary of other letters": ("multipart/form-data; boundary=\u0e01", PART, 400),
    "another encoding": (f"{URLENCODED}; charset=utf-16", b"submit=1", 400),
    "bytes of Windows-874": (URLENCODED, b"submit=1&study_source=\xa1\xc3\xd0", 422),
    "too many fields": (URLENCODED, b"a=1&" * 5001, 400),
    "too many files": (MULTIPART, (PART + b'; filename="f"\r\n\r\n1\r\n') * 101 + b"--x--", 400),
    "too much text": (URLENCODED, b"submit=1&study_findings=" + MUCH, 413),
    "too much text in a part": (MULTIPART, PART + b"\r\n\r\n" + MUCH + b"\r\n--x--", 413),
    # What holds no field of ours holds no token either.
    "cut off": (MULTIPART, PART[:-3], 403),
    "no parts": (MULTIPART, b"\x00\xff" * 99, 403),
    "JSON": ("application/json", b'{"submit": 1}', 403),
    "nothing": (URLENCODED, b"", 403),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_request_is_told_in_words(world: World, what: str) -> None:
    content_type, content, status = BROKEN[what]
    client = world.client("officer", language="en", enforce_csrf_checks=status == 403)
    client.get(world.urls["step"])
    told(client.post(world.urls["step"], content, content_type=content_type), "en", status)


@pytest.mark.parametrize("header", ["accept-language", "cookie", "hx-current-url", "referer"])
def test_no_header_breaks_a_page(world: World, header: str) -> None:
    cookies = "sessionid=x; messages=y; django_language=zz; csrftoken=*"
    for extreme in ("\xff" * 9, "a" * 9000, cookies, ";;==", "//x", "http://[::1"):
        response = Client().get("/accounts/login/", headers={header: extreme})
        assert response.status_code == 200
        part = Client().get("/work/", headers={header: extreme, "hx-request": "true"})
        assert part["HX-Redirect"].startswith("/accounts/login/?next=/")
