"""The demonstration's published token opens no real door."""

from pathlib import Path

import pytest

from core.settings import DEMO_DEFAULTS, UnsafeSettingError, read_settings
from tests.conftest import ENVIRONMENT


def test_the_token_of_the_demonstration_is_refused_outside_it(tmp_path: Path) -> None:
    given = ENVIRONMENT | {"TWILIO_AUTH_TOKEN": DEMO_DEFAULTS["TWILIO_AUTH_TOKEN"]}
    with pytest.raises(UnsafeSettingError, match="TWILIO_AUTH_TOKEN"):
        read_settings(given, tmp_path)
