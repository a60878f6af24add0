"""Gaps as people read them: which kinds of crisis, at which offices, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from core.i18n import current_language
from core.reference.models import named
from roster.coverage.naming import listed, names_of
from roster.coverage.outlook import Outlook
from roster.models import Expert
from roster.rules.recruiting import Pick

NAMED = 6  # offices in one sentence


@dataclass(frozen=True)
class Line:
    """The same offices for one or more kinds of crisis, in words."""

    kinds: str
    offices: str


@dataclass(frozen=True)
class Absence:
    """What would be open if one expert were away."""

    expert: Expert
    offices: int
    gaps: int
    lines: list[Line]


@dataclass(frozen=True)
class Advice:
    """One profile to look for, and what it would close."""

    skills: list[str]
    town: str
    country: str
    languages: str
    gaps: int
    left: int
    lines: list[Line]


def absences(outlook: Outlook, experts: dict[int, Expert]) -> list[Absence]:
    """Those of `experts` (by id) without whom something would be open, the worst first."""
    return [
        Absence(experts[one.expert], len(one.offices), len(one.gaps), gap_lines(outlook, one.gaps))
        for one in outlook.indispensable
        if one.expert in experts
    ]


def advices(outlook: Outlook) -> list[Advice]:
    """Whom to recruit next, the most useful first."""
    return [_advice(outlook, pick) for pick in outlook.picks]


def gap_lines(
    outlook: Outlook, gaps: Iterable[tuple[int, str]], most: int | None = NAMED
) -> list[Line]:
    """`gaps` (place of the office, kind) with kinds that have the same offices said together.

    At most `most` offices are named, and the rest counted.
    """
    offices: dict[str, list[int]] = {}
    for office, kind in gaps:
        offices.setdefault(kind, []).append(office)
    kinds: dict[tuple[int, ...], list[str]] = {}
    for kind, places in offices.items():
        kinds.setdefault(tuple(places), []).append(kind)
    said = names_of("kind")
    return [
        Line(listed(said.get(kind, kind) for kind in same), _places(outlook, places, most))
        for places, same in sorted(kinds.items(), key=lambda pair: -len(pair[0]))
    ]


def _places(outlook: Outlook, places: Iterable[int], most: int | None) -> str:
    language = current_language()
    said = [named(outlook.offices[place], language) for place in places]
    if most is None or len(said) <= most:
        return listed(said)
    more = _("%(count)s more", count=len(said) - most)
    return listed([*said[:most], more])


def _advice(outlook: Outlook, pick: Pick) -> Advice:
    town, skills, languages = outlook.towns[pick.town], names_of("skill"), names_of("language")
    return Advice(
        [skills.get(code, code) for code in pick.skills],
        town.seat_city,
        named(town, current_language()),
        listed(languages.get(code, code) for code in pick.languages),
        len(pick.closes),
        pick.left,
        gap_lines(outlook, pick.closes),
    )
