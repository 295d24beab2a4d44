"""What other systems are told of cases: each event once, in ids and codes, and by nobody's name."""

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.models import Event, User
from notifications import endpoints
from notifications.models import Endpoint, Message
from tests.cast import Cast, assemble, bring_to, do, item_of, open_founding
from workflows import claims

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def endpoint(area: str, **values: Any) -> Endpoint:
    made = {"name": area, "url": "https://example.org/", "secret": endpoints.new_secret()}
    return Endpoint.objects.create(area_code=area, **made, **values)


def told(to: Endpoint) -> list[dict[str, Any]]:
    rows = Message.objects.filter(endpoint=to, channel="WEBHOOK", to=None, bell=False)
    return [row.context for row in rows.order_by("pk")]


def test_each_event_is_queued_once_for_each_endpoint_around_the_case(cast: Cast) -> None:
    near = [endpoint(code) for code in ("TH", "TH42", "TH4203")]
    far = [endpoint("TH4209"), endpoint("LA"), endpoint("TH", active=False)]
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    do(case, "verify_preparation", by=cast.chief)
    events = list(case.events.order_by("number"))
    assert len(events) > 10
    for each in near:
        assert [row["data"]["event"] for row in told(each)] == [e.number for e in events]
        assert {row.key for row in each.messages.all()} == {
            f"webhook:{event.pk}:{each.pk}" for event in events
        }
    assert [told(each) for each in far] == [[], [], []]
    decided = told(near[0])[-1]
    assert decided == {
        "type": "case.decided",
        "timestamp": events[-1].at.isoformat(),
        "data": {
            "case": case.number,
            "procedure": "SGF",
            "area": cast.village.code,
            "state": events[-1].codes["state"],
            "event": events[-1].number,
            "step": "verify_preparation",
            "to": events[-1].codes["to"],
            "outcome": "APPROVED",
        },
    }


def test_no_name_no_address_and_no_key_of_a_person_leaves(cast: Cast) -> None:
    to = endpoint("TH")
    User.objects.filter(pk=cast.officer.pk).update(name="สมชาย ใจดี")
    case = bring_to(open_founding(cast), "verify_preparation", cast)
    back = {"outcome": "RETURNED", "to": "study", "reason": "เหตุลับ", "defects": ("ลับ",)}
    case = do(case, "verify_preparation", by=cast.chief, **back)
    claims.release(item_of(case).pk, by=cast.officer)
    claims.free(item_of(case).pk)
    said = json.dumps(told(to), ensure_ascii=False)
    for person in User.objects.all():
        assert str(person) not in said
        assert person.username not in said
    assert "ลับ" not in said
    kept = {"case", "procedure", "area", "state", "event", "step", "to", "outcome", "how"}
    assert {name for row in told(to) for name in row["data"]} <= kept


def test_it_costs_nothing_without_an_endpoint_and_one_statement_with_many(cast: Cast) -> None:
    counts = []
    for areas in ([], ["TH"], ["TH42", "TH4203"], ["TH4209"]):
        for area in areas:
            endpoint(area)
        case = open_founding(cast)
        item = item_of(case)
        with CaptureQueriesContext(connection) as queries:
            claims.release(item.pk, by=cast.officer)
        counts.append(len(queries))
    assert [count - counts[0] for count in counts] == [0, 1, 1, 1]


def test_what_is_rolled_back_is_told_to_nobody(cast: Cast) -> None:
    to = endpoint("TH")
    with transaction.atomic():
        open_founding(cast)
        assert told(to)
        transaction.set_rollback(True)
    assert told(to) == []
    assert Event.objects.count() == 0
