"""Celery: the sweep over deadlines."""

from celery import shared_task

from cases import clock
from cases.sweep import until_done


@shared_task
def sweep() -> int:
    """Tell everybody who must be told by now; returns how many deadlines moved on."""
    return until_done(at=clock.now())
