"""Settings are refused with a sentence that names the setting and the remedy."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from core.limits import Limits
from core.settings import DEMO_DEFAULTS, Settings, UnsafeSettingError, database_url, read_settings
from tests.conftest import ENVIRONMENT

FOLDER = Path("instance")


def read(**changed: str) -> Settings:
    return read_settings(ENVIRONMENT | changed, FOLDER)


REFUSED = [
    ("SECRET_KEY", "", "SECRET_KEY is empty"),
    ("SECRET_KEY", "short", "shorter than 32"),
    ("SECRET_KEY", "changeme-" * 5, "placeholder"),
    ("SECRET_KEY", DEMO_DEFAULTS["SECRET_KEY"], "placeholder"),
    ("TOTP_SECRET", "", "TOTP_SECRET is empty"),
    ("TOTP_SECRET", "x" * 31, "shorter than 32"),
    ("TOTP_SECRET", DEMO_DEFAULTS["TOTP_SECRET"], "placeholder"),
    ("TWILIO_AUTH_TOKEN", "", "anybody could forge a text"),
    ("TWILIO_AUTH_TOKEN", "1234567", "anybody could forge a text"),
    ("TWILIO_ACCOUNT_SID", "", "TWILIO_ACCOUNT_SID is empty"),
    ("TWILIO_SENDER", "", "TWILIO_SENDER is empty"),
    ("TWILIO_SENDER", "WIPO", "must be a number"),
    ("PUBLIC_URL", "", "PUBLIC_URL is empty"),
    ("PUBLIC_URL", "http://dispatch.example", "must use https"),
    ("PUBLIC_URL", "dispatch.example", "full address"),
    ("PUBLIC_URL", "ftp://dispatch.example", "full address"),
    ("TWILIO_API_URL", "http://api.example", "must use https"),
    ("DATABASE_URL", "mysql://u@h/d", "must begin with sqlite:/// or postgresql://"),
    ("SENDER_RATE", "fast", "number of segments a second"),
    ("SENDER_RATE", "-1", "number of segments a second"),
    ("SENDER_RATE", "nan", "number of segments a second"),
    ("MAIL_URL", "imap://mail.example", "smtp:// or smtps://"),
    ("GEOCODER", "google", "offline or nominatim"),
    ("UPLOADS", "static/papers", "everybody could fetch"),
    ("UPLOADS", "instance/../static", "everybody could fetch"),
    ("ANTIVIRUS", "no-such-scanner --quiet", "names a program that is not there"),
    ("ANTIVIRUS", "sh 'open", "quotation mark"),
    ("MESSAGES_PER_NUMBER", "0", "MESSAGES_PER_NUMBER must be a whole number, 1 or more"),
    ("SEGMENTS_PER_DAY", "-5", "SEGMENTS_PER_DAY must be a whole number"),
    ("APPLICANT_MESSAGES_PER_DAY", "many", "APPLICANT_MESSAGES_PER_DAY must be a whole number"),
    ("APPLICATIONS_PER_ADDRESS", "1.5", "APPLICATIONS_PER_ADDRESS must be a whole number"),
    ("UPLOAD_MB_PER_APPLICATION", "٣", "UPLOAD_MB_PER_APPLICATION must be a whole number"),
    ("UPLOAD_MB_PER_DAY", "9" * 12, "UPLOAD_MB_PER_DAY must be a whole number"),
    ("DEMO", "yes", "DEMO must be 1 or empty"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), REFUSED)
def test_an_unsafe_setting_is_refused_with_its_sentence(
    name: str, value: str, sentence: str
) -> None:
    with pytest.raises(UnsafeSettingError, match=sentence):
        read(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TWILIO_API_URL", "https://api.twilio.com", "DEMO=1 sends no message to the outside"),
        ("MAIL_URL", "smtp://mail.example", "DEMO=1 sends no mail to the outside"),
        ("GEOCODER", "nominatim", "DEMO=1 asks nobody outside"),
    ],
)
def test_in_demo_nothing_can_leave_this_machine(name: str, value: str, sentence: str) -> None:
    with pytest.raises(UnsafeSettingError, match=sentence):
        read(DEMO="1", **{name: value})


@pytest.mark.parametrize("host", ["127.0.0.1.evil.example", "localhost.evil.example", "192.0.2.1"])
def test_what_only_looks_like_this_machine_is_not(host: str) -> None:
    with pytest.raises(UnsafeSettingError):
        read(DEMO="1", TWILIO_API_URL=f"http://{host}:5001")


def test_demo_needs_no_settings_at_all() -> None:
    settings = read_settings({"DEMO": "1"}, FOLDER)
    assert settings.demo
    assert settings.database_url == "sqlite:///instance/iproc-dispatch.sqlite3"
    assert settings.sender_rate == 0


def test_papers_lie_in_the_instance_folder_and_wait_where_there_is_no_antivirus() -> None:
    settings = read()
    assert Path(settings.uploads) == (FOLDER / "uploads").resolve()
    assert settings.antivirus == ""
    assert read(ANTIVIRUS="sh -c 'exit 0'").antivirus == "sh -c 'exit 0'"


def test_pacing_is_one_segment_a_second_unless_twilio_is_on_this_machine() -> None:
    assert read(TWILIO_API_URL="https://api.twilio.com").sender_rate == 1
    assert read(TWILIO_API_URL="http://localhost:5001").sender_rate == 0
    assert read(SENDER_RATE="0.5").sender_rate == 0.5


def test_the_limits_of_a_day_are_settings_with_usual_values() -> None:
    usual = read().limits
    assert (usual.messages_per_number, usual.segments_per_day) == (200, 50_000)
    given = read(MESSAGES_PER_NUMBER=" 7 ", UPLOAD_MB_PER_DAY="12").limits
    assert given == replace(usual, messages_per_number=7, upload_mb_per_day=12)


def test_every_setting_is_in_the_table_of_the_readme() -> None:
    table = Path("README.md").read_text(encoding="utf-8")
    for limit in fields(Limits):
        assert f"`{limit.metadata['setting']}`" in table


def test_secrets_are_not_in_what_a_log_would_show() -> None:
    shown = repr(read(MAIL_URL="smtp://user:hunter22@mail.example"))
    for secret in (ENVIRONMENT["SECRET_KEY"], ENVIRONMENT["TWILIO_AUTH_TOKEN"], "hunter22"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u@h:5433/d?x=1", "postgresql+psycopg://u@h:5433/d?x=1"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@a:1,b:2/d", "postgresql+psycopg://u@/d?host=a:1&host=b:2"),
    ],
)
def test_database_addresses_lead_to_psycopg_3(given: str, used: str) -> None:
    assert database_url(given) == used
