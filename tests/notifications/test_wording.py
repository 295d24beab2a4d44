"""Messages in words: the receiver's language, safe, with everything one needs to act."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cases.models import User
from notifications import links, wording
from notifications.choices import ALONE, TEMPLATES
from notifications.links import PERSONAL
from notifications.models import Message
from notifications.wording import worded
from tests.cases.running import at

CONTEXT = {
    "case": "SGF-42-2570-0001",
    "title": {"th": "กลุ่มออมทรัพย์บ้านนาซ่าว", "en": "Ban Na Sao"},
    "step": {"th": "ศึกษาข้อมูลหมู่บ้าน", "lo": "ສຶກສາຂໍ້ມູນບ້ານ", "en": "Study village data"},
    "area": {"th": "เชียงคาน", "lo": "ຊຽງຄານ", "en": "Chiang Khan"},
    "due_on": "2026-11-23",
    "days_left": -3,
    "late_days": 3,
    "who": "Somchai",
    "reason": "The minutes are missing.",
    "url": "/cases/SGF-42-2570-0001/",
}


def message(template: str, language: str = "en", **context: Any) -> Message:
    to = User(name="Somsri", username="somsri", email="somsri@example.org", language=language)
    return Message(
        to=to,
        template=template,
        context={**CONTEXT, **context},
        key="k",
        queued_at=at("2026-11-26"),
    )


@pytest.mark.parametrize("template", sorted(TEMPLATES - ALONE))
@pytest.mark.parametrize("language", ["th", "lo", "en"])
def test_every_template_says_which_case_and_where_in_every_language(
    template: str, language: str
) -> None:
    words = worded(message(template, language))
    assert words.language == language
    assert words.subject.startswith("SGF-42-2570-0001: ")
    assert "\n" not in words.subject
    for body in (words.text, words.html):
        assert CONTEXT["area"][language] in body
        assert CONTEXT["step"][language] in body
        assert "http://localhost:8000/cases/SGF-42-2570-0001/" in body
        assert "The minutes are missing." in body
        assert "{" not in body.replace("{color", "")
    assert f'<html lang="{language}">' in words.html


@pytest.mark.django_db
@pytest.mark.parametrize("template", sorted(PERSONAL))
@pytest.mark.parametrize("language", ["th", "lo", "en"])
def test_a_personal_message_carries_a_link_that_works(template: str, language: str) -> None:
    sent = message(template, language)
    sent.to.save()
    sent.context = {"who": "Malee"}
    words = worded(sent)
    assert words.language == language
    for body in (words.text, words.html):
        secret = re.search(r"http://localhost:8000/accounts/set-password/\?link=([\w.-]+)", body)
        assert secret is not None
        assert links.receiver(secret[1]) == sent.to
        assert "somsri" in body, "the name to sign in with"
        assert f" {links.DAYS} " in body
        assert "SGF" not in body
    assert ("Malee" in words.text) == (template == "invited")
    assert "link" not in sent.context, "the link stands nowhere but in the message"


def test_there_is_a_template_for_each_name_and_no_other() -> None:
    folder = Path(settings.BASE_DIR) / "notifications/templates/notifications"
    subjects = {path.name.removesuffix(".subject.txt") for path in folder.glob("*.subject.txt")}
    texts = {path.stem for path in folder.glob("*.txt") if ".subject" not in path.name}
    assert subjects == texts - {"layout", "acts"} == TEMPLATES


@pytest.mark.parametrize(
    ("template", "context", "subject"),
    [
        ("overdue", {"late_days": 1}, "SGF-42-2570-0001: 1 working day late – Study village data"),
        ("overdue", {}, "SGF-42-2570-0001: 3 working days late – Study village data"),
        (
            "escalated",
            {},
            "SGF-42-2570-0001: please see to it, 3 working days late – Study village data",
        ),
        ("reminder", {}, "SGF-42-2570-0001: due on 23 November 2026 – Study village data"),
        ("due_today", {"days_left": 0}, "SGF-42-2570-0001: due today – Study village data"),
        (
            "due_today",
            {"days_left": 2},
            "SGF-42-2570-0001: due on 23 November 2026 – Study village data",
        ),
    ],
)
def test_the_subject_says_which_case_which_step_how_late(
    template: str, context: dict[str, Any], subject: str
) -> None:
    assert worded(message(template, **context)).subject == subject


def test_escalation_names_in_whose_hands_the_work_is() -> None:
    assert "with Somchai" in worded(message("escalated")).text
    assert "Nobody has claimed the work yet" in worded(message("escalated", who="")).text


def test_a_message_that_was_passed_upwards_says_so() -> None:
    passed_up = "nobody below you in the line could be told"
    assert passed_up in worded(message("escalated", passed_up=True)).text
    assert passed_up not in worded(message("escalated", passed_up=False)).text


def test_a_missing_language_is_read_in_thai() -> None:
    assert CONTEXT["title"]["th"] in worded(message("overdue", "lo")).text


def test_html_of_a_name_stays_text() -> None:
    name = "<script>alert(1)</script> & sons"
    words = worded(message("returned", title={"en": name}, who=name, reason=name))
    assert "<script>" not in words.html
    assert name in words.text
    assert _texts(words.html).count(name) >= 2


@pytest.mark.parametrize(
    ("language", "expected"), [("th", "23 พฤศจิกายน 2569"), ("en", "23 November 2026")]
)
def test_dates_are_in_the_readers_era(language: str, expected: str) -> None:
    assert wording.long_date(date(2026, 11, 23), language) == expected
    assert expected in worded(message("overdue", language)).text


def _texts(html: str) -> str:
    pieces: list[str] = []
    parser = HTMLParser()
    parser.handle_data = pieces.append  # type: ignore[method-assign]
    parser.feed(html)
    return "".join(pieces)
