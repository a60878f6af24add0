"""What an office is called on a page, and in which order offices are listed, per language."""

from collections.abc import Iterable

from core.reference.models import Office, named
from core.spelling import fold


def office_name(office: Office, language: str) -> str:
    """The state or organisation in `language`, with the acronym of a regional office."""
    name, acronym = named(office, language), office.office_acronym
    if office.names.get(language) is None and not office.names.get("en"):
        name = office.name_en
    return name if office.iso2 or not acronym or acronym in name else f"{name} ({acronym})"


def list_offices(offices: Iterable[Office], language: str) -> list[tuple[str, str]]:
    """Code and name of each office, as a dictionary of `language` would order them."""
    pairs = [(office.code, office_name(office, language)) for office in offices]
    return sorted(pairs, key=lambda pair: (_place(pair[1], language), pair[0]))


def _place(name: str, language: str) -> bytes:
    """Letters without their accents; GB 18030 has the usual Chinese characters by sound."""
    return name.encode("gb18030") if language == "zh" else fold(name).removeprefix("ال").encode()
