"""Runs a file through its kind: first checked without a trace, then, when told, imported.

Both passes go in batches of the same lines. A batch of an import is one transaction with its
place in the file, so that whoever takes over after a crash goes on behind the last one that is
through, exactly once. The lines before are only read again, for what they have claimed.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from time import monotonic
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from cases import changes, clock
from cases.imports import kinds, tables
from cases.imports.columns import LANGUAGES, Line, understand
from cases.imports.kinds import Kind, Outcome
from cases.imports.tables import Row
from cases.models import Change, ImportRun, RefusedLine

log = logging.getLogger(__name__)

BATCH = 500
TRIES = 3  # a batch that meets what somebody enters at the same moment is judged anew
ABANDONED = timedelta(seconds=30)  # without a batch through: whoever was at it is gone
_PREVIEW = 10
_COUNTS = [outcome.value for outcome in Outcome]
Status = ImportRun.Status


def confirm(run: ImportRun) -> bool:
    """Let a checked file be imported from its beginning; False if it is not just checked."""
    checked = ImportRun.objects.filter(pk=run.pk, status=Status.CHECKED)
    predicted = {name: getattr(run, name) for name in _COUNTS}
    fresh = dict.fromkeys(("position", "done", *_COUNTS), 0)
    started = checked.update(status=Status.RUNNING, predicted=predicted, **fresh)
    return bool(started)


def take_up(run: ImportRun) -> bool:
    """Go on with a run that a fault stopped, behind the last batch that is through."""
    going = Status.RUNNING if run.predicted else Status.CHECKING
    stopped = ImportRun.objects.filter(pk=run.pk, status=Status.FAILED)
    return bool(stopped.update(status=going, moved_at=None))


def waiting() -> list[int]:
    """The ids of runs that go on and that nobody is at, oldest first."""
    gone = Q(moved_at__isnull=True) | Q(moved_at__lt=timezone.now() - ABANDONED)
    going = ImportRun.objects.filter(gone, status__in=[Status.CHECKING, Status.RUNNING])
    return list(going.order_by("pk").values_list("pk", flat=True))


def advance(pk: int, *, seconds: float | None = None) -> None:
    """Go on with a run to its end, or for about `seconds`; then somebody else may go on.

    A fault stops the run, is logged, and can be taken up again.
    """
    run = ImportRun.objects.select_related("by").get(pk=pk)
    if not run.is_going_on:
        return
    until = monotonic() + seconds if seconds is not None else None
    try:
        with override(run.language), run.file.open("rb") as file:
            _go_on(run, file, until)
    except Exception:
        log.exception("import %s stopped behind line %s", pk, run.position)
        going = ImportRun.objects.filter(pk=pk, status=run.status, position=run.position)
        going.update(status=Status.FAILED, moved_at=None)


def _go_on(run: ImportRun, file: Any, until: float | None) -> None:
    kind = kinds.known()[run.kind](run.by)
    table = tables.opened(file, kind.headings.count)
    places = kind.headings.places(table.headings.cells)
    for rows in _batches(table.lines()):
        if rows[-1].number <= run.position:
            _judged(kind, rows, places)
        elif not _batch(run, kind, rows, places):
            return  # somebody else goes on with it
        elif until is not None and monotonic() > until:
            ImportRun.objects.filter(pk=run.pk, position=run.position).update(moved_at=None)
            return
    _finish(run)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _batch(run: ImportRun, kind: Kind, rows: list[Row], places: dict[str, int]) -> bool:
    """One batch in one transaction; False when the run has moved on without us."""
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return _through(run, kind, rows, places)
        except IntegrityError:
            if attempt == TRIES:
                raise
            kind.forget(after=run.position)
    return False


def _through(run: ImportRun, kind: Kind, rows: list[Row], places: dict[str, int]) -> bool:
    locked = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if (locked.status, locked.position) != (run.status, run.position):
        return False
    if run.status == Status.RUNNING:
        _one_at_a_time(kind)
    judged = _judged(kind, rows, places)
    if run.status == Status.RUNNING:
        writing = (Outcome.ADDED, Outcome.CHANGED)
        kind.write([line for line, outcome in judged if outcome in writing], run)
    refused = [
        RefusedLine(
            run=run, number=row.number, cells=row.cells, reasons=_reasons(kind, row, line, places)
        )
        for row, (line, outcome) in zip(rows, judged, strict=True)
        if outcome == Outcome.REFUSED
    ]
    span = (rows[0].number, rows[-1].number)
    RefusedLine.objects.filter(run=run, number__range=span).delete()
    RefusedLine.objects.bulk_create(refused)
    _count(locked, rows, [outcome for _line, outcome in judged])
    for name in ("position", "done", "preview", *_COUNTS):
        setattr(run, name, getattr(locked, name))
    return True


def _count(run: ImportRun, rows: list[Row], outcomes: list[Outcome]) -> None:
    """Move the run behind these rows."""
    for name in _COUNTS:
        setattr(run, name, getattr(run, name) + outcomes.count(Outcome(name)))
    if run.done == 0:
        run.preview = []
    good = [
        {"number": row.number, "cells": row.cells, "outcome": outcome}
        for row, outcome in zip(rows, outcomes, strict=True)
        if outcome != Outcome.REFUSED
    ]
    run.preview = [*run.preview, *good][:_PREVIEW]
    run.position, run.done = rows[-1].number, run.done + len(rows)
    run.moved_at = timezone.now()
    run.save(update_fields=["position", "done", "preview", "moved_at", *_COUNTS])


def _judged(kind: Kind, rows: list[Row], places: dict[str, int]) -> list[tuple[Line, Outcome]]:
    """Each line with what becomes of it, in order; nothing is written."""
    lines = [understand(row, kind.columns, places) for row in rows]
    kind.load(lines)
    judged = []
    for line in lines:
        kind.judge(line)
        outcome = Outcome.REFUSED
        if not line.faults:
            outcome = kind.outcome(line)
            kind.accept(line)
        judged.append((line, outcome))
    return judged


def _reasons(
    kind: Kind, row: Row, line: Line, places: dict[str, int]
) -> dict[str, list[tuple[int, str]]]:
    """Why a line was refused, in every language, by the place of the cell; -1 is the line."""
    told = {}
    for language in LANGUAGES:
        with override(language):
            again = understand(row, kind.columns, places)
            kind.judge(again)
            faults = again.faults or line.faults
            headings = {column.name: str(column.heading) for column in kind.columns}
            found = [
                (places[name], text)
                if name in places
                else (-1, f"{headings[name]}: {text}" if name else text)
                for name, texts in faults.items()
                for text in texts
            ]
            told[language] = sorted(found, key=lambda reason: reason[0])
    return told


def _one_at_a_time(kind: Kind) -> None:
    """Two files of one kind are not written at once: each then sees what the other wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {kind.code}"])


@transaction.atomic
def _finish(run: ImportRun) -> None:
    locked = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if (locked.status, locked.position) != (run.status, run.position):
        return
    imported = locked.status == Status.RUNNING
    locked.status = Status.DONE if imported else Status.CHECKED
    locked.total, locked.moved_at, locked.finished_at = locked.done, None, clock.now()
    locked.save(update_fields=["status", "total", "moved_at", "finished_at"])
    if imported:
        after = {name: getattr(locked, name) for name in _COUNTS}
        after |= {"kind": locked.kind, "file": locked.name, "sha256": locked.sha256}
        about = f"import:{locked.pk}"
        changes.record(
            Change.Kind.IMPORTED, by=run.by, about=about, area=locked.area_id, after=after
        )
