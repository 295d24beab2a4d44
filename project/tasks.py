"""The heartbeat: proof that beat, broker, worker and database work together."""

from typing import Any

from celery import shared_task
from celery.signals import beat_init
from django.core.management import call_command
from django.db.models.functions import Now

from project.models import Heartbeat

WORKER = "worker"


@shared_task
def heartbeat() -> None:
    """Note that a worker is alive; /readyz looks at the age of the note."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=WORKER, at=Now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


@shared_task
def clear_sessions() -> None:
    """Delete sessions that have lapsed."""
    call_command("clearsessions")


@beat_init.connect
def beat_at_once(**_: Any) -> None:
    """Do not let a fresh start look dead for the length of the first interval."""
    heartbeat.apply_async(retry=False)
