"""Settings of the test run: the product's own, on engines and folders of the tests alone.

DATABASE_URL and REDIS_URL, where set, are used instead of the engines that tests/conftest.py
starts. The tests run in demonstration mode, so that its pages are tested with all others.
"""

import os
from pathlib import Path

from project.embedded import Engines

_here = Path(__file__).resolve().parent.parent
_run_dir = Path(os.environ.get("SAJJA_TEST_DIR") or os.environ.get("SAJJA_RUN_DIR", ""))
if _run_dir == Path():
    _run_dir = _here / ".sajja" / "test"
# Workers that run side by side share the engines, each has its own files.
os.environ["SAJJA_TEST_DIR"] = str(_run_dir)
os.environ["SAJJA_RUN_DIR"] = str(_run_dir / os.environ.get("PYTEST_XDIST_WORKER", ""))
os.environ.setdefault("SECRET_KEY", "for the tests only, and long enough for every check of it")
os.environ.setdefault("SAJJA_DEMO", "1")
engines = Engines(_run_dir, durable=False)
os.environ.update(engines.environment)

from project.settings import *  # noqa: E402, F403
from project.settings import INSTALLED_APPS, STORAGES  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench"]  # has a flow, which wants an app

STORAGES = {
    **STORAGES,  # no collectstatic before the tests
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, for tests only
