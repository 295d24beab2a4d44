"""Ladders: the policy of who is told when, as data with versions (DESIGN 2, handbook 4.3).

A version without an area counts in the whole country; an area may have its own. Versions are
only added: a running deadline keeps the one under which it began.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from cases import changes, clock, rungs
from cases.models import Area, Change, Ladder, Rung, User
from cases.models.area import prefixes
from cases.roles import Role
from cases.rungs import Entry, Quiet

FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "ladders.yaml"
_STALE_SECONDS = 60  # how long another process may still start deadlines under the old version

Newest = dict[str | None, Ladder]
"""The newest version of each area that ever had one of its own; None is the whole country's."""


def seed(path: Path = FIXTURE) -> list[Ladder]:
    """Load the ladders of the YAML file at `path`; returns the versions that were new.

    A ladder that differs from its newest version becomes the next one. Nothing is changed or
    removed: running deadlines keep theirs, areas keep their own.

    Raises ValueError for what `rungs.parse` refuses and for a role that does not exist.
    """
    with transaction.atomic():
        added = [
            ladder
            for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
            if (ladder := _seed(entry))
        ]
    forget()
    return added


@transaction.atomic
def add_version(
    code: str,
    area: Area,
    entries: Sequence[Entry],
    *,
    by: User,
    reason: str,
    quiet: Quiet | None = None,
) -> Ladder | None:
    """Let a ladder of its own count at `area`, for deadlines that begin from now on.

    Whether `by` may is the caller's to ask. The line in which matters climb stays the country's.

    Args:
        entries: as `rungs.parse` takes them, people allowed.
        quiet: hours in which only what is urgent is told; None for none.

    Returns:
        The new version, or None where it says what the area's own version says already.

    Raises:
        ValueError: nonsense, also a person who does not exist or whose account is closed.
        Ladder.DoesNotExist: no ladder `code`.
    """
    before = _locked(code)
    own, country = before.get(area.pk), before[None]
    wanted = rungs.parse(entries, people=True)
    _refuse_strangers(wanted)
    since, until = quiet or (None, None)
    ladder = Ladder(code=code, area=area, line=country.line, quiet_from=since, quiet_to=until)
    if own and not own.withdrawn and _alike(own, ladder, wanted):
        return None
    ladder.made_by, ladder.reason = by, reason
    return _add(ladder, wanted, before)


@transaction.atomic
def withdraw(code: str, area: Area, *, by: User, reason: str) -> Ladder | None:
    """Let the ladder of the areas above count at `area` again, for what begins from now on.

    Returns the version that says so, None where `area` has no ladder of its own.
    """
    before = _locked(code)
    own = before.get(area.pk)
    if own is None or own.withdrawn:
        return None
    ladder = Ladder(code=code, area=area, line=own.line, withdrawn=True)
    ladder.made_by, ladder.reason = by, reason
    return _add(ladder, [], before)


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


def _newest(code: str) -> Newest:
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


def _seed(entry: dict[str, Any]) -> Ladder | None:
    """The ladder of the file's `entry` as a new version, or None when it is the newest one."""
    if unknown := set(entry) - {"code", "line", "rungs", "quiet"}:
        raise ValueError(f"a ladder has no {', '.join(sorted(unknown))}: {entry.get('code')}")
    for role in (role for line in entry["line"].values() for level in line for role in level):
        Role(role)  # refuses what is none
    wanted = rungs.parse(entry["rungs"])
    since, until = rungs.parse_quiet(entry.get("quiet")) or (None, None)
    ladder = Ladder(code=entry["code"], line=entry["line"], quiet_from=since, quiet_to=until)
    before = {each.area_id: each for each in _versions(entry["code"])}
    newest = before.get(None)
    return None if newest and _alike(newest, ladder, wanted) else _add(ladder, wanted, before)


def _locked(code: str) -> Newest:
    """The newest versions, held until the transaction ends: of two changes one waits."""
    versions = {each.area_id: each for each in _versions(code).select_for_update(no_key=True)}
    if None not in versions:
        raise Ladder.DoesNotExist(f"no ladder {code!r}")
    # What another change added while this one waited is not among the rows that were locked.
    return {each.area_id: each for each in _versions(code)}


def _versions(code: str) -> Any:
    return Ladder.objects.filter(code=code).order_by("version")


def _add(ladder: Ladder, wanted: list[Rung], before: Newest) -> Ladder:
    """Save `ladder` with its rungs as the next version, and that it was changed."""
    replaced = before.get(ladder.area_id)
    ladder.version = max((each.version for each in before.values()), default=0) + 1
    ladder.made_at = clock.now()
    ladder.save(force_insert=True)
    for rung in wanted:
        rung.ladder = ladder
    Rung.objects.bulk_create(wanted)
    if ladder.area_id is not None:
        changes.record(
            Change.Kind.LADDER_CHANGED,
            by=ladder.made_by,
            area=ladder.area_id,
            about=f"ladder:{ladder.code}",
            before=_told(replaced, replaced.rungs.all()) if replaced else {},
            after=_told(ladder, wanted) | {"reason": ladder.reason},
        )
    forget()
    return ladder


def _told(ladder: Ladder, its: Sequence[Rung] | Any) -> dict[str, Any]:
    """A version as the history of the office keeps it."""
    if ladder.withdrawn:
        return {"version": ladder.version, "withdrawn": True}
    quiet = [str(at) for at in (ladder.quiet_from, ladder.quiet_to) if at]
    return {
        "version": ladder.version,
        "rungs": rungs.entries_of(list(its)),
        "quiet": quiet,
    }


def _alike(one: Ladder, other: Ladder, wanted: list[Rung]) -> bool:
    columns = ("line", "quiet_from", "quiet_to")
    return all(getattr(one, name) == getattr(other, name) for name in columns) and rungs.same(
        list(one.rungs.all()), wanted
    )


def _refuse_strangers(wanted: list[Rung]) -> None:
    listed = {pk for rung in wanted for pk in rung.people}
    here = set(User.objects.filter(pk__in=listed, is_active=True).values_list("pk", flat=True))
    if missing := listed - here:
        raise ValueError(f"nobody works here under the keys {sorted(missing)}")
