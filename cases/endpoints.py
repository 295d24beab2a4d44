"""The other systems that an area tells of its cases: added, changed and tried by administrators.

Every change stands in the history of the office; a secret never does.
"""

import uuid

from django.db import transaction

from cases import changes, clock
from cases.models import Area, Change, User
from notifications import endpoints, outbox
from notifications.models import Endpoint

MOST = 10  # of one area: each event of its cases is sent to each of them


@transaction.atomic
def add(area: Area, *, name: str, url: str, by: User) -> Endpoint:
    """Let the system at `url` be told of the cases of `area`; its secret is in the result."""
    secret = endpoints.new_secret()
    added = Endpoint.objects.create(area_code=area.code, name=name, url=url, secret=secret)
    _record(added, by, after={"name": name, "url": url})
    return added


@transaction.atomic
def rotate(endpoint: Endpoint, *, by: User) -> str:
    """A new secret, shown once; the one before signs as well until `settle`."""
    secret = endpoints.rotate(endpoint)
    _record(endpoint, by, after={"secret": "new"})
    return secret


@transaction.atomic
def settle(endpoint: Endpoint, *, by: User) -> None:
    """The other system knows the new secret: the one before no longer signs."""
    endpoints.settle(endpoint)
    _record(endpoint, by, before={"secret": "old"})


@transaction.atomic
def switch(endpoint: Endpoint, *, active: bool, by: User) -> None:
    """Tell the system, or tell it nothing more; what waits for it is then given up."""
    if endpoint.active != active:
        endpoint.active = active
        endpoint.save(update_fields=["active"])
        _record(endpoint, by, before={"active": not active}, after={"active": active})


def try_out(endpoint: Endpoint) -> None:
    """Send a webhook that says nothing, to see whether it arrives."""
    row = endpoints.message(
        endpoint, endpoints.TEST, {}, about=f"test-{uuid.uuid4().hex}", at=clock.now()
    )
    outbox.queue_many([row])


def is_full(area: str) -> bool:
    """Whether the area has as many systems as it may."""
    return Endpoint.objects.filter(area_code=area).count() >= MOST


def _record(
    endpoint: Endpoint,
    by: User,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    changes.record(
        Change.Kind.SETTING_CHANGED,
        by=by,
        area=endpoint.area_code,
        about=f"endpoint:{endpoint.pk}",
        before=before,
        after=after,
    )
