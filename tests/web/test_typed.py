"""Digits of any script and names of languages, as people type them into the form."""

import pytest

from core.typed import read_languages, show_languages
from dispatch.forms.typed import read_digits

KNOWN = {
    "ar": {"en": "Arabic", "fr": "arabe", "ar": "العربية"},
    "en": {"en": "English", "fr": "anglais"},
    "et": {"en": "Estonian", "fr": "estonien"},
    "fr": {"en": "French", "fr": "français"},
    "pt-BR": {"en": "Brazilian Portuguese", "fr": "portugais du Brésil"},
    "zh": {"en": "Chinese", "zh": "中文"},
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3", 3), (" ٣ ", 3), ("３", 3), ("12.5", 12.5), ("12,5", 12.5), ("١٢٫٥", 12.5),
        ("²", "²"), ("many", "many"), ("-3", "-3"), ("1e9", "1e9"), ("", ""), ("1.", "1."),
        ("9" * 400, "9" * 400), ("½", "½"),
    ],
)  # fmt: skip
def test_a_number_is_read_and_anything_else_left_as_it_stands(
    typed: str, meant: float | str
) -> None:
    assert read_digits(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("French, Arabic", ["fr", "ar"]),
        ("français et anglais", ["fr", "en"]),
        ("francais;ARABE", ["fr", "ar"]),
        ("العربية، 中文", ["ar", "zh"]),
        ("fr et", ["fr", "et"]),
        ("et", ["et"]),
        ("PT-br", ["pt-BR"]),
        ("Brazilian  portuguese", ["pt-BR"]),
        ("Klingon", ["Klingon"]),
        ("French or worse", ["fr", "worse"]),
        (" , ;", []),
    ],
)
def test_languages_are_known_by_name_in_any_language_and_by_code(
    typed: str, meant: list[str]
) -> None:
    assert read_languages(typed, KNOWN) == meant


def test_languages_are_shown_as_they_are_read() -> None:
    shown = show_languages(["fr", "pt-BR", "xx"], KNOWN, "fr")
    assert shown == "français, portugais du Brésil, xx"
    assert read_languages(shown, KNOWN) == ["fr", "pt-BR", "xx"]
