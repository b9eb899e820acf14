"""Settings, all from the environment. docs/settings.md describes each; a test holds that page and this file together.

With nothing set, the pharmacy runs on one machine and keeps all it has in var/: an SQLite database, a broker made of
files, e-mails as files. DATABASE_URL and REDIS_URL move the same code to PostgreSQL and Redis.
"""

import os
import secrets
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF

from pharmacy.log_lines import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
SETTINGS_FILE = env.path("SETTINGS_FILE", default=str(BASE_DIR / ".env"))
env.read_env(str(SETTINGS_FILE))

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _kept_secret(path: Path) -> str:
    """Return the secret kept in the file, which is made at the first start and readable by its owner only.

    Several processes may start at once: the file appears whole, and only the first one's.
    """
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    return path.read_text(encoding="ascii")


# --- where it is reached ---------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
PORT = env.int("PORT", default=8000)
BIND_ADDRESS = env.str("BIND_ADDRESS", default="127.0.0.1")
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
SITE_IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = [
    *env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname]),
    *("localhost", "127.0.0.1"),  # health checks ask from inside
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
WEB_WORKERS = env.int("WEB_WORKERS", default=2)
WEB_THREADS = env.int("WEB_THREADS", default=4)

# --- what it is made of ----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "pharmacy.people",
    "pharmacy.audit",
    "pharmacy.policies",
    "pharmacy.contacts",
    "pharmacy.intake",
    "pharmacy.leaflets",
    "pharmacy.formulations",
    "pharmacy.inventory",
    "pharmacy.batches",
    "pharmacy.orders",
    "pharmacy.documents",
    "pharmacy.followups",
    "pharmacy.recalls",
    "pharmacy.workflow",
    "pharmacy.web",
    "pharmacy.backoffice",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pharmacy.web.idle.IdleSignOutMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "pharmacy.urls"
WSGI_APPLICATION = "pharmacy.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "pharmacy.letterhead.letterhead",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
# Widgets are found among the project's own templates too; "django.forms" above brings Django's.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- where it is kept ------------------------------------------------------------------------------------------------

DATABASE_IS_EMBEDDED = not env.str("DATABASE_URL", default="")
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASE_IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONNECTION_SECONDS", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASE_IS_SQLITE:
    # Both are needed. With WAL alone, a transaction that reads before it writes fails as soon as another one writes.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "pharmacy.redis_cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.5},
        }
    }
else:
    # Limits on attempts hold only in a cache that all processes share.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "django_cache",
        }
    }

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
if DEBUG:
    _storage = "django.contrib.staticfiles.storage.StaticFilesStorage"
elif SITE_IS_HTTPS:
    _storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
else:
    # The same hashed names. Compressing takes some seconds that a first look need not wait for.
    _storage = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _storage},
}

# --- who signs in ----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}CommonPasswordValidator"},
]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env.int("SIGN_IN_ATTEMPTS", default=5)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("SIGN_IN_LOCKOUT_MINUTES", default=15))
AXES_RESET_ON_SUCCESS = True
CONTACT_FORMS_AN_HOUR = env.int("CONTACT_FORMS_AN_HOUR", default=10)
ORDER_FORMS_AN_HOUR = env.int("ORDER_FORMS_AN_HOUR", default=40)
LINK_TRIES_AN_HOUR = env.int("LINK_TRIES_AN_HOUR", default=30)
FORM_LEAST_SECONDS = env.int("FORM_LEAST_SECONDS", default=3)
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXIES or None
# Without a proxy of our own in front, the forwarded header is whatever the caller wrote there.
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if TRUSTED_PROXIES else ["REMOTE_ADDR"]
)

# --- what keeps it closed --------------------------------------------------------------------------------------------

SECRET_KEY_IS_GENERATED = not env.str("SECRET_KEY", default="")
SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret(VAR_DIR / "secret_key")

