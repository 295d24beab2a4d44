"""Who holds which post, and who may read what (DESIGN 5, handbook 4.1)."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from cases import clock
from cases.models.area import prefixes
from cases.roles import SEES_AREA

if TYPE_CHECKING:
    from cases.models import Post


def posts_of(user: Any, at: date | None = None) -> "list[Post]":
    """The posts that `user` holds on `at` (default today); read once per user object and day."""
    from cases.models.post import Post

    day = at or clock.today()
    kept: dict[date, list[Post]] = user.__dict__.setdefault("_posts_by_day", {})
    if day not in kept:
        held = Post.objects.held_on(day).filter(user=user)
        kept[day] = list(held.select_related("area", "acting_for__user"))
    return kept[day]


def holders(role: str, area: str, at: date | None = None) -> "list[Post]":
    """Posts of `role` at the area with code `area`, or at the nearest area above that has one."""
    from cases.models.post import Post

    day = at or clock.today()
    held = Post.objects.held_on(day).filter(role=role, area_id__in=prefixes(area))
    posts = list(held.select_related("user").order_by("pk"))
    nearest = max((len(post.area_id) for post in posts), default=0)
    return [post for post in posts if len(post.area_id) == nearest]


def post_for(user: Any, role: str, area: str, at: date | None = None) -> "Post | None":
    """The post in which `user` may act as `role` at `area`, nearest first; None if none."""
    fitting = [
        post for post in posts_of(user, at) if post.role == role and area.startswith(post.area_id)
    ]
    return max(fitting, key=lambda post: len(post.area_id), default=None)


def visible_areas(user: Any, at: date | None = None) -> list[str]:
    """Codes of the areas whose cases `user` reads by post; no code below another one."""
    codes = {post.area_id for post in posts_of(user, at) if post.role in SEES_AREA}
    return sorted(c for c in codes if not any(up in codes for up in prefixes(c)[1:]))


def visible_to(user: Any, at: date | None = None) -> Q:
    """Condition on `Case`: under an area where the user holds a post, or theirs by name."""
    from cases.models.work_item import WorkItem

    mine = Q(pk__in=WorkItem.objects.filter(owner=user).values("process"))
    return under(visible_areas(user, at)) | mine


def under(codes: Iterable[str], field: str = "area") -> Q:
    """Condition that the area code in `field` lies in one of the areas `codes`."""
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(**{f"{field}__code__startswith": code})
    return condition
