"""Celery application: beat sweeps deadlines, wakes waits and delivers messages (DESIGN 4)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

app = Celery("sajja")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["project", "workflows", "cases", "notifications"])
