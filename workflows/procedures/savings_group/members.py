"""The lines of enrolment: who joined the group on its first day (handbook 5.1, 2.3)."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases import ages, clock, contents
from cases.dates import format_date
from cases.models import Case, Member, Party, Seat
from cases.person_fields import BirthDateField, PhoneField
from cases.text import fold_digits, name_key, normalise
from workflows.rows import Column, Line, Problem, Rows

_NUMBERED = re.compile(r"(\d{1,4})(?:[.)]\s*|\s+|$)(.*)")


class MemberRows(Rows):
    """Who joined on the day of enrolment (handbook 5.1, 2.3).

    The system numbers them in their order. A number once given stays with its person, who may
    have a passbook with it, also when somebody else is taken out.
    """

    model = Member
    title = gettext_lazy("Members")
    hint = gettext_lazy(
        "One line a person, as on the application. A minor needs the name of the parent or "
        "guardian who consented in writing. To take somebody out, empty the line."
    )
    key = "number"
    columns = (
        Column("name", brief=True),
        Column("kind", preset=True),
        Column("born_on", field=BirthDateField, personal=True),
        Column("house_number", optional=True),
        Column("occupation", optional=True),
        Column("phone", field=PhoneField, personal=True, optional=True),
        Column("monthly_pledge", label=gettext_lazy("Pledge a month (baht)"), optional=True),
        Column("consent_by", label=gettext_lazy("Consent of (minors)"), optional=True),
    )

    def kept(self, case: Any) -> list[Line]:
        if case.party_id is None:
            return []
        members = case.party.members.order_by("number")
        if case.party.status != Party.Status.PLANNED:  # those who joined later are no founders
            members = members.filter(joined_on__lte=case.enrolled_on or case.meeting_on)
        return list(members.values("pk", self.key, *(column.name for column in self.columns)))

    def keep(self, case: Any, lines: list[Line]) -> None:
        known = set(_planned(case).members.values_list("number", flat=True))
        self._replace(case, lines, known, replaced=known)

    def correct(self, case: Any, before: list[Line], lines: list[Line]) -> None:
        """Who joined after the founding stays, and with everybody what was noted since."""
        known = set(case.party.members.values_list("number", flat=True))
        self._replace(case, lines, known, replaced={line[self.key] for line in before})

    def _replace(self, case: Any, lines: list[Line], known: set[int], replaced: set[int]) -> None:
        party, numbers = case.party, list(_numbers(lines, replaced, max(known, default=0)))
        members = [
            Member(
                party=party,
                number=number,
                name_key=name_key(line["name"]),
                joined_on=case.enrolled_on,
                **{each.name: line[each.name] for each in self.columns if each.name in line},
            )
            for number, line in zip(numbers, lines, strict=True)
        ]
        written = [column.name for column in self.columns]
        Member.objects.bulk_create(
            members,
            update_conflicts=True,
            unique_fields=["party", "number"],
            update_fields=[*written, "name_key", "joined_on"],
        )
        if known:
            _follow(party, replaced - set(numbers))
        self.forget(case)

    def problems(self, case: Any, lines: list[Line]) -> list[Problem]:
        return [
            *self._too_few(case, lines),
            *self._ages(case, lines),
            *self._twice(lines),
        ]

    def summary(self, case: Any, lines: list[Line]) -> str:
        count = len(lines)
        people = ngettext("%(count)s member", "%(count)s members", count) % {"count": count}
        minors = len(self.minors(case))
        if not minors:
            return people
        what = {"people": people, "minors": minors}
        return _("%(people)s, %(minors)s of them minors with consent") % what

    def minors(self, case: Any) -> list[Line]:
        """The lines of those known to have been minors on the day of enrolment.

        Registers that were imported do not know everybody's day of birth.
        """
        day, majority = _day(case), _majority(case)
        born = [line for line in self.lines(case) if line["born_on"]]
        return [line for line in born if ages.is_minor(line["born_on"], day, majority)]

    def _too_few(self, case: Any, lines: list[Line]) -> Iterator[Problem]:
        least = contents.number(case, "members")
        if len(lines) < least:
            what = {"needed": least, "count": len(lines)}
            text = _("At least %(needed)s people have to join; so far there are %(count)s.")
            yield Problem(text % what)

    def _ages(self, case: Any, lines: list[Line]) -> Iterator[Problem]:
        """A minor without consent is not enrolled (handbook 5.1, exceptions)."""
        day, majority = _day(case), _majority(case)
        for number, line in enumerate(lines):
            age = ages.age_on(line["born_on"], day)
            what = {"name": line["name"], "age": age}
            if age < 0:
                yield Problem(_("%(name)s was born after the enrolment.") % what, number, "born_on")
            elif age < majority and not line.get("consent_by"):
                text = _(
                    "Enrolment refused: %(name)s is %(age)s years old and has no written consent "
                    "of a parent or guardian."
                )
                yield Problem(text % what, number, "consent_by")

    def _twice(self, lines: list[Line]) -> Iterator[Problem]:
        seen: dict[Any, int] = {}
        for number, line in enumerate(lines):
            first = seen.setdefault((name_key(line["name"]), line["born_on"]), number)
            if first != number:
                what = {"name": line["name"], "born": format_date(line["born_on"], style="short")}
                text = _("%(name)s, born on %(born)s, stands twice in the list.")
                yield Problem(text % what, number, "name")


MEMBERS = MemberRows()


def who(typed: str, members: list[Line]) -> list[Line]:
    """The members that `typed` can mean: a number, a name, or both as the list offers them."""
    numbered = _NUMBERED.fullmatch(fold_digits(normalise(typed)))
    key = name_key(numbered[2] if numbered else typed)
    named = [each for each in members if not key or name_key(each["name"]) == key]
    if numbered:
        return [each for each in named if each.get("number") == int(numbered[1])]
    return named if key else []


def _day(case: Any) -> Any:
    return case.enrolled_on or clock.today()


def _majority(case: Any) -> int:
    """Age in years; fixed by law, no office chooses another (handbook 5.1, 2.3)."""
    return int(contents.body_of(case)["law"]["majority_age"])


def _planned(case: Any) -> Party:
    """The group that the case founds; planned from the day on which members join."""
    if case.party_id is None:
        name = f"กลุ่มออมทรัพย์เพื่อการผลิต{case.area.name_th}"  # till it is named in step 2.5
        case.party = Party.objects.create(
            kind=Party.Kind.SAVINGS_GROUP,
            name=name,
            area_id=case.area_id,
            status=Party.Status.PLANNED,
        )
        Case.objects.filter(pk=case.pk).update(party=case.party)
    return case.party


def _numbers(lines: list[Line], own: set[int], last: int) -> Iterator[int]:
    """The number of each line: the one of `own` that it has already, else the next after `last`."""
    free = set(own)
    for line in lines:
        number = line.get("number")
        if number in free:
            free.discard(number)
            yield number
        else:
            last += 1
            yield last


def _follow(party: Party, gone: set[int]) -> None:
    """Seats follow their members: under a mended name, and without those who were taken out.

    A seat without its member keeps the name, and the election has to be looked at again.
    """
    stale = []
    for seat in party.seats.filter(member__isnull=False).select_related("member"):
        if seat.member and seat.name != seat.member.name:
            seat.name, seat.name_key = seat.member.name, seat.member.name_key
            stale.append(seat)
    Seat.objects.bulk_update(stale, ["name", "name_key"])
    if gone:
        party.seats.filter(member__number__in=gone).update(member=None)
        party.members.filter(number__in=gone).delete()
