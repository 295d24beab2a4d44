"""The only place that writes the history of an office's own data (people, holidays, settings)."""

from typing import Any

from cases import clock
from cases.models import Area, Change, User


def record(
    kind: Change.Kind,
    *,
    by: User | None,
    about: str,
    area: Area | str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Change:
    """Keep that `by` (None: the system) did `kind` to `about`, e.g. "user:12", now.

    `before` and `after` hold what differs, as JSON; never a password or a secret.
    """
    return Change.objects.create(
        kind=kind,
        at=clock.now(),
        by=by,
        area_id=area.pk if isinstance(area, Area) else area,
        about=about,
        before=before or {},
        after=after or {},
    )
