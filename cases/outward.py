"""What other systems hear of a case: that an event happened, in ids and codes (DESIGN 4)."""

from collections.abc import Iterable

from cases.models import Case, Event
from notifications import endpoints, outbox

TOLD_CODES = ("to", "outcome", "how")
"""What an event's codes tell outside: the next step, the decision, the way of ending. Others
hold keys of people."""


def tell(events: Iterable[tuple[Case, Event]]) -> None:
    """Queue a webhook of each event for every endpoint of an area around its case.

    One INSERT in the caller's transaction; nothing at all where no area has an endpoint.
    """
    known = endpoints.active()
    if not known:
        return
    rows = [
        endpoints.message(
            endpoint, _kind(event), _data(case, event), about=str(event.pk), at=event.at
        )
        for case, event in events
        for endpoint in known
        if case.area_id.startswith(endpoint.area_code)
    ]
    if rows:
        outbox.queue_many(rows)


def _kind(event: Event) -> str:
    return f"case.{event.kind.lower()}"


def _data(case: Case, event: Event) -> dict[str, object]:
    """No names, no texts, and nobody's key: who did it stands in the trail, for who may read it."""
    return {
        "case": case.number,
        "procedure": case.procedure,
        "area": case.area_id,
        "state": case.state,
        "event": event.number,
        "step": event.step,
        **{name: event.codes[name] for name in TOLD_CODES if name in event.codes},
    }
