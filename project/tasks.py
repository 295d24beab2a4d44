"""The heartbeat, proof that beat, broker, worker and database work together; the audit."""

from typing import Any

from celery import shared_task
from celery.signals import beat_init
from django.core.management import call_command

from notifications import act_links
from project import watch

WORKER = "worker"


@shared_task
def heartbeat() -> None:
    """Note that a worker is alive; /readyz looks at the age of the note."""
    watch.note(WORKER)


@shared_task
def audit() -> int:
    """Look whether everybody was told who should have been; returns how much was found."""
    return len(watch.audit())


@shared_task
def clear_sessions() -> None:
    """Delete sessions that have lapsed."""
    call_command("clearsessions")


@shared_task
def clear_links() -> int:
    """Forget links of messages that were of no use for a month; returns how many."""
    return act_links.clear()


@beat_init.connect
def beat_at_once(**_: Any) -> None:
    """Do not let a fresh start look dead for the length of the first interval."""
    heartbeat.apply_async(retry=False)
    audit.apply_async(retry=False)
