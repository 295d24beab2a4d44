"""Groups and funds of Loei for the demonstration: invented one by one, true in number.

Every count of the district table (handbook 6.1) comes out exactly: savings groups, กข.คจ. funds
and mother funds of each district at each level. Which village has which is not published; here
the villages are drawn by a fixed hash, at most one group of a kind each.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection

from cases.models import Area, Party
from project.demo.villages import funds_table

Kind = Party.Kind

# Of each kind: its columns in the table by level, what its groups are called, and the years in
# which they were founded (handbook 1 and 6.2: กข.คจ. 2536-2544 BE, mother funds since 2546 BE).
_KINDS = {
    Kind.SAVINGS_GROUP: (
        {"sg_l1": "1", "sg_l2": "2", "sg_l3": "3"},
        "กลุ่มออมทรัพย์เพื่อการผลิต{village}",
        (1990, 2022),
    ),
    Kind.KKJ_FUND: (
        {"kk_l1": "1", "kk_l2": "2", "kk_l3": "3"},
        "กองทุน กข.คจ. {village}",
        (1993, 2001),
    ),
    Kind.MOTHER_FUND: (
        {"mf_a": "A", "mf_b": "B", "mf_c": "C"},
        "กองทุนแม่ของแผ่นดิน{village}",
        (2004, 2022),
    ),
}


def load() -> int:
    """Add the groups that are missing; what became of the others since stays. Returns how many.

    The villages have to be loaded.
    """
    known = set(Party.objects.filter(invented=True).values_list("register_number", flat=True))
    missing = [party for party in parties() if party.register_number not in known]
    Party.objects.bulk_create(missing, batch_size=1000)
    with connection.cursor() as cursor:  # the next queries are planned on what stands now
        cursor.execute("ANALYZE cases_party")
    return len(missing)


def parties() -> Iterator[Party]:
    """All 1,400 groups, unsaved; the same every time."""
    villages = Area.objects.filter(level=Area.Level.VILLAGE, invented=True).order_by("code")
    by_district: dict[str, list[Area]] = {}
    for village in villages:
        by_district.setdefault(village.code[:6], []).append(village)
    for row in funds_table():
        for kind, (columns, _name, _years) in _KINDS.items():
            levels = [level for column, level in columns.items() for _ in range(int(row[column]))]
            drawn = sorted(by_district[f"TH{row['code']}"], key=lambda v: _hash(kind, v.code))
            for village, level in zip(drawn, levels, strict=False):
                yield _party(kind, village, level)


def _party(kind: Party.Kind, village: Area, level: str) -> Party:
    _columns, name, (first, last) = _KINDS[kind]
    days = (date(last, 9, 30) - date(first, 10, 1)).days
    return Party(
        kind=kind,
        name=name.format(village=village.name_th),
        area=village,
        level=level,
        founded_on=date(first, 10, 1) + timedelta(days=_hash("founded", kind, village.code) % days),
        register_number=f"DEMO-{kind}-{village.code}",
        invented=True,
    )


def _hash(*parts: str) -> int:
    return int.from_bytes(hashlib.sha256("/".join(parts).encode()).digest()[:8], "big")
