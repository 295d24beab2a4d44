"""The scene of a torture: one province with a person in every post, and the work that is due."""

from datetime import datetime
from pathlib import Path

from django.utils import timezone

from cases import calendar, holidays, ladders, territory
from tests import crowd
from workflows import contents

PROVINCE, LADDER = "TH42", "torture"

# Work that began so many working days ago and might take so many: of ten, one rung is due for
# eight; three and five of the six after a standstill.
KINDS = [(4, 7)] * 4 + [(1, 1)] * 4 + [(2, 1), (11, 1)]


def load_province(day: datetime) -> None:
    """The areas and people of the province, the holidays about `day`, the ladder, the texts."""
    units = [unit for unit in territory.thai_units() if unit.code.startswith(PROVINCE)]
    territory.load([territory.Unit("TH"), *units])
    holidays.seed("TH", [day.year - 1, day.year])
    ladders.seed(Path(__file__).with_name("ladders.yaml"))
    contents.load_all()
    crowd.staff(PROVINCE)


def kinds_on(day: datetime) -> list[crowd.Kind]:
    """The kinds of work that are due by `day`, begun at the same time of an earlier day."""
    today = timezone.localdate(day)
    return [
        crowd.Kind(day - (today - calendar.add_working_days("TH", today, -ago)), working_days)
        for ago, working_days in KINDS
    ]
