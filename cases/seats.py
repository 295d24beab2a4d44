"""Who sits where: the same people on several funds (handbook 5.1, exceptions; 5.1.1).

People are known by their names, since nobody's number is kept: two may share one. So this warns
and never decides.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from cases import clock
from cases.models import Party, Seat
from cases.text import name_key

NEIGHBOURHOOD = 8  # characters of an area's code that name the subdistrict
_OVER = (Party.Status.DISSOLVED, Party.Status.NOT_FOUNDED)


def held(day: date | None = None) -> QuerySet[Seat]:
    """Seats that are held on `day`, default today; who stays after the term sits until they leave.

    Those of groups that are no more, or never came to be, do not count.
    """
    on = day or clock.today()
    seats = Seat.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=on), starts_on__lte=on)
    return seats.exclude(party__status__in=_OVER).select_related("party").order_by("pk")


def in_area(code: str, day: date | None = None) -> list[Seat]:
    """The seats of all groups and funds that are in the area itself, none below it."""
    return list(held(day).filter(party__area_id=code))


def elsewhere(names: Iterable[str], code: str, *, besides: int | None = None) -> list[Seat]:
    """Seats that people of these `names` hold today in the subdistrict of the village `code`.

    Those in the group `besides` (its id) are left out: it is the one that is asked about.
    """
    keys = {name_key(name) for name in names} - {""}
    if not keys:
        return []
    seats = held().filter(name_key__in=keys, party__area__code__startswith=code[:NEIGHBOURHOOD])
    return list(seats.exclude(party=besides) if besides else seats)
