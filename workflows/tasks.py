"""Celery: waits that are over."""

import logging

from celery import shared_task

from cases import clock
from cases.models import WorkItem
from cases.models.work_item import OPEN
from workflows import actions

log = logging.getLogger(__name__)


@shared_task
def wake() -> int:
    """Go on with every case whose wait is over; returns how many.

    Each case is a transaction of its own under its lock, so that a second worker that does the
    same finds the wait ended, and one case that cannot go on holds up no other.
    """
    over = WorkItem.objects.filter(OPEN, wakes_on__lte=clock.today())
    woken = 0
    for pk in list(over.order_by("wakes_on", "pk").values_list("pk", flat=True)[:1000]):
        try:
            actions.resume(pk)
        except Exception:  # one broken case must not stop the others; it stays and is logged
            log.exception("wait %s could not be ended", pk)
        else:
            woken += 1
    return woken
