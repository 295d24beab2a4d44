"""Celery: the sweep over deadlines."""

from celery import shared_task

from cases import clock, documents
from cases.sweep import until_done


@shared_task
def sweep() -> int:
    """Tell everybody who must be told by now; returns how many deadlines moved on."""
    return until_done(at=clock.now())


@shared_task
def clear_orphans() -> int:
    """Delete files that a rollback or a crash left behind; returns how many."""
    return documents.clear_orphans()
