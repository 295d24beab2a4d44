"""Ladders: the policy of who is told when, as data with versions (DESIGN 2, handbook 4.3)."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from cases.models import Ladder, Rung
from cases.models.area import prefixes
from cases.roles import Role
from notifications import outbox

FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "ladders.yaml"
_STALE_SECONDS = 60  # how long another process may still start deadlines under the old version


def seed(path: Path = FIXTURE) -> list[Ladder]:
    """Load the ladders of the YAML file at `path`; returns the versions that were new.

    A ladder that differs from its newest version becomes the next one. Nothing is changed or
    removed: running deadlines keep theirs.

    Raises ValueError for a role, receiver or message template that does not exist, and for a
    ladder whose rungs count in different units.
    """
    with transaction.atomic():
        added = [
            ladder
            for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
            if (ladder := _add_unless_present(entry))
        ]
    forget()
    return added


def known(path: Path = FIXTURE) -> set[str]:
    """The codes of the ladders that the YAML file at `path` names."""
    return {entry["code"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))}


def current(code: str, place: str = "") -> Ladder:
    """The version of the ladder `code` that counts for what begins now at the area `place`.

    The newest version of the nearest area that has one of its own and has not withdrawn it, else
    the newest of the whole country; with its rungs, from memory.

    Raises Ladder.DoesNotExist where no such ladder was loaded.
    """
    newest = _newest(code)
    for area in prefixes(place):
        own = newest.get(area)
        if own is not None and not own.withdrawn:
            return own
    if None not in newest:
        raise Ladder.DoesNotExist(f"no ladder {code!r}: load fixtures/ladders.yaml")
    return newest[None]


def _newest(code: str) -> dict[str | None, Ladder]:
    """The newest version of each area that ever had one; None is the whole country's."""
    versions = (ladder for ladder in _all().values() if ladder.code == code)
    return {ladder.area_id: ladder for ladder in sorted(versions, key=lambda each: each.version)}


def get(pk: int) -> Ladder:
    """The ladder with key `pk` and its rungs, from memory: a version never changes."""
    return _all().get(pk) or _read(pk=pk)[pk]


def roles(country: str) -> list[str]:
    """The roles to which matters climb in `country` (TH, LA), the lowest first."""
    lines = (ladder.line.get(country, []) for ladder in _all().values())
    return list(dict.fromkeys(role for line in lines for level in line for role in level))


def forget() -> None:
    """Read the ladders anew, now and when the running transaction is through."""
    _read_all.cache_clear()
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(_read_all.cache_clear)


def _all() -> Mapping[int, Ladder]:
    return _read_all(int(monotonic() // _STALE_SECONDS))


@lru_cache(maxsize=1)
def _read_all(_period: int) -> Mapping[int, Ladder]:
    return _read()


def _read(**which: Any) -> dict[int, Ladder]:
    ladders = Ladder.objects.filter(**which).prefetch_related("rungs")
    return {ladder.pk: ladder for ladder in ladders}


def _add_unless_present(entry: dict[str, Any]) -> Ladder | None:
    """The ladder of the file's `entry` as a new version, or None when it is the newest one."""
    for role in (role for line in entry["line"].values() for level in line for role in level):
        Role(role)  # refuses what is none
    newest = Ladder.objects.filter(code=entry["code"]).order_by("version").last()
    if len({"days" in rung for rung in entry["rungs"]}) > 1:
        raise ValueError(f"ladder {entry['code']!r} mixes working days and calendar days")
    in_order = sorted(entry["rungs"], key=_offset)
    rungs = [_rung(position, rung) for position, rung in enumerate(in_order)]
    if newest and newest.line == entry["line"] and _same(newest, rungs):
        return None
    ladder = Ladder.objects.create(
        code=entry["code"], version=newest.version + 1 if newest else 1, line=entry["line"]
    )
    for rung in rungs:
        rung.ladder = ladder
    Rung.objects.bulk_create(rungs)
    return ladder


def _offset(rung: dict[str, Any]) -> int:
    """A ladder counts in one unit, else its rungs would have no order; KeyError for none."""
    return int(rung["days"] if "days" in rung else rung["working_days"])


def _rung(position: int, entry: dict[str, Any]) -> Rung:
    if entry["template"] not in outbox.TEMPLATES:
        raise ValueError(f"no message template {entry['template']!r}")
    return Rung(
        position=position,
        offset_working_days=entry.get("working_days", 0),
        offset_days=entry.get("days", 0),
        receiver=Rung.Receiver(entry["tell"]),
        above=entry.get("above", 0),
        template=entry["template"],
    )


def _same(ladder: Ladder, rungs: list[Rung]) -> bool:
    told = ("position", "offset_working_days", "offset_days", "receiver", "above", "template")
    present = ladder.rungs.order_by("position").values_list(*told)
    return list(present) == [tuple(getattr(rung, name) for name in told) for rung in rungs]
