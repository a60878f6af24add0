"""Reads the settings from the environment and refuses unsafe ones with a sentence.

Knows nothing of Flask: `wsgi.create_app` hands the result to everyone.
"""

import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit

from core.limits import BadLimitError, Limits, read_limits

TWILIO = "https://api.twilio.com"
# What anybody may fetch: nothing that was handed in may ever lie below.
WEB_ROOT = Path(__file__).resolve().parents[1] / "static"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PLACEHOLDERS = ("changeme", "change-me", "change_me", "your-secret", "example")
DEMO_DEFAULTS = {
    "SECRET_KEY": "demo-only-secret-key-that-guards-nothing-real",
    "TOTP_SECRET": "demo-only-totp-secret-that-guards-nothing-real",
    "PUBLIC_URL": "http://localhost:5000",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "demo-only-auth-token",
    "TWILIO_SENDER": "+15005550006",
    "TWILIO_API_URL": "http://127.0.0.1:5001",
    "EMERGENCY_PHONE": "+41 22 555 01 00",
}


class UnsafeSettingError(ValueError):
    """A setting that must not be used; its text says what to do about it."""


@dataclass(frozen=True)
class Settings:
    """What CONTRACT.md lists under Settings, checked. Secrets never appear in its repr."""

    secret_key: str
    totp_secret: str
    database_url: str
    public_url: str
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_sender: str
    twilio_api_url: str
    sender_rate: float
    mail_url: str
    geocoder: str
    uploads: str
    antivirus: str
    emergency_phone: str
    limits: Limits
    demo: bool

    def __repr__(self) -> str:
        return f"Settings(public_url={self.public_url!r}, demo={self.demo})"

    @property
    def https(self) -> bool:
        """Whether the outside reaches us over https, and so cookies are `__Host-` ones."""
        return self.public_url.startswith("https://")


def read_settings(environ: Mapping[str, str], instance: Path) -> Settings:
    """The checked settings of this process.

    `instance` is the folder of the default SQLite file and of the papers that are handed in.
    Raises UnsafeSettingError with a sentence that names the setting and the remedy.
    """
    demo = _flag("DEMO", environ.get("DEMO", ""))
    given = {name: value.strip() for name, value in environ.items()}

    def value(name: str, otherwise: str = "") -> str:
        return given.get(name) or (DEMO_DEFAULTS.get(name, otherwise) if demo else otherwise)

    api_url = _safe_api_url(value("TWILIO_API_URL", TWILIO), demo)
    return Settings(
        secret_key=_secret("SECRET_KEY", value("SECRET_KEY"), demo),
        totp_secret=_secret("TOTP_SECRET", value("TOTP_SECRET"), demo),
        database_url=database_url(
            value("DATABASE_URL", f"sqlite:///{instance / 'iproc-dispatch.sqlite3'}")
        ),
        public_url=_safe_public_url(value("PUBLIC_URL")),
        twilio_account_sid=_required("TWILIO_ACCOUNT_SID", value("TWILIO_ACCOUNT_SID")),
        twilio_auth_token=_token(value("TWILIO_AUTH_TOKEN"), demo),
        twilio_sender=_sender(value("TWILIO_SENDER")),
        twilio_api_url=api_url,
        sender_rate=_rate(value("SENDER_RATE"), api_url),
        mail_url=_mail(value("MAIL_URL"), demo),
        geocoder=_geocoder(value("GEOCODER", "offline"), demo),
        uploads=_uploads(value("UPLOADS", str(instance / "uploads"))),
        antivirus=_antivirus(value("ANTIVIRUS")),
        emergency_phone=value("EMERGENCY_PHONE"),
        limits=_limits(given),
        demo=demo,
    )


def database_url(url: str) -> str:
    """The SQLAlchemy URL of `url`: psycopg 3 for PostgreSQL, several hosts allowed."""
    scheme, mark, rest = url.partition("://")
    if scheme == "sqlite":
        return url
    if not mark or scheme not in {"postgresql", "postgresql+psycopg", "postgres"}:
        raise UnsafeSettingError(
            "DATABASE_URL must begin with sqlite:/// or postgresql://; "
            f"it begins with {scheme + mark!r}."
        )
    login, _, hosts_and_path = rest.rpartition("@")
    hosts, _, path = hosts_and_path.partition("/")
    if "," not in hosts:
        return f"postgresql+psycopg://{rest}"
    name, _, query = path.partition("?")
    several = "&".join(f"host={quote(host, safe=':[]')}" for host in hosts.split(","))
    return f"postgresql+psycopg://{login}{'@' if login else ''}/{name}?{several}" + (
        f"&{query}" if query else ""
    )


