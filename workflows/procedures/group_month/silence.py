"""Two months without a report in a row: the district CD chief hears of it once (handbook 5.2)."""

from typing import TYPE_CHECKING, cast

from cases import clock, people
from cases.dates import format_month
from cases.matters import matter
from cases.periods import months_later
from cases.quiet import hold_until
from cases.roles import Role
from notifications import outbox

if TYPE_CHECKING:
    from datetime import date

    from workflows.procedures.group_month.models import GroupMonth


def tell(case: "GroupMonth") -> None:
    """Tell the chief if `case`, which has just gone missing, is the second month in a row.

    The third and later ones are not told again: the group stands on the area's page since.
    """
    period = cast("date", case.period)
    around = {step: months_later(period, step) for step in (-2, -1, 1)}
    silent = type(case).objects.filter(party=case.party_id, state="missing")
    missing = set(silent.filter(period__in=around.values()).values_list("period", flat=True))
    before, earlier, after = (around[step] in missing for step in (-1, -2, 1))
    if not (before and not earlier) and not (after and not before):
        return
    months = {code: format_month(period, code) for code in ("th", "lo", "en")}
    context = matter(case, "") | {"month": months, "url": f"/groups/{case.party_id}/"}
    at = clock.now()
    outbox.queue_many(
        [
            outbox.message(
                to=post.user,
                template="months_missing",
                context=context,
                key=f"missing:{case.pk}:{post.user_id}",
                at=at,
                hold_until=hold_until(post.area_id, at),
            )
            for post in people.holders(Role.DISTRICT_CHIEF_CD, case.area_id)
        ]
    )
