"""Who holds which post, and who may read what (DESIGN 5, handbook 4.1).

Area codes have two characters a level, so whatever begins with a post's code lies under it.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from cases import clock
from cases.models.area import prefixes
from cases.roles import SEES_AREA, Role

if TYPE_CHECKING:
    from cases.models import Post


def posts_of(user: Any, at: date | None = None) -> "list[Post]":
    """The posts that `user` holds on `at` (default today); read once per user object and day.

    Nobody for whom the door is closed (not signed in, deactivated) holds any.
    """
    from cases.models.post import Post

    if not user.is_active:
        return []
    day = at or clock.today()
    kept: dict[date, list[Post]] = user.__dict__.setdefault("_posts_by_day", {})
    if day not in kept:
        held = Post.objects.held_on(day).filter(user=user)
        kept[day] = list(held.select_related("area", "acting_for__user").order_by("pk"))
    return kept[day]


def holders(role: str, area: str, at: date | None = None) -> "list[Post]":
    """Posts of `role` at the area with code `area`, or at the nearest area above that has one.

    One post for each person; of two at the same area, their own before the one they act in.
    """
    from cases.models.post import Post

    day = at or clock.today()
    held = Post.objects.held_on(day).filter(role=role, area_id__in=prefixes(area))
    return nearest(held.select_related("user"))


def nearest(posts: "Iterable[Post]") -> "list[Post]":
    """Of posts of one role at an area and those above it, the nearest; one for each person."""
    ranked = sorted(posts, key=_rank)
    by_user = {
        post.user_id: post for post in ranked if len(post.area_id) == len(ranked[-1].area_id)
    }
    return sorted(by_user.values(), key=lambda post: post.pk)


def _rank(post: "Post") -> tuple[int, bool, int]:
    """The higher, the sooner a person acts in `post`: nearest, then their own, then the oldest."""
    return len(post.area_id), post.acting_for_id is None, -post.pk


def post_for(user: Any, role: str, area: str, at: date | None = None) -> "Post | None":
    """The post in which `user` may act as `role` at `area`, the nearest one; None if none."""
    fitting = [
        post for post in posts_of(user, at) if post.role == role and area.startswith(post.area_id)
    ]
    return max(fitting, key=_rank, default=None)


def workable_by(user: Any, at: date | None = None) -> Q:
    """Condition on `WorkItem`: those for which `post_for` finds a post, claimed or not."""
    condition = Q(pk__in=[])
    for post in posts_of(user, at):
        condition |= Q(role=post.role) & under([post.area_id])
    return condition


def visible_areas(user: Any, at: date | None = None) -> list[str]:
    """Codes of the areas whose cases `user` reads by post; no code below another one."""
    codes = {post.area_id for post in posts_of(user, at) if post.role in SEES_AREA}
    return sorted(c for c in codes if not any(up in codes for up in prefixes(c)[1:]))


def administered_areas(user: Any, at: date | None = None) -> list[str]:
    """Codes of the areas whose people, holidays and settings `user` keeps (handbook 4.1)."""
    codes = {post.area_id for post in posts_of(user, at) if post.role == Role.ADMIN}
    return sorted(c for c in codes if not any(up in codes for up in prefixes(c)[1:]))


def common_area(user: Any, at: date | None = None) -> str:
    """Code of the smallest area that holds all areas which the user reads; "" without any."""
    above = [set(prefixes(code)) for code in visible_areas(user, at)]
    return max(set.intersection(*above), key=len, default="") if above else ""


def visible_to(user: Any, at: date | None = None) -> Q:
    """Condition on `Case`: what `user` may read.

    By post: all cases under the area. By name: cases with an open work item of theirs; who holds
    a post that reads no area (volunteer, coach, committee) also keeps reading the cases under it
    in which they worked. So nobody takes access along to another post.
    """
    from cases.models.work_item import OPEN, WorkItem

    if not user.is_active:
        return Q(pk__in=[])
    own = WorkItem.objects.filter(owner=user)
    condition = under(visible_areas(user, at)) | Q(pk__in=own.filter(OPEN).values("process"))
    not_by_name = SEES_AREA | {Role.ADMIN}
    worked_under = {post.area_id for post in posts_of(user, at) if post.role not in not_by_name}
    if worked_under:
        condition |= under(worked_under) & Q(pk__in=own.values("process"))
    return condition


def under(codes: Iterable[str], field: str = "area") -> Q:
    """Condition that the area code in `field` lies in one of the areas `codes`."""
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(**{f"{field}__code__startswith": code})
    return condition
