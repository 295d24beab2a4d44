"""Sajja: case management and workflow for programme rollout."""

from project.celery import app as celery_app

__all__ = ["celery_app"]
