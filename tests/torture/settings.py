"""The product's own settings, for its workers, beat and sweepers under torture."""

from project.settings import *  # noqa: F403
from project.settings import CELERY_BEAT_SCHEDULE, INSTALLED_APPS, env

INSTALLED_APPS = [*INSTALLED_APPS, "tests.torture"]
TORTURE_BROKEN = env.bool("TORTURE_BROKEN", default=False)

# Only what the torture is about, and often: ticks that were lost come again soon.
CELERY_BEAT_SCHEDULE = {
    name: {**CELERY_BEAT_SCHEDULE[name], "schedule": 0.5} for name in ("sweep", "deliver")
}
BUNDLE_SECONDS = 1  # several matters of a person still go as one e-mail
CELERY_BEAT_MAX_LOOP_INTERVAL = 0.5  # seconds
