"""Who signs a paper beside the head of the office: the officer of a case, a group's committee."""

from cases.models import Area, Case, Party, Seat
from cases.papers import places
from cases.roles import Role


def field_officer(case: Case) -> dict[str, str]:
    """Name and position of the field officer who works on the case; the name may be empty."""
    items = case.task_set.filter(role=Role.FIELD_OFFICER, owner__isnull=False)
    last = items.select_related("owner").order_by("pk").last()
    tambon = places.above(case.area, Area.Level.SUBDISTRICT)
    position = f"พัฒนากรผู้ประสานงาน{places.named(tambon)}"
    return {"name": str(last.owner) if last else "", "position": position}


def seat_holder(party: Party | None, position: Seat.Position) -> str:
    """The name of who holds `position` on the group's directing committee; "" if nobody does."""
    held = Seat.objects.filter(
        party=party, committee=Seat.Committee.DIRECTING, position=position, left_on=None
    )
    seat = held.order_by("pk").first() if party else None
    return seat.name if seat else ""
