"""No page and no e-mail has a word that its reader would not read (DESIGN 7).

A text that has no Lao falls back to Thai, the working language, and one without either to
English: so pages are searched for letters of another language.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from cases import clock
from cases.models import Document, Extension, Party, User
from notifications.choices import ALONE, TEMPLATES
from notifications.models import Message
from notifications.wording import worded
from tests.cast import STAGE_1, STAGE_2, STAGE_3, Cast, do, entries, item_of, open_founding
from tests.contract.world import OFFICE_NAME, World, undone

LANGUAGES = ("th", "lo")
WHY = "เหตุ"

# What stands in Latin letters on pages of every language.
LATIN = {"Sajja", "LINE", "AGPL", "JPEG", "Word", "Excel", "HEIC", "iPhone", "OTOP", "example"}
FOREIGN = {  # English words, and the other script
    "th": re.compile(r"[A-Za-z]{4,}|[\u0e80-\u0eff]+"),
    "lo": re.compile(r"[A-Za-z]{4,}|[\u0e00-\u0e7f]+"),
}


class Visible(HTMLParser):
    """What people see or hear of a page, without what is marked as of another language."""

    HIDDEN = frozenset({"script", "style", "template"})
    SPOKEN = frozenset({"aria-label", "alt", "title", "placeholder"})
    VOID = frozenset({"meta", "link", "input", "img", "br", "hr"})

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs).get("lang") or self.language
        seen = self._seen() and tag not in self.HIDDEN and own == self.language
        if tag not in self.VOID:
            self.open.append((tag, seen))
        if seen:
            self.texts += [value for name, value in attrs if name in self.SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._seen() and data.strip():
            self.texts.append(data.strip())

    def _seen(self) -> bool:
        return all(seen for _tag, seen in self.open)


def left_over(text: str, language: str, typed: set[str]) -> list[str]:
    """The words of `text` that readers of `language` would not read; `typed` is people's own."""
    for own in sorted(typed, key=len, reverse=True):
        text = text.replace(own, " ")
    return [word for word in FOREIGN[language].findall(text) if word not in LATIN]


def written() -> set[str]:
    """What people have written themselves: names, reasons, entries, file names."""
    steps = (*STAGE_1, *STAGE_2, *STAGE_3)
    given = [entries(step) for step in steps]
    lines = [line for fields in given for line in fields.pop("lines", [])]
    typed = {str(value) for fields in (*given, *lines) for value in fields.values()}
    people = {str(name) for user in User.objects.all() for name in (user.name, user.username)}
    files = set(Document.objects.values_list("name", flat=True))
    letter = {"A letter", "Text.", "a@example.org", "b@example.org"}
    groups = set(Party.objects.values_list("name", flat=True))
    asked = {word for words in Extension.objects.values_list("reason", "answer") for word in words}
    own = typed | people | files | groups | asked | letter | {WHY, "แก้แล้ว", OFFICE_NAME}
    return {text for text in own if text and not text.isdigit()}


def thai_of(sent: dict[str, Any]) -> set[str]:
    """What the visitor has just typed, where it is in Thai."""
    return {value for value in map(str, sent.values()) if re.search(r"[\u0e00-\u0e7f]", value)}


def visits(world: World) -> Iterator[tuple[str, str, str, dict[str, Any] | None]]:
    """Who goes to which place, by name and address, and what they send there, if anything."""
    for place, url in world.urls.items():
        if place in {"login", "logout", "set_language", "document", "thumbnail"}:
            continue  # which change the language or the visitor, or are the file itself
        if place == "set-password link":
            continue  # which speaks the language of the account that it is for
        for who in ("officer", "chief"):
            yield who, place, url, None
            yield who, f"{place} sent", url, world.sent[place]
            yield who, f"{place} sent empty", url, {"submit": "1"}
    for tab in ("mine", "today", "overdue", "unclaimed"):
        yield "outsider", f"work {tab}", f"/work/?tab={tab}", None
    yield "outsider", "no case found", "/cases/?q=zzz&show=all", None
    yield "outsider", "no such page", "/nowhere/", None
    yield "anonymous", "sign in to go on", f"/accounts/login/?next={world.urls['case']}", None
    yield "anonymous", "sign in, wrong", "/accounts/login/", {"username": "x", "password": "y"}
    yield "anonymous", "sign in, empty", "/accounts/login/", {"username": ""}


