"""The names of what coverage speaks of, in the language that texts come out in just now."""

from collections.abc import Iterable

from babel.lists import format_list
from flask_babel import get_locale

from core.i18n import current_language
from core.reference.models import CrisisKind, Language, Region, Skill
from core.reference.queries import Named, names

TABLES: dict[str, type[Named]] = {
    "region": Region,
    "kind": CrisisKind,
    "language": Language,
    "skill": Skill,
}


def names_of(word: str) -> dict[str, str]:
    """Names by code: of `region`, `kind`, `language` or `skill`."""
    return names(TABLES[word], current_language())


def part_name(part: str) -> str:
    """The name of a part of the roster, such as `region:AFR`."""
    word, _, code = part.partition(":")
    return names_of(word).get(code, code)


def listed(words: Iterable[str]) -> str:
    """`words` as a list in a sentence: “a, b and c”."""
    said: str = format_list([*words], locale=get_locale())
    return said
