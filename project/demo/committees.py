"""Committees of the funds that stand in the demonstration's villages: invented people.

One or two of a village sit on several funds, as everywhere: the picture of who sits where and the
warning at a founding have something to show (handbook 5.1, exceptions).
"""

from datetime import date

from cases import terms
from cases.models import Party, Seat
from cases.text import name_key
from project.demo import members

DISTRICT = "TH4203"  # Chiang Khan, where most of the demonstration's cases run
_POSITIONS = ("CHAIR", "SECRETARY", "TREASURER", "MEMBER", "MEMBER")
# Which people of the village sit where; numbers 0 to 12 are elected when a group is founded.
_PEOPLE = {
    Party.Kind.KKJ_FUND: (14, 1, 15, 16, 17),
    Party.Kind.MOTHER_FUND: (18, 19, 3, 1, 20),
}


def load(on: date) -> int:
    """Give the funds of the district their committees, if none has one yet. Returns how many seats.

    Their terms of two years began a year before `on`.
    """
    if Seat.objects.filter(party__invented=True).exists():
        return 0
    funds = Party.objects.filter(invented=True, area__code__startswith=DISTRICT, kind__in=_PEOPLE)
    found = [seat for fund in funds.select_related("area").order_by("pk") for seat in _of(fund, on)]
    Seat.objects.bulk_create(found, batch_size=1000)
    return len(found)


def _of(fund: Party, on: date) -> list[Seat]:
    people = members.members(fund.area_id, 24, on)
    starts = date(on.year - 1, on.month, 1)
    names = [people[number]["name"] for number in _PEOPLE[Party.Kind(fund.kind)]]
    return [
        Seat(
            party=fund,
            committee=Seat.Committee.MANAGEMENT,
            position=position,
            name=name,
            name_key=name_key(name),
            starts_on=starts,
            ends_on=terms.last_day(starts, 24),
        )
        for position, name in zip(_POSITIONS, names, strict=True)
    ]
