"""The addresses beside the pages, for the world that the tests of all addresses walk through."""

from typing import Any

from cases import clock, endpoints
from cases.models import Area, RungRecord
from notifications import act_links, feeds
from notifications.models import Message
from tests.cast import item_of, open_founding


def add_places(world: Any) -> None:
    """A calendar and links of the officer's, who was told of a deadline."""
    world.add("my-calendar", sent={"make": "1"})
    world.add("my-line", sent={"unlink": "1"})
    world.add("calendar-feed", feeds.make(world.cast.officer))
    world.add("calendar-feed revoked", "A" * 43)
    world.add("line-webhook")
    world.add("act", _link(world))
    used = _link(world)
    found = act_links.find(used)
    assert found is not None
    act_links.use(found)
    world.add("act used", used)
    world.add("act forged", "A" * 43)
    entered = {"name": "จังหวัด", "url": "https://example.org/hook", "submit": "1"}
    world.add("office-webhooks")
    world.add("new-webhook", query="?area=TH42", sent=entered)
    world.add("new-webhook incomplete", sent={"submit": "1"})
    kept = endpoints.add(Area.objects.get(pk="TH42"), name="x", url="y", by=world.cast.admin)
    endpoints.switch(kept, active=False, by=world.cast.admin)
    world.add("webhook", kept.pk, sent={"rotate": "1"})
    world.add("webhook unknown", 9_223_372_036_854_775_807)


def _link(world: Any) -> str:
    """The secret of a link by which the officer acknowledges."""
    deadline = item_of(open_founding(world.cast)).deadline
    now = clock.now()
    told = {"deadline": deadline, "receiver": world.cast.officer, "position": 0}
    RungRecord.objects.create(**told, outcome="FIRED", planned_at=now, at=now)
    message = Message(to=world.cast.officer, template="overdue", context={"deadline": deadline.pk})
    acts = {act.action: act.url for act in act_links.offered(message)}
    return acts[act_links.ACKNOWLEDGE].rstrip("/").rpartition("/")[2]
