"""What a message says about a case, in every language: who reads it is known at delivery only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils import translation

from cases import contents
from cases.contents import Texts
from cases.dates import format_month
from cases.models import Area, Case
from cases.models.area import prefixes

_LANGUAGES = ("th", "lo", "en")  # in this order one stands in for another, as `Area.name` says
_NAMES = tuple(f"name_{language}" for language in _LANGUAGES)
_STALE_SECONDS = 60


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
    """The paths of the areas `codes` in every language; one query for those not in memory.

    A name changed by another process counts within a minute.
    """
    kept = _kept_places(int(monotonic() // _STALE_SECONDS))
    if missing := set(codes) - set(kept):
        above = {code for each in missing for code in prefixes(each)}
        rows = Area.objects.filter(code__in=above)
        names = {code: named for code, *named in rows.values_list("code", *_NAMES)}
        kept.update((code, _path(code, names)) for code in missing)
    return kept


def forget() -> None:
    """Read the names of areas anew."""
    _kept_places.cache_clear()


@lru_cache(maxsize=1)
def _kept_places(_period: int) -> dict[str, Texts]:
    return {}  # filled by `places`


def _path(code: str, names: Mapping[str, Sequence[str]]) -> Texts:
    """As `Area.path`, in every language, from the names of the areas by code."""
    up = [each for each in prefixes(code) if len(each) > len("TH") and each in names] or [code]
    return {
        language: " · ".join(
            names[each][number] or next(filter(None, names[each]), each) for each in up
        )
        for number, language in enumerate(_LANGUAGES)
    }


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
