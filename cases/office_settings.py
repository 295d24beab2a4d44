"""What an office chose for itself, in force from a moment on (handbook 4.3, 8).

Rows of `OfficeSetting` are only added. At a place the nearest area counts that chose a value of
its own; a row without a value gives the choice back to the areas above. What a process reads is
kept in memory, so that asking costs no query.

Keys: `letterhead`; `due.SGF.study`, how long a step may take; `number.SGF.interested`, a number of
a procedure's content; `told.DISTRICT_CHIEF`, who is told for the holders of a post.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver

from cases import changes, clock
from cases.models import Area, Change, OfficeSetting, User
from cases.models.area import prefixes

_STALE_SECONDS = 60  # how long another process may still use the values of before

LETTERHEAD = "letterhead"
LETTERHEAD_FIELDS = ("office_name", "address", "phone", "letter_code")


@dataclass(frozen=True)
class Setting:
    """A value with the area that chose it and since when; `area_names` by language."""

    value: Any
    area: str
    area_names: Mapping[str, str]
    set_at: datetime
    set_by: int | None
    reason: str


def due_key(procedure: str, step: str) -> str:
    """The key of how many days the step may take, in the unit that the procedure names."""
    return f"due.{procedure}.{step}"


def number_key(procedure: str, name: str) -> str:
    """The key of a number of the procedure's content."""
    return f"number.{procedure}.{name}"


def told_key(role: str) -> str:
    """The key of who is told when a matter climbs to `role`: {"people": [ids], "instead": bool}."""
    return f"told.{role}"


def in_force(key: str, place: str, at: datetime | None = None) -> Setting | None:
    """What counts for `key` at the area `place` at the moment `at` (default: now), from memory.

    A choice made by this process counts at once, one made elsewhere within a minute. None where
    no area at or above `place` chose a value.
    """
    chosen = _read(int(monotonic() // _STALE_SECONDS))
    for code in prefixes(place):
        rows = chosen.get((key, code), ())
        newest = next((row for row in reversed(rows) if at is None or row.set_at <= at), None)
        if newest is not None and newest.value is not None:
            return newest
    return None


def get(key: str, place: str, at: datetime | None = None) -> Any:
    """The value that counts for `key` at `place`, see `in_force`; None where none was chosen."""
    setting = in_force(key, place, at)
    return setting.value if setting else None


def is_chosen(key: str) -> bool:
    """Whether any area ever chose a value for `key`, from memory."""
    return key in _read_keys(int(monotonic() // _STALE_SECONDS))


def history(key: str, area: str) -> QuerySet[OfficeSetting]:
    """Every choice of the area itself for `key`, newest first."""
    return OfficeSetting.objects.filter(key=key, area=area).select_related("set_by")


@transaction.atomic
def choose(key: str, area: Area, value: Any, *, by: User, reason: str) -> OfficeSetting | None:
    """Let `value` count at `area` from now on; None gives the choice back to the areas above.

    Returns the new row, or None where the area's own value is this already. Whether `by` may is
    the caller's to ask. Raises ValueError for an unknown key or a value of the wrong shape.
    """
    if value is not None:
        _check(key, value)
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)  # a second click waits
    newest = history(key, area.pk).first()
    before = newest.value if newest else None
    if before == value:
        return None
    row = OfficeSetting.objects.create(
        area=area, key=key, value=value, set_at=clock.now(), set_by=by, reason=reason
    )
    changes.record(
        Change.Kind.SETTING_CHANGED,
        by=by,
        area=area,
        about=f"setting:{key}",
        before={"value": before},
        after={"value": value, "reason": reason},
    )
    return row


def forget() -> None:
    """Read the settings anew, now and when the running transaction is through."""
    _clear()
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(_clear)


def _clear() -> None:
    _read.cache_clear()
    _read_keys.cache_clear()


def _check(key: str, value: Any) -> None:
    kind = key.partition(".")[0]
    match kind, value:
        case "letterhead", dict() if set(value) == set(LETTERHEAD_FIELDS):
            return
        case (("due" | "number"), int(n)) if n >= 1:
            return
        case "told", {"people": list(), "instead": bool(), **rest} if not rest:
            return
    raise ValueError(f"no setting {key!r} of {value!r}")


@lru_cache(maxsize=1)
def _read(_period: int) -> Mapping[tuple[str, str], Sequence[Setting]]:
    """All choices ever made, oldest first, by key and area: offices change them seldom."""
    found: dict[tuple[str, str], list[Setting]] = defaultdict(list)
    for row in OfficeSetting.objects.select_related("area").order_by("pk"):
        names = {language: getattr(row.area, f"name_{language}") for language in ("th", "lo", "en")}
        setting = Setting(row.value, row.area_id, names, row.set_at, row.set_by_id, row.reason)
        found[row.key, row.area_id].append(setting)
    return dict(found)


@lru_cache(maxsize=1)
def _read_keys(period: int) -> frozenset[str]:
    return frozenset(key for key, _area in _read(period))


@receiver(post_save, sender=OfficeSetting)
def _changed(**_signal: Any) -> None:
    forget()