def is_loopback(url: str) -> bool:
    """Whether `url` leads to this machine and nowhere else."""
    return (urlsplit(url).hostname or "") in LOOPBACK


def _flag(name: str, text: str) -> bool:
    if text.strip() in {"", "0"}:
        return False
    if text.strip() == "1":
        return True
    raise UnsafeSettingError(f"{name} must be 1 or empty; it is {text!r}.")


def _required(name: str, value: str) -> str:
    if not value:
        raise UnsafeSettingError(f"{name} is empty. Set it, or set DEMO=1 to try the program.")
    return value


def _secret(name: str, value: str, demo: bool) -> str:
    make_one = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
    _required(name, value)
    if not demo and len(value) < 32:
        raise UnsafeSettingError(f"{name} is shorter than 32 characters. {make_one}")
    known = value in DEMO_DEFAULTS.values() or any(p in value.lower() for p in PLACEHOLDERS)
    if not demo and known:
        raise UnsafeSettingError(f"{name} is a placeholder that everybody knows. {make_one}")
    return value


def _token(value: str, demo: bool) -> str:
    remedy = "anybody could forge a text. Copy it from the Twilio console."
    if len(value) < 8:
        raise UnsafeSettingError(
            f"TWILIO_AUTH_TOKEN is empty or shorter than 8 characters: {remedy}"
        )
    if not demo and value == DEMO_DEFAULTS["TWILIO_AUTH_TOKEN"]:
        raise UnsafeSettingError(f"TWILIO_AUTH_TOKEN is the demonstration's own: {remedy}")
    return value


def _sender(value: str) -> str:
    _required("TWILIO_SENDER", value)
    if (value.startswith("+") and value[1:].isdigit()) or value.startswith("MG"):
        return value
    raise UnsafeSettingError(
        "TWILIO_SENDER must be a number such as +41225550100 or a messaging service (MG…)."
    )


def _split(name: str, url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UnsafeSettingError(
            f"{name} must be a full address such as https://host, not {url!r}."
        )
    if parts.scheme == "http" and not is_loopback(url):
        raise UnsafeSettingError(f"{name} must use https: http is allowed on this machine only.")
    return parts


def _safe_public_url(url: str) -> str:
    _split("PUBLIC_URL", _required("PUBLIC_URL", url))
    return url.rstrip("/")


def _safe_api_url(url: str, demo: bool) -> str:
    _split("TWILIO_API_URL", url)
    if demo and not is_loopback(url):
        raise UnsafeSettingError(
            "DEMO=1 sends no message to the outside: TWILIO_API_URL must be on this machine, "
            "such as http://127.0.0.1:5001."
        )
    return url.rstrip("/")


def _rate(value: str, api_url: str) -> float:
    if not value:
        return 0.0 if is_loopback(api_url) else 1.0
    try:
        rate = float(value)
    except ValueError:
        rate = -1.0
    if not 0 <= rate < 10_000:
        raise UnsafeSettingError(
            "SENDER_RATE must be a number of segments a second, 0 for no limit."
        )
    return rate


def _mail(url: str, demo: bool) -> str:
    if url and urlsplit(url).scheme not in {"smtp", "smtps"}:
        raise UnsafeSettingError("MAIL_URL must begin with smtp:// or smtps://, or be empty.")
    if url and demo and not is_loopback(url):
        raise UnsafeSettingError("DEMO=1 sends no mail to the outside: leave MAIL_URL empty.")
    return url


def _geocoder(value: str, demo: bool) -> str:
    if value not in {"offline", "nominatim"}:
        raise UnsafeSettingError("GEOCODER must be offline or nominatim.")
    if demo and value != "offline":
        raise UnsafeSettingError("DEMO=1 asks nobody outside: GEOCODER must be offline.")
    return value


def _limits(given: Mapping[str, str]) -> Limits:
    try:
        return read_limits(given)
    except BadLimitError as error:
        raise UnsafeSettingError(str(error)) from None


def _uploads(folder: str) -> str:
    path = Path(folder).resolve()
    if path == WEB_ROOT or WEB_ROOT in path.parents:
        raise UnsafeSettingError(
            "UPLOADS must not lie in static/: everybody could fetch what somebody handed in."
        )
    return str(path)


def _antivirus(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError:
        raise UnsafeSettingError("ANTIVIRUS has a quotation mark that is not closed.") from None
    if words and shutil.which(words[0]) is None:
        raise UnsafeSettingError(
            f"ANTIVIRUS names a program that is not there: {words[0]!r}. Give its full path."
        )
    return command
