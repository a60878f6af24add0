"""Which codes there are just now: those of the reference rows, read in one query."""

from dataclasses import dataclass

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from core.reference.models import CrisisKind, Language, Office, Service, Skill

CODES = {
    "offices": Office.code,
    "kinds": CrisisKind.code,
    "services": Service.code,
    "skills": Skill.code,
    "languages": Language.code,
}


@dataclass(frozen=True)
class Known:
    """The codes of offices, kinds, services, skills and languages."""

    offices: frozenset[str]
    kinds: frozenset[str]
    services: frozenset[str]
    skills: frozenset[str]
    languages: frozenset[str]


def read_known(session: Session) -> Known:
    """All codes that a report may use."""
    each = [select(literal(name), column) for name, column in CODES.items()]
    codes: dict[str, set[str]] = {name: set() for name in CODES}
    for name, code in session.execute(union_all(*each)):
        codes[name].add(code)
    return Known(**{name: frozenset(found) for name, found in codes.items()})
