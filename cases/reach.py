"""Whom a rung of a ladder reaches: the doer, or the posts above, empty ones passed upwards.

An office may name people who are told for a post (handbook 4.3, 11.4).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from cases import office_settings
from cases.models import Deadline, Post, Rung, User
from cases.models.area import prefixes

Level = dict[str, list[User]]
"""Who holds the roles of one level of the line; told together."""


class Posts:
    """Who holds which post on a day, at many areas at once: one query."""

    def __init__(self, roles: Iterable[str], areas: Iterable[str], day: date) -> None:
        self._users: dict[tuple[str, str], dict[int, User]] = defaultdict(dict)
        codes = {code for area in areas for code in prefixes(area)}
        held = Post.objects.held_on(day).filter(role__in=set(roles), area__in=codes)
        for post in held.select_related("user").order_by("pk"):
            self._users[post.role, post.area_id][post.user_id] = post.user
        self._named = _named(set(roles), set(areas))

    def holders(self, role: str, area: str) -> list[User]:
        """Holders of `role` at `area` or at the nearest area above, as `people.holders`."""
        nearest = (self._users.get((role, code)) for code in prefixes(area))
        return list(next(filter(None, nearest), {}).values())

    def told(self, role: str, area: str) -> list[User]:
        """Who hears of a matter that climbs to `role`: its holders, and whom the office named.

        The named ones hear beside the holders or instead of them, as the nearest area chose.
        """
        named, instead = self._named.get((role, area), ([], False))
        return list(dict.fromkeys([*([] if instead else self.holders(role, area)), *named]))


def _named(roles: set[str], areas: set[str]) -> dict[tuple[str, str], tuple[list[User], bool]]:
    """Whom offices named, by role and area, and whether instead of the holders.

    One query where anybody was named, else none.
    """
    chosen = {
        (role, area): value
        for role in roles
        for area in areas
        if (value := office_settings.get(office_settings.told_key(role), area))
    }
    if not chosen:
        return {}
    users = User.objects.in_bulk({pk for value in chosen.values() for pk in value["people"]})
    return {
        place: ([users[pk] for pk in value["people"] if pk in users], value["instead"])
        for place, value in chosen.items()
    }


def doers(deadline: Deadline, posts: Posts) -> Level:
    """Who has the work: its owner, or everybody who may claim it."""
    item = deadline.work_item
    if item is None:
        return {}
    return {item.role: [item.owner] if item.owner else posts.holders(item.role, item.area_id)}


def levels(deadline: Deadline, rung: Rung, line: list[list[str]], posts: Posts) -> Iterator[Level]:
    """The levels to try for `rung`, its own first and then each one above it.

    A role that stands on no level of `line` is below the first one.
    """
    role = deadline.work_item.role if deadline.work_item else ""
    own = next((n for n, roles in enumerate(line) if role in roles), -1)
    if rung.receiver == Rung.Receiver.ASSIGNEE:
        yield doers(deadline, posts)
    for roles in line[own + max(rung.above, 1) :]:
        yield {role: posts.told(role, deadline.case.area_id) for role in roles}
