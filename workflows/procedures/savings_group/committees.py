"""The lines of the election: who sits on the four committees (handbook 5.1, 2.4; 5.1.1)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import contents, terms
from cases.models import Party, Seat
from cases.text import name_key
from workflows.procedures.savings_group.members import MEMBERS, who
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
        seats = [(n, line, found[0]) for n, (line, found) in _clear(lines, people)]
        return [*unclear, *_sizes(case, lines), *_officers(lines), *_twice_seated(seats)]

    def summary(self, case: Any, lines: list[Line]) -> str:
        counted = Counter(line["committee"] for line in lines)
        return ", ".join(f"{each.label} {counted[each]}" for each in FOUR if counted[each])


SEATS = SeatRows()


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


def _twice_seated(seats: list[tuple[int, Line, Line]]) -> Iterator[Problem]:
    """One seat a committee; nobody on audit and directing at once (handbook 5.1.1)."""
    held: dict[int, set[str]] = {}
    for number, line, member in seats:
        own = held.setdefault(member["number"], set())
        what = {"name": member["name"], "committee": Seat.Committee(line["committee"]).label}
        if line["committee"] in own:
            text = _("%(name)s already sits on this committee: %(committee)s.")
            yield Problem(text % what, number, "name")
        own.add(line["committee"])
        apart = {Seat.Committee.AUDIT.value, Seat.Committee.DIRECTING.value}
        if line["committee"] in apart and apart <= own:
            text = _("%(name)s cannot sit on the audit and the directing committee at once.")
            yield Problem(text % what, number, "name")


def _term(case: Any) -> dict[str, Any]:
    """The days of a seat: elected, from and to (handbook 5.1.1)."""
    day = case.elected_on
    ends = terms.last_day(day, case.committee_term_months)
    return {"elected_on": day, "starts_on": day, "ends_on": ends}
