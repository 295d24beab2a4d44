"""Celery: the sweep over deadlines."""

from celery import shared_task

from cases import clock, digest, documents, recounts
from cases.imports import runs
from cases.sweep import until_done
from notifications.delivery import deliver_due


@shared_task
def sweep() -> int:
    """Tell everybody who must be told by now; returns how many deadlines moved on."""
    return until_done(at=clock.now())


@shared_task
def digests() -> int:
    """Queue the digests of the week and the day once it is time; returns how many."""
    return digest.send_due(at=clock.now())


@shared_task
def deliver() -> int:
    """Send the messages that are due and may be told now; returns how many were sent."""
    return deliver_due(at=clock.now())


@shared_task
def go_on_with_imports() -> None:
    """Go on with files that are being checked or imported and that nobody is at."""
    for pk in runs.waiting():
        runs.advance(pk)


@shared_task
def go_on_with_recounts() -> None:
    """Move running deadlines after changes of the calendar, the oldest change first."""
    for pk in recounts.waiting():
        recounts.advance(pk)


@shared_task
def clear_orphans() -> int:
    """Delete files that a rollback or a crash left behind; returns how many."""
    return documents.clear_orphans()
