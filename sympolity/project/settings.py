"""The one settings file. Variables come from env.py; everything else stands here."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from sympolity.project import env

BASE = Path(__file__).resolve().parent.parent
DATA = Path(env.value("SYMPOLITY_DATA")).resolve()
os.umask(0o077)  # the data folder holds addresses that must stay hidden: nobody else on this machine reads it
try:
    DATA.mkdir(parents=True, exist_ok=True)
except OSError as error:
    _problem = f"SYMPOLITY_DATA={DATA}: the folder cannot be made ({error.strerror})"
    raise env.BadSetting(_problem) from error
SITE_URL = env.value("SYMPOLITY_URL").rstrip("/")
if "SYMPOLITY_URL" not in os.environ and env.value("PORT") != "8000":
    SITE_URL = f"http://127.0.0.1:{env.value('PORT')}"
_site = urlsplit(SITE_URL)
HTTPS = _site.scheme == "https"
DEBUG = env.value("SYMPOLITY_DEBUG") == "1"
SECRET_LENGTH = 32  # characters at least


def _secret_key() -> str:
    """Made once into the data folder, readable by its owner only, and whole before it has its name."""
    path = DATA / "secret_key"
    if not path.exists():
        fresh = DATA / f".secret_key-{os.getpid()}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(handle)
        fresh.rename(path)
    key = path.read_text().strip()
    if len(key) < SECRET_LENGTH:
        problem = (
            f"{path} holds no key of {SECRET_LENGTH} characters or more. Bring it back from a backup; or remove it, "
            "a new one is made then, and everybody signs in anew"
        )
        raise env.BadSetting(problem)
    return key


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = sorted({_site.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"})
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "sympolity.design",
    "sympolity.trail",
    "sympolity.languages",
    "sympolity.places",
    "sympolity.search",
    "sympolity.post",
    "sympolity.sharing",
    "sympolity.people",
    "sympolity.directory",
    "sympolity.network",
    "sympolity.exchange",
    "sympolity.desk",
    "sympolity.portal",
    "sympolity.ops",
]
INSTALLED_APPS = [
    app for app in INSTALLED_APPS if not app.startswith("sympolity.") or (BASE / app.split(".")[1]).is_dir()
]

MIDDLEWARE = [
    "sympolity.project.middleware.measured",
    "sympolity.project.middleware.headers",
    "sympolity.project.middleware.compress",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "sympolity.project.middleware.language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "sympolity.project.middleware.actor",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "sympolity.project.urls"
WSGI_APPLICATION = "sympolity.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "sympolity.project.context.site",
            ],
            "builtins": [
                "sympolity.design.templatetags.look",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

DATABASES = {"default": env.database(env.value("DATABASE_URL"), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []  # nobody has a password: sign-in is by e-mail code
ACCOUNT_ADAPTER = "sympolity.people.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key,10/h/key",
    "login": "30/m/ip",
    "login_failed": "10/15m/key",
}
# The second factor. Its pages, forms and checks are ours (people); the library keeps it and speaks WebAuthn.
MFA_ADAPTER = "sympolity.people.factors.Adapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # a browser itself allows it on this machine only
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
# https means that a web server of ours stands before us and writes the visitor's address: without it
# all visitors would share the limits of one. Its last word counts; without one, who is connected.
ALLAUTH_TRUSTED_PROXY_COUNT = int(HTTPS)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# Languages of the interface come from the registry of ``languages``; Django only needs to
# know that the codes exist.
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Athens"
LOCALE_PATHS = [BASE / "locale"]
LANGUAGES = [("en", "English"), ("el", "Ελληνικά"), ("ar", "العربية")]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
# Vendored as they were published: what is served of them lies in dist.
STATICFILES_DIRS = [(name, BASE / "design/vendor" / name / "dist") for name in ("maplibre-gl", "pmtiles")]
MEDIA_ROOT = DATA / "media"
# What tells senders of anonymous forms apart for a day: in memory (tmpfs), never on a disk. None: in each process.
_memory = Path("/dev/shm")  # noqa: S108 - the folder in it is made and looked at by design.anonymous.keys
_ours = f"sympolity-{os.getuid()}-{hashlib.sha256(str(DATA).encode()).hexdigest()[:12]}"
SENDERS_ROOT = _memory / _ours if _memory.is_dir() else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.value("SYMPOLITY_MAIL_FROM")
SMTP = env.value("SYMPOLITY_SMTP")
globals().update(env.mail(SMTP))
MAILBOX = env.choice("SYMPOLITY_MAILBOX", "local", "open", "closed")

# Shared by the workers of a host: limits on sign-in would count per process otherwise.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "sympolity.project.errors.csrf"
SECURE_SSL_REDIRECT = HTTPS
# Asked on this machine, past the web server that speaks https.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
# Other hosts of the town may still be plain http: the operator of the domain decides about them.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 600  # two for each of 200 columns of a table
# W002: framing is refused by our own header. W005, W021: see HSTS above.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W005", "security.W021"]

HOST = env.value("HOST")
PORT = env.number("PORT", 1, 65535)
WORKERS = env.number("SYMPOLITY_WORKERS", 1, 64)
DEMO = env.value("SYMPOLITY_DEMO") == "1"
SETTINGS_PAGE = env.markdown
EXIT_URL = env.value("SYMPOLITY_EXIT_URL")
OPERATOR = env.value("SYMPOLITY_OPERATOR")
CONTACT = env.value("SYMPOLITY_CONTACT")
MAP_TILES = env.value("SYMPOLITY_MAP_TILES")
MAP_CREDIT = env.value("SYMPOLITY_MAP_CREDIT")
INDEX_ROOT = DATA / "index"
METRICS_ROOT = DATA / "metrics"
METRICS_TOKEN = env.secret("SYMPOLITY_METRICS_TOKEN", 20)
LOG_REQUESTS = env.value("SYMPOLITY_LOG_REQUESTS") == "1"
ASK_DAILY = env.number("SYMPOLITY_ASK_DAILY", 0, 100_000)
CONFIRM_DAYS = env.confirm_days()
BACKUP, BACKUPS, BACKUP_KEEP = env.backups(DATA)

LOG_FORMATTER = (
    {"()": "sympolity.ops.logs.Json"}
    if env.choice("SYMPOLITY_LOG", "plain", "json") == "json"
    else {"format": "{levelname} {name}: {message}", "style": "{"}
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ours": LOG_FORMATTER},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ours"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Addresses may hold what somebody looks for: requests are not logged by Django. Failures
        # are logged by project.errors, slow ones by project.middleware, without them.
        "django.request": {"level": "CRITICAL", "propagate": False},
        "django.security": {"level": "CRITICAL", "propagate": False},
        "sympolity": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
