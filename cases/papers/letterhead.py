"""The office that a paper comes from: its letterhead, set by the office itself (handbook 3.5)."""

from dataclasses import dataclass, replace

from cases import clock, office_settings, people
from cases.models import Area, Post
from cases.papers import places
from cases.roles import Role


@dataclass(frozen=True)
class Letterhead:
    """Name, address and phone of an office, the code before its letters' numbers, who signs."""

    office_name: str
    address: str = ""
    phone: str = ""
    letter_code: str = ""
    signer_name: str = ""
    signer_position: str = ""


def of(area: Area) -> Letterhead:
    """The letterhead of the district's CD office that `area` belongs to.

    What the office or the nearest one above it set, else its name and place; the signer is
    whoever holds the post of its chief today.
    """
    district = places.above(area, Area.Level.DISTRICT)
    default = Letterhead(
        office_name=f"สำนักงานพัฒนาชุมชน{places.named(district)}",
        address=places.full(district),
    )
    office_settings.forget()  # what another process changed a moment ago counts on paper
    chosen = office_settings.get(office_settings.LETTERHEAD, area.code) or {}
    given = {name: chosen[name] for name in office_settings.LETTERHEAD_FIELDS if chosen.get(name)}
    return replace(default, **given, **_signer(district))


def _signer(district: Area) -> dict[str, str]:
    """Who signs for the office, by post; an acting chief signs as such (handbook 4.1)."""
    posts = people.holders(Role.DISTRICT_CHIEF_CD, district.code)
    position = f"พัฒนาการ{places.named(district)}"
    if not posts:
        return {"signer_position": position}
    post: Post = min(posts, key=lambda each: (each.acting_for_id is not None, each.pk))
    if substituted := post.acting_for:
        vacant = substituted.ends_on is not None and substituted.ends_on < clock.today()
        position = f"{'รักษาการในตำแหน่ง' if vacant else 'รักษาราชการแทน'}{position}"
    return {"signer_name": str(post.user), "signer_position": position}
