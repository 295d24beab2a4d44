"""A message in words: subject, text and HTML in the receiver's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from notifications import act_links, choices, links
from notifications.models import Message

_BUDDHIST_ERA = 543  # BE = CE + 543; Lao and English dates stand in CE (handbook 3.4)

_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class Matter:
    """One matter as its receiver reads it; `subject` is a single line."""

    subject: str
    text: str
    html: SafeString


@dataclass(frozen=True)
class Wording:
    """One e-mail as its receiver reads it, about `matters`; `subject` is a single line."""

    language: str
    subject: str
    text: str
    html: str
    matters: tuple[Matter, ...]


def worded(message: Message) -> Wording:
    """Word `message` in the language of its receiver.

    Each template is two small texts, `<template>.subject.txt` and `<template>.txt`; reason, facts
    and link stand once in parts/matter.*, greeting and end in layout.*. Nothing of the context
    is trusted: the subject becomes one line, the HTML is escaped.
    """
    language = message.receiver.language
    with translation.override(language):
        context = _localised(message.context, language)
        if message.template in links.PERSONAL:
            context |= {"link": links.personal_link(message.receiver), "days": links.DAYS}
            context["username"] = message.receiver.username
        else:
            context["base"] = settings.BASE_URL
            context["link"] = settings.BASE_URL + message.context.get("url", "/")
            context |= {"acts": act_links.offered(message), "act_days": act_links.DAYS}
        subject = _one_line(f"{message.template}.subject.txt", context)
        context["said"] = _render(f"{message.template}.txt", context).strip()
        part = "digest" if message.template in choices.DIGESTS.values() else "matter"
        text = _render(f"parts/{part}.txt", context).strip()
        matter = Matter(subject, text, _render(f"parts/{part}.html", context))
        return _laid_out(message.receiver, subject, [matter])


def together(receiver: Any, words: Sequence[Wording]) -> Wording:
    """Several messages for one `receiver` as one: the first, how many more, and each of them."""
    matters = [matter for word in words for matter in word.matters]
    with translation.override(receiver.language):
        context = {"first": words[0].subject, "more": len(matters) - 1}
        return _laid_out(receiver, _one_line("parts/together.txt", context), matters)


def subject_of(message: Message, language: str) -> str:
    """What `message` is about, in one line and in `language`: for the bell."""
    with translation.override(language):
        context = _localised(message.context, language)
        return _one_line(f"{message.template}.subject.txt", context)


def _laid_out(receiver: Any, subject: str, matters: Sequence[Matter]) -> Wording:
    context = {"receiver": receiver.get_full_name(), "subject": subject, "matters": matters}
    text = _render("layout.txt", context).strip() + "\n"
    html = _render("layout.html", context)
    return Wording(receiver.language, subject, text, html, tuple(matters))


def _one_line(name: str, context: dict[str, Any]) -> str:
    return " ".join(_render(name, context).split())


def _render(name: str, context: dict[str, Any]) -> SafeString:
    return render_to_string(f"notifications/{name}", context)


def _localised(context: dict[str, Any], language: str) -> dict[str, Any]:
    """The context with names and dates as readers of `language` know them."""
    return {key: _in_words(key, value, language) for key, value in context.items()}


def _in_words(key: str, value: Any, language: str) -> Any:
    if isinstance(value, list):
        return [_in_words(key, each, language) for each in value]
    if isinstance(value, dict):
        texts = value.keys() <= _LANGUAGES
        return _in_language(value, language) if texts else _localised(value, language)
    return long_date(date.fromisoformat(value), language) if key == "due_on" and value else value


def _in_language(texts: dict[str, str], language: str) -> str:
    """The text in `language`, else in Thai, the working language, else in any (handbook 0)."""
    return texts.get(language) or texts.get("th") or next(iter(texts.values()), "")


def long_date(day: date, language: str) -> str:
    """23 พฤศจิกายน 2569 in Thai, 23 November 2026 in English, with the month's name in Lao."""
    with translation.override(language):
        month = date_format(day, "F")
    return f"{day.day} {month} {day.year + _BUDDHIST_ERA * (language == 'th')}"
