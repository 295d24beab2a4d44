"""/healthz: this process lives. /readyz: the whole installation can work, or why it cannot."""

import logging

import redis
from django.conf import settings
from django.db import DatabaseError
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from project import watch
from project.models import Heartbeat
from project.tasks import WORKER

OK = "ok"
UNKNOWN = "unknown without the database"
BROKER_SECONDS = 2
logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """What proxies and containers ask. Touches neither the database nor the broker."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part works, else 503; a word on each part either way.

    The words are for everybody: no addresses, no secrets. What went wrong in detail is logged.
    """
    database, age = _database()
    parts = {
        "database": database,
        "broker": _broker(),
        "worker": _worker(database, age),
        "escalation": _escalation(database),
    }
    ready = all(word == OK for word in parts.values())
    answer = {"ready": ready, "parts": parts, "heartbeat_age_seconds": age}
    return JsonResponse(answer, status=200 if ready else 503)


def _database() -> tuple[str, float | None]:
    """The database's state, and the seconds since a worker's heartbeat, by its own clock."""
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    try:
        found = Heartbeat.objects.filter(name=WORKER).values_list(age, flat=True).first()
    except DatabaseError as error:
        logger.warning("readyz: database: %s", error)
        return "no answer, or not migrated", None
    return OK, None if found is None else found.total_seconds()


def _broker() -> str:
    # redis-py calls unix:// what Celery calls redis+socket://
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
    try:
        with redis.Redis.from_url(
            url, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
        ) as client:
            client.ping()
    except redis.RedisError as error:
        logger.warning("readyz: broker: %s", error)
        return "no answer"
    return OK


def _escalation(database: str) -> str:
    """Whether the auditor looks, and has found nothing broken (project/watch.py)."""
    return watch.escalation() if database == OK else UNKNOWN


def _worker(database: str, age: float | None) -> str:
    if database != OK:
        return UNKNOWN
    if age is None:
        return "no heartbeat yet"
    if age > settings.HEARTBEAT_MAX_AGE_SECONDS:
        return f"last heartbeat {age:.0f} seconds ago"
    return OK
