"""Who was told can be searched; the operator's page is red or green, and lends a second try."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.utils import timezone

from cases import alarms, clock
from cases.alarms import Finding, Kind
from cases.models import Alarm, Change, Deadline, Post, RungRecord
from cases.roles import Role
from notifications.models import Message
from project import watch
from tests.cast import LONG_AGO, item_of, open_founding
from tests.contract.test_pages import cost
from tests.contract.world import World


def page(world: World, who: str, url: str) -> str:
    response = world.client(who, language="en").get(url)
    assert response.status_code == 200
    return str(response.content.decode())


def told(world: World, *, village: Any = None, **values: Any) -> RungRecord:
    """A record of somebody who was told, or was not."""
    case = open_founding(world.cast, area=village or world.cast.village)
    now = clock.now()
    given = {"position": 0, "outcome": "FIRED", "planned_at": now, "at": now} | values
    deadline: Deadline = item_of(case).deadline
    return RungRecord.objects.create(deadline=deadline, **given)


def message(world: World, key: str, **values: Any) -> Message:
    given = {"to": world.cast.chief, "template": "escalated", "queued_at": clock.now()} | values
    return Message.objects.create(key=key, **given)


FOUND = "/office/escalations/"


def test_records_are_found_by_case_person_outcome_reason_and_day(world: World) -> None:
    cast, now = world.cast, timezone.now()
    RungRecord.objects.all().delete()
    told(world, receiver=cast.chief, message_key="a")
    message(world, "a", sent_at=now)
    told(world, receiver=cast.academic, message_key="b")
    message(world, "b", given_up_at=now, error="SMTPException: no")
    told(world, receiver=cast.governor, message_key="c")
    message(world, "c")
    told(world, outcome="SKIPPED", reason="nobody_holds_post", role=Role.DEPARTMENT)
    old = told(world, outcome="ACKNOWLEDGED", receiver=cast.officer, at=now - timedelta(days=60))

    def names(query: str) -> set[str]:
        text = page(world, "admin", FOUND + query)
        people = (cast.chief, cast.academic, cast.governor, cast.officer)
        rows = text.partition('id="results"')[2]
        empty = {"department"} & {"department" if "Community Development Dep" in rows else ""}
        return {user.username for user in people if str(user) in rows} | empty

    everybody = {"chief", "academic", "governor", "officer", "department"}
    assert names("") == everybody
    assert names("?outcome=DELIVERED") == {"chief"}
    assert names("?outcome=NOT_DELIVERED") == {"academic"}
    assert names("?outcome=WAITING") == {"governor"}
    assert names("?outcome=TOLD") == {"chief", "academic", "governor"}
    assert names("?outcome=SKIPPED") == names("?reason=nobody_holds_post") == {"department"}
    assert names("?outcome=ACKNOWLEDGED") == {"officer"}
    assert names("?person=chief") == {"chief"}
    assert names(f"?number={old.deadline.case.number.lower()}") == {"officer"}
    day = (clock.today() - timedelta(days=30)).isoformat()
    assert names(f"?until={day}") == {"officer"}
    assert names(f"?since={day}") == everybody - {"officer"}
    assert names("?number=%27%3B&person=nobody&since=x&before=9-x") == set()


def test_each_sees_their_own_areas_and_administrators_open_no_case(world: World) -> None:
    RungRecord.objects.all().delete()
    record = told(world, receiver=world.cast.chief)
    link = f"/cases/{record.deadline.case.number}/deadlines/"
    assert link in page(world, "chief", FOUND)
    assert "1 record" in page(world, "chief", FOUND)
    assert "1 record" in page(world, "admin", FOUND)
    assert link not in page(world, "admin", FOUND)
    for stranger in ("outsider", "nobody"):
        assert "No record fits" in page(world, stranger, FOUND)


def test_pages_go_by_key_and_show_each_record_once(world: World) -> None:
    RungRecord.objects.all().delete()
    case, now = open_founding(world.cast), clock.now()
    RungRecord.objects.bulk_create(
        RungRecord(
            deadline=item_of(case).deadline,
            position=0,
            repeat=number,
            outcome="SKIPPED",
            planned_at=now,
            at=now - timedelta(hours=number // 3),  # several at the same moment
        )
        for number in range(60)
    )
    seen: list[str] = []
    costs = []
    url = FOUND
    while url:
        text = page(world, "officer", url)
        costs.append(cost(world, "officer", url))
        seen += [part.partition(")")[0] for part in text.split("(repeat ")[1:]]
        _before, _rel, after = text.partition('rel="next" href="')
        url = FOUND + after.partition('"')[0].replace("&amp;", "&") if after else ""
    assert sorted(map(int, seen)) == list(range(1, 60))
    assert len(costs) == 3
    assert max(costs) <= 8


def test_a_dead_letter_is_sent_again_once(world: World) -> None:
    lost = Message.objects.get(key="lost")
    client = world.client("admin", language="en")
    for _twice in range(2):
        assert client.post("/operator/send-again/", {"message": lost.pk}).status_code == 302
        lost.refresh_from_db()
        assert (lost.given_up_at, lost.attempts, lost.error) == (None, 0, "")
    assert "somebody has done it already" in page_after(client)
    change = Change.objects.get(kind="MESSAGES_RESENT")
    assert (change.by, change.about) == (world.cast.admin, f"message:{lost.pk}")
    assert "Messages sent again" in page(world, "admin", "/office/history/")
    sent = Message.objects.create(
        key="sent", to=world.cast.officer, queued_at=clock.now(), sent_at=timezone.now()
    )
    for wrong in ("", "x", "0", str(sent.pk), "9" * 30):
        client.post("/operator/send-again/", {"message": wrong})
    assert Change.objects.filter(kind="MESSAGES_RESENT").count() == 1


def page_after(client: Any) -> str:
    return str(client.get("/operator/").content.decode())


def test_an_administrator_of_a_province_operates_that_province_alone(world: World) -> None:
    cast = world.cast
    Post.objects.create(user=cast.academic, role=Role.ADMIN, area_id="TH4209", starts_on=LONG_AGO)
    here = Finding(Kind.RUNG_LATE, "TH4203", "TH4203", {"count": 3, "deadlines": []})
    machine = Finding(Kind.PART_STILL, "sweep", facts={"part": "sweep"})
    alarms.keep([here, machine], now=timezone.now())
    whole, part = page(world, "admin", "/operator/"), page(world, "academic", "/operator/")
    assert "Rungs are due" in whole
    assert "Sweep over the deadlines" in whole
    assert "Something is broken" in whole
    assert "All is well" in part
    assert "Last runs" not in part
    client = world.client("academic")
    client.post("/operator/send-again/", {"all": "1"})  # the officer has no post there
    assert Message.objects.get(key="lost").given_up_at is not None


def test_the_page_turns_red_and_green_with_the_alarms(world: World) -> None:
    Alarm.objects.all().delete()
    for name in ("sweep", "deliver"):
        watch.note(name)
    assert "All is well" in page(world, "admin", "/operator/")
    alarms.keep([Finding(Kind.EMPTY_POST, "x", "TH42", empty())], now=timezone.now())
    assert "somebody is missing" in page(world, "admin", "/operator/")
    late = Finding(Kind.RUNG_LATE, "TH42", "TH42", {"count": 1, "deadlines": []})
    alarms.keep([late], now=timezone.now())
    assert "Something is broken" in page(world, "admin", "/operator/")
    alarms.keep([], now=timezone.now())
    assert "All is well" in page(world, "admin", "/operator/")


def empty() -> dict[str, Any]:
    return {"role": Role.GOVERNOR, "count": 2}


def test_the_page_costs_the_same_however_much_is_wrong(world: World) -> None:
    deadlines = list(Deadline.objects.values_list("pk", flat=True)[:20])
    costs = []
    for many in (1, 30):
        facts = {"count": 9, "deadlines": deadlines}
        found = [Finding(Kind.RUNG_LATE, str(n), "TH42", facts) for n in range(many)]
        found += [Finding(Kind.EMPTY_POST, str(n), "TH4203", empty()) for n in range(many)]
        user = world.cast.officer.pk
        found += [Finding(Kind.NO_ADDRESS, str(n), "TH42", {"user": user, "count": 1}) for n in "a"]
        alarms.keep(found, now=timezone.now())
        for number in range(many):
            message(world, f"{many}-{number}", given_up_at=timezone.now(), error="no_address")
        costs.append(cost(world, "admin", "/operator/"))
    assert costs[0] == costs[1]


@pytest.fixture
def monitor() -> Iterator[tuple[str, list[str]]]:
    """The address of a monitor outside, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/ping", asked
        server.shutdown()


def test_the_monitor_outside_hears_of_audits_that_found_nothing_broken(
    world: World, settings: Any, monitor: tuple[str, list[str]]
) -> None:
    settings.HEARTBEAT_URL, asked = monitor
    RungRecord.objects.all().delete()
    Deadline.objects.update(closed_at=clock.now(), next_at=None)
    watch.audit()
    assert asked == ["/ping"]
    for name in ("sweep", "deliver"):
        watch.note(name, timezone.now() - timedelta(hours=1))
    kinds = [finding.kind for finding in watch.audit()]
    assert kinds.count(Kind.PART_STILL) == 2
    assert asked == ["/ping"]
    settings.HEARTBEAT_URL = "http://127.0.0.1:1/"
    for name in ("sweep", "deliver"):
        watch.note(name)
    watch.audit()
    assert not alarms.red().exists()
    assert watch.tell_outside() is False  # nobody answers there, and nothing else happens