def leftovers(
    world: World, language: str, who: str, url: str, sent: dict[str, Any] | None
) -> list[str] | None:
    """The foreign words on the page that `who` sees at the end; None where it is no page.

    The database stays as it was.
    """
    client = world.client(who)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if sent and "language" in sent:
        sent = sent | {"language": language}
    with undone():
        get = sent is None
        response = client.get(url, follow=True) if get else client.post(url, sent, follow=True)
        typed = written() | thai_of(sent or {})
    if not response["Content-Type"].startswith("text/html"):
        response.getvalue()  # read to its end: only then the test client closes the file
        return None
    page = Visible(language)
    page.feed(response.content.decode())
    assert f'<html lang="{language}">' in response.content.decode(), url
    assert not page.open, page.open
    return left_over("\n".join(page.texts), language, typed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_word_of_another_language(world: World, language: str) -> None:
    found: dict[str, list[tuple[str, str]]] = {}
    pages = 0
    for who, place, url, sent in visits(world):
        words = leftovers(world, language, who, url, sent)
        pages += words is not None
        for word in words or ():
            found.setdefault(word, []).append((who, place))
    assert pages > 150
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_step_of_a_case_has_a_word_of_another_language(world: World, language: str) -> None:
    """Each step's page, empty and refused; the case returned, late, and at its end."""
    found: dict[str, list[str]] = {}

    def look(name: str, who: str, url: str, sent: dict[str, Any] | None = None) -> None:
        for word in leftovers(world, language, who, url, sent) or ():
            found.setdefault(word, []).append(name)

    cast = world.cast
    case = open_founding(cast, area=cast.second_village)
    for step in (*STAGE_1, "verify_preparation", *STAGE_2, "verify_founding", *STAGE_3):
        who = "chief" if step.startswith("verify") else "officer"
        url = reverse("step", args=[case.number, item_of(case, step).pk])
        look(step, who, url)
        look(f"{step} refused", who, url, {"submit": "1", "outcome": "RETURNED"})
        if step == "verify_preparation":
            case = _returned(cast, case, look)
        case = do(case, step, by=getattr(cast, who))
    for who in ("officer", "chief"):
        look("founded", who, reverse("case", args=[case.number]))
    assert case.closed_at
    assert found == {}


def _returned(cast: Cast, case: Any, look: Callable[..., None]) -> Any:
    """Return the case, look at it, now and when it is late, and mend it."""
    verdict = {"outcome": "RETURNED", "to": "gather", "reason": WHY, "defects": [WHY]}
    case = do(case, "verify_preparation", by=cast.chief, **verdict)
    step = reverse("step", args=[case.number, item_of(case, "gather").pk])
    places = (step, reverse("case", args=[case.number]), "/work/?tab=overdue", "/areas/TH4203/")
    for days in (0, 7, 40):
        with clock.travel(clock.now() + timedelta(days=days)):
            for url in places:
                look(f"returned {url}, day {days}", "officer", url)
    look("returned, refused", "officer", step, {"submit": "1"})
    return do(case, "gather", by=cast.officer)


def test_the_search_for_foreign_words_finds_them() -> None:
    page = Visible("lo")
    page.feed(
        '<html lang="lo"><p>ຄົບ <b>Overdue</b><script>alert</script>'
        '<i lang="th">สัจจะ</i><img alt="ภาพ"><input placeholder="Write"> SGF-42 Nam</p>'
    )
    words = "\n".join(page.texts)
    assert left_over(words, "lo", set()) == ["Overdue", "ภาพ", "Write"]
    assert left_over(words, "lo", {"ภาพ"}) == ["Overdue", "Write"]
    assert left_over("ครบ ຄົບ Sajja", "th", set()) == ["ຄົບ"]


FACTS = {
    "case": "SGF-42-2570-0001",
    "title": {"th": "กลุ่มออมทรัพย์บ้านนาซ่าว", "lo": "ກຸ່ມທ້ອນເງິນ"},
    "step": {"th": "ศึกษาข้อมูลหมู่บ้าน", "lo": "ສຶກສາຂໍ້ມູນບ້ານ"},
    "area": {"th": "เชียงคาน", "lo": "ຊຽງຄານ"},
    "due_on": "2026-11-23",
    "late_days": 3,
    "url": "/cases/SGF-42-2570-0001/",
}
VARIANTS = [
    {"days_left": 0},
    {"days_left": 2, "who": "7", "reason": "7", "passed_up": True},
    {"days_left": -2, "who": "7"},
]


@pytest.mark.parametrize("facts", VARIANTS, ids=str)
@pytest.mark.parametrize("kind", sorted(TEMPLATES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_email_has_a_word_of_another_language(
    language: str, kind: str, facts: dict[str, Any]
) -> None:
    to = User(name="7", username="8", email="9", language=language)
    words = worded(Message(to=to, template=kind, context=FACTS | facts))
    page = Visible(language)
    page.feed(words.html)
    about_a_case = kind not in ALONE
    assert words.subject.startswith("SGF-42-2570-0001: ") == about_a_case
    link = re.compile(re.escape(settings.BASE_URL) + r"\S*")
    for text in (words.subject, words.text, "\n".join(page.texts)):
        assert left_over(link.sub(" ", text), language, set()) == []
