"""Whom a rung of a ladder reaches: the doer, a post, a list, or the posts above; empty ones are
passed upwards. An office may name people who are told for a post (handbook 4.3, 11.4).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from cases import ladders, office_settings
from cases.models import Ladder, Post, Rung, User, WorkItem
from cases.models.area import prefixes
from cases.models.work_item import OPEN
from cases.rungs import receiver_of
from cases.subjects import Subject


class Person(NamedTuple):
    """Somebody who may be told."""

    pk: int
    name: str
    is_active: bool
    has_email: bool
    has_line: bool

    def can_be_told(self, channel: str) -> bool:
        """Whether a message by `channel`, one of `Rung.Channel`, would have where to go."""
        if channel == Rung.Channel.BELL or self.has_email:
            return True
        return channel == Rung.Channel.LINE and self.has_line


Line = list[list[str]]
"""The roles of each level, from the doer's upwards."""

Level = list[tuple[str, list[Person]]]
"""The roles of one level of the line, each with who is told for it, all together."""

_PERSON = ("pk", "name", "username", "is_active", "email", "line_account__linked_at")


class Posts:
    """Who holds which post on a day and is told for it, at many areas at once: two queries.

    Also reads the people with the keys `also`.
    """

    def __init__(
        self, roles: Iterable[str], areas: Iterable[str], day: date, also: Iterable[int] = ()
    ) -> None:
        roles, areas = set(roles), set(areas)
        self.people: dict[int, Person] = {}
        self._held: dict[tuple[str, str], dict[int, Person]] = defaultdict(dict)
        self._named = _named(roles, areas)
        self._read_posts(roles, {code for area in areas for code in prefixes(area)}, day)
        self._read_people({*also, *(pk for people, _ in self._named.values() for pk in people)})

    def holders(self, role: str, area: str) -> list[Person]:
        """Holders of `role` at `area` or at the nearest area above, as `people.holders`."""
        nearest = (self._held.get((role, code)) for code in prefixes(area))
        return list(next(filter(None, nearest), {}).values())

    def told(self, role: str, area: str) -> list[Person]:
        """Who hears of a matter that climbs to `role`: its holders, and whom the office named.

        The named ones hear beside the holders or instead of them, as the nearest area chose.
        """
        named, instead = self._named.get((role, area), ([], False))
        return list(
            dict.fromkeys([*([] if instead else self.holders(role, area)), *self.known(named)])
        )

    def known(self, keys: Iterable[int]) -> list[Person]:
        """The people with these keys, as far as they exist."""
        return [self.people[pk] for pk in keys if pk in self.people]

    def _read_posts(self, roles: set[str], codes: set[str], day: date) -> None:
        who = [f"user__{name}" for name in _PERSON]
        held = Post.objects.held_on(day).filter(role__in=roles).order_by("pk")
        rows = held.values_list("role", "area", *who)
        # One array instead of a parameter for each of a thousand codes.
        for role, area, *values in rows.extra(
            where=["cases_post.area_id = ANY(%s)"], params=[list(codes)]
        ):
            person = _person(*values)
            self._held[role, area][person.pk] = self.people[person.pk] = person

    def _read_people(self, keys: set[int]) -> None:
        if missing := keys - set(self.people):
            for values in User.objects.filter(pk__in=missing).values_list(*_PERSON):
                self.people[values[0]] = _person(*values)


class Reach:
    """Who is told of the `subjects` on `day`: a few queries, however many they are.

    `policies` are the ladders whose rungs will be asked for; by default those of the subjects.
    """

    def __init__(
        self, subjects: Sequence[Subject], day: date, policies: Iterable[Ladder] = ()
    ) -> None:
        policies = list(policies) or [ladders.get(pk) for pk in {s.ladder_id for s in subjects}]
        rungs = [rung for ladder in policies for rung in ladder.rungs.all()]
        lines = [line for ladder in policies for line in ladder.line.values()]
        roles = {role for line in lines for level in line for role in level}
        roles |= {subject.role for subject in subjects} | {rung.role for rung in rungs}
        areas = {subject.area for subject in subjects} | {subject.place for subject in subjects}
        self._owners = _owners_of_spans(subjects)
        also = {pk for rung in rungs for pk in rung.people}
        also |= {subject.owner_id for subject in subjects if subject.owner_id}
        also |= {pk for owners in self._owners.values() for pk in owners}
        self._posts = Posts(roles, areas, day, also)
        self._levels: dict[Any, list[Level]] = {}

    def person(self, pk: int) -> Person | None:
        """Somebody whom the subjects or their ladders name."""
        return self._posts.people.get(pk)

    def doers(self, subject: Subject) -> list[Person]:
        """Who has the work: its owner, or everybody who may claim it; of a span, who has its
        open steps of the role that answers.
        """
        owners = [] if subject.owner_id is None else [subject.owner_id]
        if subject.work_item_id is None:
            owners = self._owners.get((subject.case_id, subject.role), [])
        return self._posts.known(owners) or self._posts.holders(subject.role, subject.place)

    def levels(self, subject: Subject, rung: Rung, line: Line) -> list[Level]:
        """The levels to try for `rung`, its own first and then each one above it; without the
        doer's, which `doers` gives.
        """
        same = (receiver_of(rung), subject.ladder_id, subject.role, subject.area)
        if same not in self._levels:
            self._levels[same] = list(self._climb(rung, subject.role, subject.area, line))
        return self._levels[same]

    def _climb(self, rung: Rung, role: str, area: str, line: Line) -> Iterator[Level]:
        """A role that stands on no level of `line` is below the first one."""
        stands = {role: height for height, level in enumerate(line) for role in level}
        own = stands.get(role, -1)
        if rung.receiver == Rung.Receiver.PEOPLE:
            yield [("", self._posts.known(rung.people))]
        if rung.receiver == Rung.Receiver.ROLE:
            yield [(rung.role, self._posts.told(rung.role, area))]
            own = stands.get(rung.role, own)
        for level in line[own + max(rung.above, 1) :]:
            yield [(above, self._posts.told(above, area)) for above in level]


def _person(
    pk: int, name: str, username: str, is_active: bool, email: str, linked_at: object
) -> Person:
    return Person(pk, name or username, is_active, bool(email), linked_at is not None)


def _named(roles: set[str], areas: set[str]) -> dict[tuple[str, str], tuple[list[int], bool]]:
    """Whom offices named, by role and area, and whether instead of the holders: no query."""
    return {
        (role, area): (value["people"], value["instead"])
        for role in roles
        if office_settings.is_chosen(office_settings.told_key(role))
        for area in areas
        if (value := office_settings.get(office_settings.told_key(role), area))
    }


def _owners_of_spans(subjects: Sequence[Subject]) -> dict[tuple[int, str], list[int]]:
    """Who has the open steps of the role that answers for a span, by case and role.

    One query where there are spans, else none.
    """
    spans = {(s.case_id, s.role) for s in subjects if s.work_item_id is None}
    if not spans:
        return {}
    cases, roles = {case for case, _role in spans}, {role for _case, role in spans}
    owned = WorkItem.objects.filter(OPEN, ~Q(owner=None), process__in=cases, role__in=roles)
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for case, role, owner in owned.order_by("pk").values_list("process", "role", "owner"):
        if (case, role) in spans and owner not in found[case, role]:
            found[case, role].append(owner)
    return found
