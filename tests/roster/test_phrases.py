"""Why somebody is not asked, in words; in the reader's language."""

from pathlib import Path

import pytest
from flask import Flask

from core.i18n import speaking
from roster.phrases import phrase
from roster.rules import terms
from roster.rules.details import TELL as FACTS_OF

SAID = [
    (terms.NOT_VETTED, {"status": "suspended"}, "suspended"),
    (terms.NOT_VALID, {"valid_until": "2026-06-02T00:00:00+00:00"}, "valid until Jun 1, 2026"),
    (terms.NOT_VALID, {"valid_until": None}, "never approved for a period"),
    (terms.AWAY, {"until": "2026-12-03T23:00:00+00:00", "time_zone": "Europe/Paris"},
     "away until Dec 3, 2026"),
    (terms.AWAY, {"until": None, "time_zone": "UTC"}, "away until they say they are back"),
    (terms.RESTING, {"until": "2026-12-03T05:00:00+00:00", "time_zone": "Asia/Tokyo"},
     "from Dec 3, 2026, 14:00 in Asia/Tokyo"),
    (terms.OFF_HOURS, {"until": None, "time_zone": "UTC"}, "never at work"),
    (terms.BUSY, {"missions": 1, "limit": 2}, "on 1 of 2 missions"),
    (terms.NO_SKILL, {"missing": [["CIR", 3], ["LEG", 2]]}, "without CIR:3, LEG:2"),
    (terms.NO_LANGUAGE, {"wanted": ["ar", "fr"], "speaks": []}, "none of: Arabic, French"),
    (terms.NO_MODE, {"wanted": "on_site", "accepts": ["remote"]}, "only remote"),
    (terms.NO_MODE, {"wanted": "on_site", "accepts": []}, ""),
    (terms.CONFLICT, {"with": ["UA"]}, "conflict of interest with UA"),
    (terms.AFFECTED, {"country": "UA"}, "based in UA"),
    (terms.AFFECTED, {"distance_km": 40.0}, "40.0 km from the centre of it"),
    (terms.OPTED_OUT, {}, ""),
]  # fmt: skip


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """None is needed."""
    return f"sqlite:///{tmp_path}/never-made.sqlite3"


def test_each_reason_is_said_with_its_facts(app: Flask) -> None:
    with app.app_context(), speaking("en"):
        assert [phrase(reason, facts) for reason, facts, _ in SAID] == [said for *_, said in SAID]


def test_whatever_has_facts_has_words(app: Flask) -> None:
    assert set(FACTS_OF) == {reason for reason, facts, _ in SAID if facts}


def test_names_of_languages_and_days_are_the_readers(app: Flask) -> None:
    with app.app_context(), speaking("fr"):
        assert "arabe" in phrase(terms.NO_LANGUAGE, {"wanted": ["ar"], "speaks": []})
        assert "déc." in phrase(*SAID[3][:2])
