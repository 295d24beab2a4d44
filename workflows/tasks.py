"""Celery: waits that are over, and work of people who have left their post."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import shared_task
from django.db.models import CharField, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from cases import clock
from cases.deadlines import OFFICE_OPENS
from cases.models import Post, WorkItem
from cases.models.work_item import OPEN
from workflows import actions, claims, contents

log = logging.getLogger(__name__)

MOST = 1000  # items a run; what is left waits for the next beat


@shared_task
def wake() -> int:
    """Go on with every case whose wait is over, from the morning of its day; returns how many.

    Each case is a transaction of its own under its lock, so that a second worker that does the
    same finds the wait ended, and one case that cannot go on holds up no other.
    """
    if timezone.localtime(clock.now()).time() < OFFICE_OPENS:
        return 0  # nobody is woken at midnight
    over = WorkItem.objects.filter(OPEN, wakes_on__lte=clock.today()).order_by("wakes_on", "pk")
    return _each(over, actions.resume)


@shared_task
def lapse() -> int:
    """End every case whose ending has come by the calendar; returns how many.

    Nothing lapses while it lies with whoever decides on it.
    """
    if timezone.localtime(clock.now()).time() < OFFICE_OPENS:
        return 0
    ended = 0
    for procedure in contents.procedures():
        for how, ending in procedure.endings.items():
            if ending.on:
                due = {f"{ending.on}__lte": clock.today(), "closed_at": None}
                running = procedure.process_class.objects.filter(**due).order_by(ending.on, "pk")
                ended += _each(running, partial(actions.lapse, how=how))
    return ended


@shared_task
def free() -> int:
    """Give work of people who no longer hold the post for it to others; returns how much.

    Until then it stands under the name of somebody who cannot do it (handbook 4.1, 5.5).
    """
    held = Post.objects.held_on(clock.today()).filter(user=OuterRef("owner"), role=OuterRef("role"))
    place = Cast(OuterRef("area"), CharField())
    fitting = held.alias(place=place).filter(place__startswith=F("area_id"))
    stranded = WorkItem.objects.filter(OPEN, ~Exists(fitting), owner__isnull=False)
    return _each(stranded.order_by("pk"), claims.free)


def _each(items: QuerySet[Any], action: Callable[[int], Any]) -> int:
    """Do `action` to each of `items`; one that fails stays, is logged and stops no other."""
    done = 0
    for pk in list(items.values_list("pk", flat=True)[:MOST]):
        try:
            done += bool(action(pk))
        except Exception:
            log.exception("%s %s: %s failed", items.model.__name__, pk, action)
    return done
