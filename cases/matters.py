"""What a message says about a case, in every language: who reads it is known at delivery only."""

from typing import Any

from django.conf import settings
from django.utils import translation

from cases import contents
from cases.dates import format_month
from cases.models import Area, Case


def matter(case: Case, step: str) -> dict[str, Any]:
    """The case, its title, the step and the place, as `notifications.outbox.queue` takes them.

    Reads `party` and the areas above `area`: who asks for many cases selects them before.
    """
    place = _place(case.area)
    title = dict.fromkeys(place, case.party.name) if case.party else place
    if case.period:
        title = {
            code: f"{name} · {format_month(case.period, code)}" for code, name in title.items()
        }
    return {
        "case": case.number,
        "title": title,
        "step": contents.step_texts(case, step) if step else {},
        "area": place,
        "url": f"/cases/{case.number}/",
    }


def _place(area: Area) -> dict[str, str]:
    """The path of `area` in every language: {"th": …, "lo": …, "en": …}; made once an object."""
    kept: dict[str, str] | None = area.__dict__.get("_paths")
    if kept is None:
        kept = area.__dict__["_paths"] = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                kept[language] = area.path
    return kept
