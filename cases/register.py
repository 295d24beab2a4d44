"""The register of groups and funds: what stands where, at which level (handbook 6.1, 8 rule 11)."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Left

from cases.models import Area, Party
from cases.models.area import AreaQuerySet

# A planned group is none yet, a dissolved one no longer; dormant ones count (handbook 5.3).
_STANDING = (Party.Status.ACTIVE, Party.Status.DORMANT, Party.Status.UNDER_DISPUTE)


@dataclass(frozen=True, order=True)
class Tally:
    """So many groups of a kind at a level (empty: none was given) in the area with code `place`."""

    place: str
    kind: str
    level: str
    number: int


def counts(area_code: str, depth: Area.Level = Area.Level.DISTRICT) -> list[Tally]:
    """Groups that stand under an area, by kind and level and by the areas at `depth`; one query.

    Kinds and levels without a group have no row. A group that is placed higher than `depth`
    counts at its own area. What a level means is the instrument's to say (handbook 5.3).
    """
    rows = (
        Party.objects.filter(area__code__startswith=area_code, status__in=_STANDING)
        .values_list(Left("area_id", 2 + 2 * depth), "kind", "level")
        .annotate(Count("pk"))
        .order_by()
    )
    return sorted(Tally(*row) for row in rows)


def groups_in(area_code: str) -> list[Party]:
    """The groups that stand in one area itself, none below it, by name."""
    return list(Party.objects.filter(area_id=area_code, status__in=_STANDING).order_by("name"))


def villages_without(kind: str, area_code: str) -> AreaQuerySet:
    """Villages under an area in which no group of `kind` stands or is planned.

    For savings groups these are the villages where one may be founded (handbook 5.1, trigger).
    """
    over = (Party.Status.DISSOLVED, Party.Status.NOT_FOUNDED)
    group = Party.objects.filter(kind=kind, area=OuterRef("pk")).exclude(status__in=over)
    villages = Area.objects.in_force().under(area_code).filter(level=Area.Level.VILLAGE)
    return villages.filter(~Exists(group))
