"""The lines that a founding records: its members and who sits on its committees (handbook 5.1)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases import ages, clock, contents, terms
from cases.dates import format_date
from cases.models import Case, Member, Party, Seat
from cases.person_fields import BirthDateField, PhoneField
from cases.text import fold_digits, name_key, normalise
from workflows.rows import Column, Line, Problem, Rows

FOUR = (
    Seat.Committee.DIRECTING,
    Seat.Committee.LOAN,
    Seat.Committee.AUDIT,
    Seat.Committee.PROMOTION,
)
_Position = Seat.Position
# On a committee nobody shares these; on the directing one they must be held (handbook 5.1.1).
SINGLE = (_Position.CHAIR, _Position.SECRETARY, _Position.TREASURER)

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
            members = members.filter(joined_on__lte=case.enrolled_on)
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


class SeatRows(Rows):
    """Who was elected to the four committees (handbook 5.1, 2.4; 5.1.1)."""

    model = Seat
    title = gettext_lazy("The four committees")
    hint = gettext_lazy(
        "Choose among the members enrolled; a number stands for the member too. Lines without a "
        "person do not count. Nobody sits on the audit and the directing committee at once."
    )
    most = 60
    spare = 3
    columns = (
        Column(
            "committee",
            preset=True,
            lead=True,
            field=partial(
                forms.ChoiceField, choices=[("", "–"), *((each.value, each.label) for each in FOUR)]
            ),
        ),
        Column("position", preset=True, lead=True),
        Column("name", label=gettext_lazy("Who"), brief=True, suggested=True),
    )

    def kept(self, case: Any) -> list[Line]:
        if case.party_id is None:
            return []
        seats = case.party.seats.order_by("pk")
        if case.party.status != Party.Status.PLANNED:  # later elections are not the founding's
            seats = seats.filter(elected_on=case.elected_on)
        return [
            {
                "pk": seat.pk,
                "committee": seat.committee,
                "position": seat.position,
                "name": f"{seat.member.number} {seat.name}" if seat.member else seat.name,
            }
            for seat in seats.select_related("member")
        ]

    def keep(self, case: Any, lines: list[Line]) -> None:
        case.party.seats.all().delete()
        self._seat(case, _elected(case, lines))

    def correct(self, case: Any, before: list[Line], lines: list[Line]) -> None:
        """Seats that stay keep when they were left; those of later elections are not touched."""
        wanted = {(each[0], each[1], each[2]["number"]): each for each in _elected(case, lines)}
        stay = []
        replaced = case.party.seats.filter(pk__in=[line["pk"] for line in before])
        for seat in replaced.select_related("member"):
            held = (seat.committee, seat.position, seat.member and seat.member.number)
            if wanted.pop(held, None):
                stay.append(seat.pk)
        replaced.exclude(pk__in=stay).delete()
        replaced.update(**_term(case))
        self._seat(case, wanted.values())

    def _seat(self, case: Any, elected: Iterable[Any]) -> None:
        Seat.objects.bulk_create(
            Seat(
                party=case.party,
                committee=committee,
                position=position,
                member_id=member["pk"],
                name=member["name"],
                name_key=name_key(member["name"]),
                **_term(case),
            )
            for committee, position, member in elected
        )
        self.forget(case)

    def start(self, case: Any) -> list[Line]:
        """The seats that every group has to fill, for names to be written beside them."""
        directing = [*_Position.values][:5]
        posts: list[tuple[str, str]] = [(Seat.Committee.DIRECTING, each) for each in directing]
        for committee in FOUR[1:]:
            rest = contents.number(case, f"{committee.lower()}_least") - 1
            posts += [(committee, each) for each in (_Position.CHAIR, *[_Position.MEMBER] * rest)]
        return [{"committee": str(committee), "position": str(each)} for committee, each in posts]

    def suggestions(self, case: Any) -> dict[str, list[str]]:
        return {"name": [f"{each['number']} {each['name']}" for each in MEMBERS.lines(case)]}

    def problems(self, case: Any, lines: list[Line]) -> list[Problem]:
        members = MEMBERS.lines(case)
        people = [who(line["name"], members) for line in lines]
        unclear = list(_unclear(lines, people))
        seats = [(n, line, found[0]["number"]) for n, (line, found) in _clear(lines, people)]
        return [*unclear, *_sizes(case, lines), *_officers(lines), *_twice_seated(seats)]

    def summary(self, case: Any, lines: list[Line]) -> str:
        counted = Counter(line["committee"] for line in lines)
        return ", ".join(f"{each.label} {counted[each]}" for each in FOUR if counted[each])


def _term(case: Any) -> dict[str, Any]:
    """The days of a seat: elected, from and to (handbook 5.1.1)."""
    day = case.elected_on
    ends = terms.last_day(day, case.committee_term_months)
    return {"elected_on": day, "starts_on": day, "ends_on": ends}


def who(typed: str, members: list[Line]) -> list[Line]:
    """The members that `typed` can mean: a number, a name, or both as the list offers them."""
    numbered = _NUMBERED.fullmatch(fold_digits(normalise(typed)))
    key = name_key(numbered[2] if numbered else typed)
    named = [each for each in members if not key or name_key(each["name"]) == key]
    if numbered:
        return [each for each in named if each.get("number") == int(numbered[1])]
    return named if key else []


def elected(case: Any) -> list[str]:
    """The names of those who were elected, each once."""
    members = MEMBERS.lines(case)
    found = [who(line["name"], members) for line in SEATS.lines(case)]
    return list(dict.fromkeys(each[0]["name"] for each in found if len(each) == 1))


def _elected(case: Any, lines: list[Line]) -> list[Any]:
    """Committee, position and member of each line, which names one member."""
    members = MEMBERS.lines(case)
    return [(each["committee"], each["position"], who(each["name"], members)[0]) for each in lines]


def _unclear(lines: list[Line], people: list[list[Line]]) -> Iterator[Problem]:
    for number, (line, found) in enumerate(zip(lines, people, strict=True)):
        what = {"name": line["name"], "numbers": ", ".join(str(each["number"]) for each in found)}
        if not found:
            text = _("“%(name)s” is not among the members enrolled.")
            yield Problem(text % what, number, "name")
        elif len(found) > 1:
            text = _("Several members are called “%(name)s”: write the number (%(numbers)s).")
            yield Problem(text % what, number, "name")


def _clear(lines: list[Line], people: list[list[Line]]) -> Iterator[Any]:
    for number, (line, found) in enumerate(zip(lines, people, strict=True)):
        if len(found) == 1:
            yield number, (line, found)


def _sizes(case: Any, lines: list[Line]) -> Iterator[Problem]:
    """How many sit on each committee; the numbers stand in content.yaml (handbook 5.1.1)."""
    counted = Counter(line["committee"] for line in lines)
    for committee in FOUR:
        code, count = committee.lower(), counted[committee]
        least = contents.number(case, f"{code}_least")
        most = contents.body_of(case)["numbers"].get(f"{code}_most")
        what = {"committee": committee.label, "least": least, "most": most, "count": count}
        if most is not None and not least <= count <= contents.number(case, f"{code}_most"):
            text = _("%(committee)s: %(least)s to %(most)s people, and %(count)s were elected.")
            yield Problem(text % what)
        elif count < least:
            text = _("%(committee)s: at least %(least)s people, and %(count)s were elected.")
            yield Problem(text % what)


def _officers(lines: list[Line]) -> Iterator[Problem]:
    """Chair, secretary and treasurer of the directing committee; nobody shares a chair."""
    seated = Counter((line["committee"], line["position"]) for line in lines)
    for position in SINGLE:
        if not seated[Seat.Committee.DIRECTING, position]:
            text = _("The directing committee has nobody as: %(position)s.")
            yield Problem(text % {"position": position.label})
    for number, line in enumerate(lines):
        if line["position"] in SINGLE and seated[line["committee"], line["position"]] > 1:
            what = {
                "committee": Seat.Committee(line["committee"]).label,
                "position": _Position(line["position"]).label,
            }
            text = _("%(committee)s: one person only can be “%(position)s”.") % what
            yield Problem(text, number, "position")


def _twice_seated(seats: list[tuple[int, Line, int]]) -> Iterator[Problem]:
    """One seat a committee; nobody on audit and directing at once (handbook 5.1.1)."""
    held: dict[int, set[str]] = {}
    for number, line, member in seats:
        own = held.setdefault(member, set())
        what = {"name": line["name"], "committee": Seat.Committee(line["committee"]).label}
        if line["committee"] in own:
            text = _("%(name)s already sits on this committee: %(committee)s.")
            yield Problem(text % what, number, "name")
        own.add(line["committee"])
        apart = {Seat.Committee.AUDIT.value, Seat.Committee.DIRECTING.value}
        if line["committee"] in apart and apart <= own:
            text = _("%(name)s cannot sit on the audit and the directing committee at once.")
            yield Problem(text % what, number, "name")


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


MEMBERS = MemberRows()
SEATS = SeatRows()
