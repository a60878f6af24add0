"""Which of the six languages the reader gets, and which way it is written.

`?lang=` wins and is remembered; then the language of their account; then the browser's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from babel import Locale
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, force_locale, get_locale

LANGUAGES = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}
DEFAULT = "en"
# In the visitor's session: what they chose by `?lang=`, and what they read as long as they do not.
CHOSEN, USUAL = "lang", "usual"
babel = Babel()


def init_app(app: Flask) -> None:
    """Sets up the catalogues and gives every template the language and its direction."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "core/translations"
    babel.init_app(app, locale_selector=choose_language)
    app.before_request(remember_language)
    app.context_processor(
        lambda: {
            "language": current_language(),
            "text_direction": text_direction(current_language()),
            "languages": list(LANGUAGES.items()),
        }
    )


def remember_language() -> None:
    """Keeps a language that was asked for by `?lang=` in the visitor's session."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES and session.get(CHOSEN) != asked:
        session[CHOSEN] = asked


def speak(language: str) -> None:
    """Pages speak `language` from now on, until the visitor chooses another."""
    session.pop(CHOSEN, None)
    session[USUAL] = language


def spoken() -> str:
    """What the visitor has chosen, or else reads usually; empty when neither is known."""
    return str(session.get(CHOSEN) or session.get(USUAL) or "")


def choose_language() -> str:
    """The language of this request: one of the six."""
    if not has_request_context():
        return DEFAULT
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    if spoken() in LANGUAGES:
        return spoken()
    # The default comes first, for those who take any (`*`).
    return request.accept_languages.best_match([DEFAULT, *LANGUAGES]) or DEFAULT


def current_language() -> str:
    """The BCP-47 code of the language that texts come out in just now."""
    locale = get_locale()
    return locale.language if locale and locale.language in LANGUAGES else DEFAULT


def text_direction(language: str) -> str:
    """`rtl` for Arabic, `ltr` for the rest."""
    return "rtl" if language == "ar" else "ltr"


def left_to_right(text: str) -> str:
    """`text`, such as a phone or 09:00–12:30, so that it is not turned round inside of Arabic.

    Isolates of Unicode's bidirectional algorithm (UAX 9), where no <bdi> can be.
    """
    return f"\u2066{text}\u2069" if text_direction(current_language()) == "rtl" else text


def nearest_language(language: str) -> str:
    """The one of the six in which somebody who speaks `language` is written to."""
    base = language.lower().split("-")[0]
    return base if base in LANGUAGES else DEFAULT


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Texts inside come out in `language`, whoever's request this is."""
    with force_locale(_locale_of(nearest_language(language))):
        yield


@cache
def _locale_of(language: str) -> Locale:
    # Given the code alone, Babel would look for the file of it each time.
    return Locale.parse(language)
