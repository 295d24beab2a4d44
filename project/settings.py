"""Settings of Sajja: one file, read from the environment.

Everything that differs between the demonstration, the tests and production is an environment
variable; the README and docs/operations/README.md list them.
"""

from pathlib import Path
from urllib.parse import unquote

import environ
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
RUN_DIR = Path(env.str("SAJJA_RUN_DIR", str(BASE_DIR / ".sajja")))
if "SECRET_KEY" not in env.ENVIRON:  # manage.py by hand: talk to the demonstration that runs here
    env.read_env(RUN_DIR / "env")

DEMO = env.bool("SAJJA_DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where users get the source of what runs here (AGPL-3.0, section 13); shown in the footer.
SOURCE_URL = env.str("SOURCE_URL", default="")
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "project",
    *(["project.demo"] if DEMO else []),
    "workflows.procedures.savings_group",
    "workflows.procedures.group_month",
    "workflows",
    "cases",
    "notifications",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "viewflow.workflow",  # abstract models and engine; its own tables stay empty
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "project.middleware.never_stored",
    "project.middleware.refused_method_told",
]

ROOT_URLCONF = "project.urls"
FORM_RENDERER = "project.forms.Renderer"
WSGI_APPLICATION = "project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "project.context.page",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", engine="django.db.backends.postgresql")}
# A socket's folder stands as %2F… in the address, as libpq writes it.
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)  # seconds
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "cases.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # seconds; of invitations as well
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Thai is the working language, Lao the second, English the developers' (handbook 0).
# Django knows no Lao: its name and its messages come from us (DESIGN 7).
LANG_INFO["lo"] = {"bidi": False, "code": "lo", "name": "Lao", "name_local": "ລາວ"}
LANGUAGE_CODE = "th"
LANGUAGES = [("th", _("Thai")), ("lo", _("Lao")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "project" / "locale"]
FORMAT_MODULE_PATH = ["project.formats"]
USE_TZ = True
TIME_ZONE = "Asia/Bangkok"  # = Asia/Vientiane, UTC+7 without daylight saving (handbook 3.4)

STATIC_URL = "static/"
STATIC_ROOT = RUN_DIR / "static"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(RUN_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# No inline scripts or styles anywhere; Tabler's icons in CSS are data: images (DESIGN 7).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, by plain http
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=False)
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True  # no script of ours reads a cookie
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_FAILURE_VIEW = "project.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# A photo from a phone may have 30 MB: it streams to disk and is made smaller on arrival.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # 300 members of a group, each with a dozen cells
EVIDENCE_MAX_BYTES = 40 * 1024 * 1024

# Requests never need Redis (DESIGN 6): sessions live in PostgreSQL, no cache in requests.
CELERY_BROKER_URL = env.str("REDIS_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(RUN_DIR / "beat-schedule")
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=5.0 if DEMO else 60.0)
AUDIT_SECONDS = env.float("AUDIT_SECONDS", default=60.0 if DEMO else 300.0)
_TICKS = {  # name: task, seconds
    "heartbeat": ("project.tasks.heartbeat", 10.0),
    "sweep": ("cases.tasks.sweep", SWEEP_SECONDS),
    "wake": ("workflows.tasks.wake", SWEEP_SECONDS),
    "free": ("workflows.tasks.free", SWEEP_SECONDS),
    "lapse": ("workflows.tasks.lapse", max(SWEEP_SECONDS, 60.0)),
    "months": ("workflows.procedures.group_month.tasks.open_months", max(SWEEP_SECONDS, 300.0)),
    "imports": ("cases.tasks.go_on_with_imports", min(SWEEP_SECONDS, 5.0)),
    "recounts": ("cases.tasks.go_on_with_recounts", min(SWEEP_SECONDS, 5.0)),
    "clear-sessions": ("project.tasks.clear_sessions", 24 * 3600.0),
    "clear-links": ("project.tasks.clear_links", 24 * 3600.0),
    "clear-orphans": ("cases.tasks.clear_orphans", 24 * 3600.0),
    "digests": ("cases.tasks.digests", max(SWEEP_SECONDS, 60.0)),
    "deliver": ("cases.tasks.deliver", min(SWEEP_SECONDS, 20.0)),
    "audit": ("project.tasks.audit", AUDIT_SECONDS),
}
CELERY_BEAT_SCHEDULE = {
    # ticks must not pile up while no worker runs: the next one does the work of those before
    name: {"task": task, "schedule": every, "options": {"expires": max(every, 60.0)}}
    for name, (task, every) in _TICKS.items()
}
HEARTBEAT_MAX_AGE_SECONDS = 45
STANDSTILL_SECONDS = 15 * 60  # a sweep or a delivery with much to do may run for minutes
# Called after each audit that found nothing broken: a monitor elsewhere that misses it calls you.
HEARTBEAT_URL = env.str("HEARTBEAT_URL", default="")

vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
# Instead of a mail server, one of django-anymail's providers with its keys: EMAIL_PROVIDER=mailgun
# ANYMAIL_MAILGUN_API_KEY=… (https://anymail.dev/en/stable/esps/).
if EMAIL_PROVIDER := env.str("EMAIL_PROVIDER", default=""):
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
ANYMAIL = {"REQUESTS_TIMEOUT": 10} | {
    name.removeprefix("ANYMAIL_"): value
    for name, value in env.ENVIRON.items()
    if name.startswith("ANYMAIL_")
}
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = RUN_DIR / "mail"
# How long a message waits for others of the same person, to go as one e-mail.
BUNDLE_SECONDS = env.int("BUNDLE_SECONDS", default=0 if DEMO else 300)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Sajja <sajja@localhost>")
EMAIL_TIMEOUT = 10

# The office's account at LINE (Messaging API); without a token nobody can link theirs.
LINE_CHANNEL_TOKEN = env.str("LINE_CHANNEL_TOKEN", default="")
LINE_CHANNEL_SECRET = env.str("LINE_CHANNEL_SECRET", default="")
LINE_ACCOUNT_ID = env.str("LINE_ACCOUNT_ID", default="")  # @name, by which people find it
LINE_API_URL = env.str("LINE_API_URL", default="https://api.line.me").rstrip("/")
# Webhooks go to public addresses by https only, unless this is set: for a machine of one's own.
WEBHOOKS_MAY_STAY_INSIDE = env.bool("WEBHOOKS_MAY_STAY_INSIDE", default=DEMO or DEBUG)

# The procedures of this house, each one folder (DESIGN 3).
PROCEDURES = [
    "workflows.procedures.savings_group.flows.SavingsGroupFlow",
    "workflows.procedures.group_month.flows.GroupMonthFlow",
]

# What an office can import as a file, each kind one class (cases/imports/kinds.py).
IMPORT_KINDS = [
    "cases.imports.staff.Staff",
    "cases.imports.villages.Villages",
    "cases.imports.groups.Groups",
    "cases.imports.committees.Committees",
    "workflows.procedures.savings_group.imports.RunningFoundings",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"discreet": {"()": "project.discretion.WithoutSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["discreet"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
