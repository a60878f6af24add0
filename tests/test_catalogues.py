"""Every text goes through the catalogue, and the catalogue is complete.

What an office or an expert may read is complete in the six languages; the desk, HR's and the
administrators' screens at least in English and French.
"""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from core.i18n import DEFAULT, LANGUAGES

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "core" / "translations"
STAFF = ("templates/desk/", "templates/roster/", "templates/admin/", "roster/forms", "roster/views",
         "core/accounts/admin", "core/reference/forms", "core/reference/views")  # fmt: skip
OTHERS = [code for code in LANGUAGES if code != DEFAULT]


@pytest.fixture(scope="session")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """All texts that the code and the templates hold now."""
    pot = tmp_path_factory.mktemp("catalogue") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg",
               "-k", "_l", "-o", str(pot), "."]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)
    return read(pot)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


@cache
def catalogue(language: str) -> Catalog:
    return read(TRANSLATIONS / language / "LC_MESSAGES" / "messages.po")


def texts(catalog: Catalog) -> dict[object, Message]:
    return {message.id: message for message in catalog if message.id}


def is_public(message: Message) -> bool:
    return any(not path.startswith(STAFF) for path, _line in message.locations)


def is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(strings) and all(strings)


def test_there_are_texts_to_translate(wanted: Catalog) -> None:
    assert len(texts(wanted)) > 200


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_missing(language: str, wanted: Catalog) -> None:
    known = texts(catalogue(language))
    missing = [
        str(key)
        for key, message in texts(wanted).items()
        if (is_public(message) or language == "fr") and not is_translated(known.get(key))
    ]
    assert missing == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_stale(language: str, wanted: Catalog) -> None:
    stale = set(texts(catalogue(language))) - set(texts(wanted))
    assert stale == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_keeps_its_placeholders(language: str) -> None:
    known = catalogue(language)
    faults = [
        f"{message.id}: {error}"
        for message in known
        if message.id and is_translated(message)
        for error in message.check(known)
    ]
    assert faults == []
