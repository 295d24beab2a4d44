"""What a message says about a case, in every language: who reads it is known at delivery only."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation

from cases import contents
from cases.models import Case


def matter(case: Case, step: str) -> dict[str, Any]:
    """The case, its title, the step and the place, as `notifications.outbox.queue` takes them.

    Reads `party` and the areas above `area`: who asks for many cases selects them before.
    """
    place = in_every_language(lambda: case.area.path)
    return {
        "case": case.number,
        "title": in_every_language(lambda: case.party.name) if case.party else place,
        "step": contents.step_texts(case, step) if step else {},
        "area": place,
        "url": f"/cases/{case.number}/",
    }


def in_every_language(text: Callable[[], str]) -> dict[str, str]:
    """What `text()` gives to readers of each language: {"th": …, "lo": …, "en": …}."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = text()
    return texts
