"""Celery: the months of followed groups."""

from celery import shared_task

from workflows.procedures.group_month import opening


@shared_task
def open_months() -> int:
    """Open the months that have come; returns how many."""
    return opening.open_months()
