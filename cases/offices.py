"""Who keeps an office's calendar and settings: its administrators and its chief (handbook 4.1)."""

from typing import Any

from cases import people
from cases.models.area import prefixes
from cases.roles import Role

# The head of a community-development office sets its days and numbers and its letterhead.
CHIEFS = frozenset({Role.DISTRICT_CHIEF_CD, Role.PROV_CHIEF_CD, Role.DIST_CD, Role.PROV_CD})


def kept_areas(user: Any) -> list[str]:
    """Codes of the areas whose calendar and settings `user` keeps; no code below another one."""
    headed = {post.area_id for post in people.posts_of(user) if post.role in CHIEFS}
    codes = {*people.administered_areas(user), *headed}
    return sorted(c for c in codes if not any(up in codes for up in prefixes(c)[1:]))


def keeps(user: Any, area: str) -> bool:
    """Whether `user` keeps the settings of the area with the code `area`."""
    return any(area.startswith(code) for code in kept_areas(user))


def administers(user: Any, area: str) -> bool:
    """Whether `user` is an administrator over the area: people and a country's holidays."""
    return any(area.startswith(code) for code in people.administered_areas(user))
