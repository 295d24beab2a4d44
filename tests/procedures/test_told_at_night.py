"""Work that comes at night is told of in the morning, but stands under the bell at once."""

from collections.abc import Iterator
from typing import Any

import pytest

from cases import clock
from notifications import bell, delivery
from notifications.models import Message
from tests.cases.running import at
from tests.cast import Cast, bring_to, do, open_founding
from tests.notifications.post_office import PostOffice, open_post_office

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = "2026-11-20", "2026-11-23"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as opened:
        yield opened


@pytest.fixture
def case(cast: Cast) -> Any:
    with clock.travel(at(FRIDAY, "10:00")):
        return bring_to(open_founding(cast), "verify_preparation", cast)


def test_what_is_returned_on_a_friday_night_is_told_on_monday(
    cast: Cast, case: Any, office: PostOffice
) -> None:
    Message.objects.all().delete()
    back = {"outcome": "RETURNED", "to": "study", "reason": "เหตุ"}
    with clock.travel(at(FRIDAY, "20:00")):
        do(case, "verify_preparation", by=cast.chief, **back)
    told = Message.objects.get(to=cast.officer)
    assert told.hold_until == at(MONDAY, "08:30")
    assert bell.unseen(cast.officer) == 1
    assert delivery.deliver_due(at=at(MONDAY, "08:29")) == 0
    assert delivery.deliver_due(at=at(MONDAY, "08:30")) == 1
    assert office.letters[0]["Date"].datetime == at(MONDAY, "08:30")


def test_by_day_it_is_told_at_once(cast: Cast, case: Any) -> None:
    Message.objects.all().delete()
    back = {"outcome": "RETURNED", "to": "study", "reason": "เหตุ"}
    with clock.travel(at(FRIDAY, "11:00")):
        do(case, "verify_preparation", by=cast.chief, **back)
    assert Message.objects.get(to=cast.officer).hold_until is None
