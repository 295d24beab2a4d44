"""Posts that nobody holds and people without an address, where work is waiting (DESIGN 4).

Nothing waits for them: the ladder tells the next person above at once. But an office has to know.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Min

from cases import ladders, office_settings
from cases.alarms import Finding, Kind
from cases.models import Deadline, Post, WorkItem
from cases.models.area import prefixes
from cases.models.work_item import OPEN
from cases.roles import LEVELS
from notifications.models import LineAccount


def findings(*, day: date) -> Iterator[Finding]:
    """What lacks people on `day`; a few queries, however much is running."""
    yield from _empty_posts(day)
    yield from _without_address()


def _empty_posts(day: date) -> Iterator[Finding]:
    """Each role that running deadlines would climb to, or that waiting work is for, and nobody
    holds there or above, nor hears of it in their place.
    """
    needed = _needed()
    roles = {role for role, _area in needed}
    held = set(Post.objects.held_on(day).filter(role__in=roles).values_list("role", "area"))
    empty: Counter[tuple[str, str]] = Counter()
    for (role, area), count in needed.items():
        if not any((role, code) in held for code in prefixes(area)) and not _named(role, area):
            empty[role, _place(role, area)] += count
    for (role, place), count in empty.items():
        facts = {"role": role, "count": count}
        yield Finding(Kind.EMPTY_POST, f"{role}:{place}", place, facts)


def _named(role: str, area: str) -> bool:
    """Whether the office named people who are told for the post."""
    told = office_settings.get(office_settings.told_key(role), area)
    return bool(told and told["people"])


def _needed() -> Counter[tuple[str, str]]:
    """Role and area, with the number of running deadlines for which the role may be told."""
    needed: Counter[tuple[str, str]] = Counter()
    running = Deadline.objects.filter(closed_at__isnull=True)
    for ladder, area, count in running.values_list("ladder", "case__area").annotate(Count("pk")):
        policy = ladders.get(ladder)
        roles = {role for level in policy.line.get(area[:2], []) for role in level}
        for role in roles | {rung.role for rung in policy.rungs.all()} - {""}:
            needed[role, area] += count
    unclaimed = WorkItem.objects.filter(OPEN, owner__isnull=True).exclude(role="")
    for role, area, count in unclaimed.values_list("role", "area").annotate(Count("pk")):
        needed[role, area] = max(needed[role, area], count)
    return needed


def _place(role: str, area: str) -> str:
    """The code of the area at or above `area` at which `role` is held (handbook 4.1)."""
    return area[: len("TH") + 2 * LEVELS[role][0]]


def _without_address() -> Iterator[Finding]:
    """Whoever has open work, and neither an e-mail address nor LINE."""
    linked = LineAccount.objects.filter(linked_at__isnull=False)
    unreachable = WorkItem.objects.filter(OPEN, owner__is_active=True, owner__email="")
    rows = unreachable.exclude(owner__in=linked.values("user")).values_list("owner")
    for owner, count, area in rows.annotate(Count("pk"), Min("area")):
        facts = {"user": owner, "count": count}
        yield Finding(Kind.NO_ADDRESS, str(owner), area, facts)
