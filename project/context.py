"""What every page knows: where the visitor is, in which language, and what time it is."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from cases import clock
from cases.offices import kept_areas
from cases.people import administered_areas, common_area, posts_of
from notifications.bell import unseen


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; `active` on its page and on those below it."""

    label: str
    url: str
    icon: str
    active: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `page` with demo, now, languages, and of a signed-in user nav,
    posts and how much they were told and have not seen.

    Everything is computed when a template first reads it, so that error pages and e-mails that
    render without a user or a database cost nothing.
    """
    return {"page": SimpleLazyObject(lambda: _describe(request))}


def _describe(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "demo": settings.DEMO,
        "source_url": settings.SOURCE_URL,
        "now": clock.now(),
        "languages": [get_language_info(code) for code, _name in settings.LANGUAGES],
        "nav": _navigation(request, user) if signed_in else [],
        "posts": posts_of(user) if signed_in else [],
        "unseen": unseen(user) if signed_in else 0,
    }


def _navigation(request: HttpRequest, user: Any) -> list[NavItem]:
    """Work, cases, the area that holds all those of the user's posts, an administrator's office."""
    entries = [
        (_("My work"), reverse("work"), "list-check"),
        (_("Cases"), reverse("cases"), "folder"),
    ]
    area = common_area(user)
    if area:
        entries.append((_("My area"), reverse("area", args=[area]), "map-pin"))
    if administered_areas(user):
        entries.append((_("Office"), reverse("office"), "building"))
    elif kept_areas(user):
        entries.append((_("Office"), reverse("office-settings"), "building"))
    return [NavItem(label, url, icon, request.path.startswith(url)) for label, url, icon in entries]
