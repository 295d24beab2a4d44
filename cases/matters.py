"""What a message says about a case, in every language: who reads it is known at delivery only."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation

from cases import contents
from cases.contents import Texts
from cases.dates import format_month
from cases.models import Area, Case
from cases.models.area import prefixes


def matter(case: Case, step: str) -> dict[str, Any]:
    """The case, its title, the step and the place, as `notifications.outbox.queue` takes them.

    Reads `party` and the areas above `area`: who asks for many cases selects them before.
    """
    return described(
        number=case.number,
        party=case.party.name if case.party else None,
        period=case.period,
        place=_place(case.area),
        step=contents.step_texts(case, step) if step else {},
    )


def described(
    *, number: str, party: str | None, period: date | None, place: Texts, step: Texts
) -> dict[str, Any]:
    """As `matter`, of a case that was read as plain values."""
    title = dict.fromkeys(place, party) if party else place
    if period:
        title = {code: f"{name} · {_month(period, code)}" for code, name in title.items()}
    return {
        "case": number,
        "title": title,
        "step": step,
        "area": place,
        "url": f"/cases/{number}/",
    }


def places(codes: Iterable[str]) -> Mapping[str, Texts]:
    """The paths of the areas `codes` in every language, in one query."""
    wanted = set(codes)
    areas = Area.objects.in_bulk({above for code in wanted for above in prefixes(code)})
    for area in areas.values():
        area.parent = areas.get(area.parent_id or "")
    return {code: _place(areas[code]) for code in wanted}


@lru_cache(maxsize=64)
def _month(period: date, language: str) -> str:
    return format_month(period, language)


def _place(area: Area) -> dict[str, str]:
    """The path of `area` in every language: {"th": …, "lo": …, "en": …}; made once an object."""
    kept: dict[str, str] | None = area.__dict__.get("_paths")
    if kept is None:
        kept = area.__dict__["_paths"] = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                kept[language] = area.path
    return kept
