"""Settings of the whole product, in one file. Values that differ between places come from the environment (config.env)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hutong.config import env, folders

BASE = Path(__file__).resolve().parents[2]
PACKAGE = BASE / "hutong"
DATA = folders.data()
ATTACHMENTS = DATA / "attachments"
REGISTERS = DATA / "registers"  # departments' feeds, encrypted; the worker's alone

DEBUG = env.flag("HUTONG_DEBUG")
DEMO = env.flag("HUTONG_DEMO")
SECRET_KEY = env.text("HUTONG_SECRET_KEY", "not-a-secret: `hutong up` writes a real one into the data folder")
ALLOWED_HOSTS = env.words("HUTONG_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env.words("HUTONG_ORIGINS")

# Sealing keys: "1:hex,2:hex". The highest number seals; all of them open.
_seal = env.text("HUTONG_SEAL_KEYS")
SEAL_KEYS = (
    {int(n): bytes.fromhex(k) for n, k in (part.split(":") for part in _seal.split(","))}
    if _seal
    else {1: hashlib.sha256(b"seal" + SECRET_KEY.encode()).digest()}
)
SEAL_SUITE = env.text("HUTONG_SEAL_SUITE", "sm")
SEAL_INDEX_KEY = bytes.fromhex(env.text("HUTONG_INDEX_KEY")) or None

INSTALLED_APPS = [
    "hutong.config",
    "hutong.kernel",
    "hutong.policy",
    "hutong.places",
    "hutong.staff",
    "hutong.people",
    "hutong.wellbeing",
    "hutong.casework",
    "hutong.duties",
    "hutong.exchange",
    "hutong.discovery",
    "hutong.insight",
    "hutong.desk",
    "hutong.gateway",
    "hutong.workbench",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "hutong.gateway.health.HealthMiddleware",
    "hutong.config.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hutong.desk.account.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hutong.desk.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hutong.desk.middleware.ScopeMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # inside the scope: it answers its own exceptions before a rollback
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hutong.config.urls"
WSGI_APPLICATION = "hutong.config.wsgi.application"


def _database(url: str) -> dict[str, object]:
    """A PostgreSQL URL as Django wants it; the socket folder of the embedded server comes as ?host=."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "OPTIONS": {"application_name": "hutong"},
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": False,
    }


DATABASES = {"default": _database(env.text("DATABASE_URL", "postgresql:///hutong"))}
if env.flag("HUTONG_POOL", True):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": env.number("HUTONG_POOL_SIZE", 8)}  # type: ignore[index]

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": False}  # axes counts failures; an office has one address
ACCOUNT_SESSION_REMEMBER = False  # offices share computers: closing the browser ends the session
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "hutong.desk.account.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "hutong.desk.account.forms.SignInForm",
    "change_password": "hutong.desk.account.forms.PasswordForm",
}
MFA_ADAPTER = "hutong.desk.account.adapters.FactorAdapter"
MFA_TOTP_ISSUER = "护童"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_CALLABLE = "hutong.desk.account.adapters.locked_out"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
SESSION_ENGINE = "hutong.staff.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 8
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.flag("HUTONG_TLS")
CSRF_FAILURE_VIEW = "hutong.desk.account.views.stale"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("HUTONG_TLS") else None
SECURE_HSTS_SECONDS = 31_536_000 if env.flag("HUTONG_TLS") else 0

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": sorted(PACKAGE.glob("desk/*/templates")),
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "hutong.desk.ui.environment.environment",
            "context_processors": ["hutong.desk.account.kept.marked_forms"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted(PACKAGE.glob("desk/*/django_templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

MAP = env.text("HUTONG_MAP")  # an approved GeoJSON of the counties instead of the sketch; `none`: no map

# Notices to channels outside (hutong.gateway, docs/notices.md); none unless named here, never in the demonstration.
NOTICES = {
    "channels": env.words("HUTONG_NOTICES"),
    "sms_url": env.text("HUTONG_SMS_URL"),
    "sms_key": env.text("HUTONG_SMS_KEY"),
    "wecom_url": env.text("HUTONG_WECOM_URL"),
    "dingtalk_url": env.text("HUTONG_DINGTALK_URL"),
    "dingtalk_secret": env.text("HUTONG_DINGTALK_SECRET"),
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = sorted(PACKAGE.glob("desk/*/static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FIELD_APP = Path(env.text("HUTONG_FIELD_APP", str(BASE / "field-client" / "dist")))  # the phone app, as built
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING_CONFIG = None
