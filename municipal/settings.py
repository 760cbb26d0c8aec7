"""Settings: every one that a town may change comes from the environment (設定).

``docs/operating.md`` lists the variables. Nothing set: a demo on this machine, with embedded servers.
"""

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from municipal.machine.places import Place
from municipal.machine.postgresql import APP, OWNER
from municipal.web import assets

ROOT = Path(__file__).resolve().parent.parent
PLACE = Place("run", ROOT)

# Public, so it serves one machine only (check kijun.E001); its words stay, since keys of made-up towns hang on them.
DEMO_SECRET = "demo-only: this secret is public, and DEBUG=False refuses it"  # noqa: S105
SECRET_KEY = os.environ.get("KIJUN_SECRET_KEY", DEMO_SECRET)
# Not for the demo either: who types a wrong address there is to see our page, not the program's insides.
DEBUG = os.environ.get("KIJUN_DEBUG", "0") == "1"
ALLOWED_HOSTS = os.environ.get("KIJUN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
IS_BEHIND_TLS = os.environ.get("KIJUN_TLS", "0") == "1"


def database(url: str) -> dict[str, Any]:
    """Django's form of a libpq address. Raises psycopg.ProgrammingError if it is none."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise SystemExit("Kijun runs on PostgreSQL 15 or newer only: DATABASE_URL must begin with postgresql://")
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "kijun"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": {"connect_timeout": 5, "application_name": "kijun", **parts},
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
    }


IS_EMBEDDED = "DATABASE_URL" not in os.environ
DATABASES = {
    # "default" serves as a role that owns nothing; "owner" migrates. Both are behind the wall.
    "default": database(os.environ.get("DATABASE_URL", PLACE.database_url(APP))),
    "owner": database(
        os.environ.get("DATABASE_OWNER_URL", PLACE.database_url(OWNER) if IS_EMBEDDED else os.environ["DATABASE_URL"])
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.messages",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "municipal.municipalities",
    "municipal.audit",
    "municipal.office",
    "municipal.inspections",
    "municipal.identity",
    "municipal.addressees",
    "municipal.numbers",
    "municipal.places",
    "municipal.residents",
    "municipal.payments",
    "municipal.procedures",
    "municipal.banking",
    "municipal.checkout",
    "municipal.certificates",
    "municipal.applicants",
    "municipal.evidence",
    "municipal.entitlements",
    "municipal.transfer",
    "municipal.statistics",
    "municipal.extracts",
    "municipal.batches",
    "municipal.applications",
    "municipal.intake",
    "municipal.web",
    "municipal.tracing",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "municipal.web.packing.Packing",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "municipal.web.languages.ReadersLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Last: it calls the view itself, behind the wall.
    "municipal.identity.middleware.Doorway",
]
ROOT_URLCONF = "municipal.urls"
WSGI_APPLICATION = "municipal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "municipal.identity.context.who_is_there",
                "municipal.web.menu.menu",
            ],
        },
    },
]

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [ROOT / "municipal" / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

# Served from where they lie: nothing to collect, nothing to build; what packages bring changes with their versions.
STATIC_URL = f"/static/{assets.digest_of(ROOT / 'municipal/web/static', ROOT / 'requirements/server.txt')}/"
WHITENOISE_USE_FINDERS = True
if not DEBUG:
    # Every file, by its address: a browser that has it never asks again.
    WHITENOISE_IMMUTABLE_FILE_TEST = "."
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Who may come in (municipal.identity). A town alone on its installation, or named here, is not asked for.
KIJUN_TOWN = os.environ.get("KIJUN_TOWN", "")
KIJUN_IDLE_MINUTES = int(os.environ.get("KIJUN_IDLE_MINUTES", "10"))
KIJUN_SESSION_HOURS = int(os.environ.get("KIJUN_SESSION_HOURS", "12"))
KIJUN_REQUIRE_SECOND_FACTOR = os.environ.get("KIJUN_REQUIRE_SECOND_FACTOR", "0") == "1"
# How many proxies of our own stand before us and write X-Forwarded-For; more would let a sender choose the address.
KIJUN_PROXIES = int(os.environ.get("KIJUN_PROXIES", "0"))
# A front that signs people in by itself (single sign-on) says who they are in this header, and proves itself by the
# secret.
KIJUN_SSO_HEADER = os.environ.get("KIJUN_SSO_HEADER", "")
KIJUN_SSO_SECRET = os.environ.get("KIJUN_SSO_SECRET", "")
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login_name", "name", "kana")},
    },
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
CSRF_FAILURE_VIEW = "municipal.web.views.errors.csrf_failure"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if IS_BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}
# A form of the register has about 150 items; a request of more than 2.5 MB is no form of ours.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# The doorway signs in and permits, before DRF is asked: it is left to negotiate, to shape and to describe.
REST_FRAMEWORK: dict[str, Any] = {
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["municipal.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "municipal.api.schema.Schema",
    "EXCEPTION_HANDLER": "municipal.api.errors.answer",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Kijun (基準)",
    "DESCRIPTION": (
        "住民記録の照会と異動、公金の調定・収納・還付、手続と申請。 / The resident register: inquiries and acts;"
        " public money: charges, payments, refunds; procedures and applications."
    ),
    "ENUM_NAME_OVERRIDES": {
        "MoneyTopic": "municipal.payments.announcements.ALL_TOPICS",
        "EventTopic": "municipal.payments.announcements.TELLABLE",
        "Account": "municipal.payments.models.Account",
        "PaymentChannel": "municipal.payments.models.Channel",
        "ApplicationChannel": "municipal.applications.models.Channel",
        "HandInChannel": "municipal.api.application_schema.BY_HAND",
        "ChargeState": "municipal.api.money_shapes.STATES",
        "CallState": "municipal.payments.models.WebhookCall.State",
        "RefundState": "municipal.api.money_shapes.REFUND_STATES",
        "DraftState": "municipal.residents.models.DraftState",
    },
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "APPEND_COMPONENTS": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "SECURITY": [{"bearer": []}],
}

# Who takes money online: a class of the form that municipal/checkout/provider.py describes. Only training has one by
# itself, and that one serves made-up municipalities only.
KIJUN_PAYMENT_PROVIDER = os.environ.get(
    "KIJUN_PAYMENT_PROVIDER", "municipal.checkout.simulator.Simulator" if SECRET_KEY == DEMO_SECRET else ""
)

# Over which intermediate server other offices are asked: a class of the form that municipal/evidence/server.py
# describes. Only training has one by itself, and that one serves made-up municipalities only.
KIJUN_LINKAGE_SERVER = os.environ.get(
    "KIJUN_LINKAGE_SERVER", "municipal.evidence.simulator.Simulator" if SECRET_KEY == DEMO_SECRET else ""
)

# Who vouches for applicants: a file that describes an OpenID provider (docs/operating.md). Empty: made-up towns
# have simulated cards, real ones no sign-in.
KIJUN_OIDC = os.environ.get("KIJUN_OIDC", "")
# The national portal, town by town: a file (docs/intake.md). Empty: made-up towns have a simulated one, real ones none.
KIJUN_PORTAL = os.environ.get("KIJUN_PORTAL", "")
KIJUN_APPLICANT_IDLE_MINUTES = int(os.environ.get("KIJUN_APPLICANT_IDLE_MINUTES", "30"))

CELERY_BROKER_URL = os.environ.get("BROKER_URL", PLACE.broker_url)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE

# The heads of the audit chains, outside the database; best on a volume that the database's administrators cannot write.
AUDIT_ANCHORS = Path(os.environ.get("KIJUN_ANCHORS", ROOT / ".data" / "anchors"))
ANCHOR_KEY = os.environ.get("KIJUN_ANCHOR_KEY", SECRET_KEY)

# The file with the keys of individual numbers (manage.py number_keys); never in the database or beside its backups.
KIJUN_NUMBER_KEYS = os.environ.get("KIJUN_NUMBER_KEYS", "")

# Files that were uploaded to be judged, and the folder in which others hand theirs over, one folder per town code.
KIJUN_INSPECTIONS = Path(os.environ.get("KIJUN_INSPECTIONS", PLACE.data / "inspections"))
# Where the register is written when it is handed over, one folder per town code; personal data of everybody.
KIJUN_TRANSFER = Path(os.environ.get("KIJUN_TRANSFER", PLACE.data / "transfer"))
# Where printed slips are kept, one folder per town code; names and addresses of everybody who pays.
KIJUN_PAYMENTS = Path(os.environ.get("KIJUN_PAYMENTS", PLACE.data / "payments"))
# Slips are specimens unless all three are given (docs/operating.md).
KIJUN_PAYMENT_AGENCY = os.environ.get("KIJUN_PAYMENT_AGENCY", "")
KIJUN_PAYMENT_CHECK_DIGITS = os.environ.get("KIJUN_PAYMENT_CHECK_DIGITS", "")
KIJUN_STORE_COMPANY = os.environ.get("KIJUN_STORE_COMPANY", "")
KIJUN_HANDOVER_FOLDER = os.environ.get("KIJUN_HANDOVER_FOLDER", "")
KIJUN_UPLOAD_MEGABYTES = int(os.environ.get("KIJUN_UPLOAD_MEGABYTES", "200"))
# The first one says early what is too large or too many, before anything is written anywhere.
FILE_UPLOAD_HANDLERS = [
    "municipal.web.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# E-mail to applicants: nothing is sent unless a sender is named here. KIJUN_PAGES: where residents reach these pages.
KIJUN_MAIL_FROM = os.environ.get("KIJUN_MAIL_FROM", "")
KIJUN_PAGES = os.environ.get("KIJUN_PAGES", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if KIJUN_MAIL_FROM else 'dummy'}.EmailBackend"
EMAIL_HOST = os.environ.get("KIJUN_MAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("KIJUN_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("KIJUN_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("KIJUN_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("KIJUN_MAIL_TLS", "0") == "1"
EMAIL_TIMEOUT = 10
# Whoever scans attachments of residents for viruses: the path of a function that takes bytes and says "clean" or not.
KIJUN_ATTACHMENT_SCANNER = os.environ.get("KIJUN_ATTACHMENT_SCANNER", "")
# BoundedUpload stops at far fewer, with a sentence instead of an error.
DATA_UPLOAD_MAX_NUMBER_FILES = 5_000

# How an issued certificate gets onto paper: "lp" of CUPS, or nothing, and certificates come as PDF only.
KIJUN_PRINT_COMMAND = os.environ.get("KIJUN_PRINT_COMMAND", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("KIJUN_LOG_LEVEL", "INFO")},
}
