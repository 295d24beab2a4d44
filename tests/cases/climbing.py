"""A ladder under way: the staff of a district, its days, and a sweep at a moment."""

from cases import sweep
from cases.models import RungRecord, User
from cases.roles import Role
from notifications.models import Message
from tests.cases.running import DISTRICT, PROVINCE, at, person

# Work that began on Monday, 23 November 2026, is due in 7 working days: on Wednesday, 2 December.
BEGUN = at("2026-11-23")
REMINDER, DUE_DAY, ONE_LATE = "2026-11-27", "2026-12-02", "2026-12-03"
# 7 and 10 December are days off.
FIVE_LATE, TEN_LATE = "2026-12-11", "2026-12-18"


def chiefs_of_all_levels() -> dict[str, User]:
    """Everybody above the officer, by the start of their name."""
    return {
        "cd_chief": person("cd_chief", Role.DISTRICT_CHIEF_CD, DISTRICT),
        "chief": person("chief", Role.DISTRICT_CHIEF, DISTRICT),
        "academic": person("academic", Role.PROV_ACADEMIC, PROVINCE),
        "head": person("head", Role.PROV_GROUP_HEAD, PROVINCE),
    }


def swept(day: str, time: str = "08:30") -> set[tuple[str, str]]:
    """Sweep at that moment; who was told with which template by then and not before."""
    moment = at(day, time)
    sweep.until_done(at=moment)
    return set(Message.objects.filter(queued_at=moment).values_list("to__username", "template"))


def skips() -> list[tuple[str, str, str | None]]:
    """Who was passed over: reason, role, person."""
    skipped = RungRecord.objects.filter(outcome="SKIPPED").order_by("pk")
    return list(skipped.values_list("reason", "role", "receiver__username"))