# People who fill in a form keep what they typed for half a day; signed-in staff are signed out when idle.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
SESSION_COOKIE_SECURE = SITE_IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SITE_IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SITE_IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SITE_IS_HTTPS
# The browsers' preload list is for ever and for the whole domain: its owner decides, and adds it at the proxy.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Photographs of a batch: what is taken in, and how large what is kept may be.
PHOTO_LARGEST_BYTES = 12 * 1024 * 1024
PHOTO_MOST_POINTS = 40_000_000
PHOTO_LONGEST_SIDE = 1600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("PHARMACY_TIME_ZONE", default="America/New_York")

# --- who we are ------------------------------------------------------------------------------------------------------
# The defaults are an example that pharmacy/checks.py complains about. 555-01xx numbers belong to nobody.

EXAMPLE_PHARMACY = {
    "PHARMACY_NAME": "Example Compounding Pharmacy",
    "PHARMACY_ADDRESS": "12 Example Street, Springfield, NY 10001",
    "PHARMACY_PHONE": "(212) 555-0100",
    "PHARMACY_AFTER_HOURS_PHONE": "(212) 555-0199",
    "PHARMACY_EMAIL": "hello@pharmacy.example",
    "PHARMACY_LICENSE_NUMBER": "EXAMPLE-000000",
}
PHARMACY_NAME = env.str("PHARMACY_NAME", default=EXAMPLE_PHARMACY["PHARMACY_NAME"])
PHARMACY_ADDRESS = env.str("PHARMACY_ADDRESS", default=EXAMPLE_PHARMACY["PHARMACY_ADDRESS"])
PHARMACY_PHONE = env.str("PHARMACY_PHONE", default=EXAMPLE_PHARMACY["PHARMACY_PHONE"])
PHARMACY_AFTER_HOURS_PHONE = env.str(
    "PHARMACY_AFTER_HOURS_PHONE", default=EXAMPLE_PHARMACY["PHARMACY_AFTER_HOURS_PHONE"]
)
PHARMACY_EMAIL = env.str("PHARMACY_EMAIL", default=EXAMPLE_PHARMACY["PHARMACY_EMAIL"])
PHARMACY_LICENSE_NUMBER = env.str(
    "PHARMACY_LICENSE_NUMBER", default=EXAMPLE_PHARMACY["PHARMACY_LICENSE_NUMBER"]
)
PHARMACY_LOGO = env.str("PHARMACY_LOGO", default="")

# --- messages --------------------------------------------------------------------------------------------------------

vars().update(env.email_url("MAIL_URL", default="filemail://"))
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"{PHARMACY_NAME} <{PHARMACY_EMAIL}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
STAFF_NOTIFICATION_ADDRESS = env.str("STAFF_NOTIFICATION_ADDRESS", default=PHARMACY_EMAIL)
MESSAGE_LEASE_SECONDS = env.int("MESSAGE_LEASE_SECONDS", default=120)
MESSAGE_RETRY_SECONDS = [
    int(s) for s in env.list("MESSAGE_RETRY_SECONDS", default=["30", "120", "600", "3600", "14400"])
]
MESSAGE_SWEEP_SECONDS = env.int("MESSAGE_SWEEP_SECONDS", default=30)

# --- work that happens later -----------------------------------------------------------------------------------------
# A task carries ids. The row in the database is the queue; the broker only makes it sooner, and may lose everything.

if REDIS_URL.startswith("unix://"):
    _socket = urlsplit(REDIS_URL)
    CELERY_BROKER_URL = (
        f"redis+socket://{_socket.path}?virtual_host={_socket.query.removeprefix('db=') or 0}"
    )
else:
    CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, float | str] = {
        # A request that has something to tell the worker gives up quickly: beat's sweep will find the row.
        "socket_connect_timeout": 0.5,
        "socket_timeout": 0.5,
        "max_retries": 0,
        "visibility_timeout": 600,
    }
else:
    _broker = VAR_DIR / "broker"
    for _folder in ("messages", "control"):
        (_broker / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "messages"),
        "data_folder_out": str(_broker / "messages"),
        "control_folder": str(_broker / "control"),
        "store_processed": False,
        "polling_interval": 0.05,
    }
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# --- what is written down about a run --------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = logging_config(LOG_LEVEL)
