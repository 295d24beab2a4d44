"""Celery: delivery of the outbox."""

from celery import shared_task

from notifications.delivery import deliver_due


@shared_task
def deliver() -> int:
    """Send the messages that are due; returns how many were sent."""
    return deliver_due()
