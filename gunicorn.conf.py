"""How gunicorn serves Sajja, in the demonstration and in production."""

import os
from typing import Any

from gunicorn.glogging import Logger

from project.discretion import without_secrets

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # one copy of the code in memory; connections open after the fork
graceful_timeout = 10  # seconds that running requests get when we stop
timeout = 60
max_requests = 5000
max_requests_jitter = 500
accesslog = "-"
# No parameters and no referer: they hold links to set a password, and names that people look for.
access_log_format = '%(h)s %(l)s %(u)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s "%(a)s"'
control_socket_disable = True


class DiscreetLogger(Logger):
    """Logs requests without the secrets that stand in their paths."""

    def atoms(self, *args: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(*args)
        return found | {"U": without_secrets(found["U"] or "")}


logger_class = DiscreetLogger
