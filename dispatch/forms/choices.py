"""What the crisis form offers to choose from: reference rows, named in the reader's language."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.reference.models import CrisisKind, Language, Office, Service, Skill, named
from dispatch.office_names import list_offices

Named = dict[str, str]


@dataclass(frozen=True)
class Choices:
    """The name of each choice by its code, in the order in which they are shown.

    `languages` has the names by language by code, since people may type any of them.
    """

    offices: Named
    kinds: Named
    kind_hints: dict[str, str]
    services: Named
    skills: Named
    languages: dict[str, dict[str, str]]


def read_choices(session: Session, language: str) -> Choices:
    """All choices there are just now, in `language`, one of the six."""
    kinds = session.scalars(select(CrisisKind).order_by(CrisisKind.position)).all()
    services = session.scalars(select(Service).order_by(Service.position))
    skills = session.scalars(select(Skill).order_by(Skill.position))
    spoken = session.execute(select(Language.code, Language.names).order_by(Language.code))
    return Choices(
        offices=dict(list_offices(session.scalars(select(Office)), language)),
        kinds={kind.code: named(kind, language) for kind in kinds},
        kind_hints={kind.code: kind.hints.get(language, "") for kind in kinds},
        services={service.code: named(service, language) for service in services},
        skills={skill.code: named(skill, language) for skill in skills},
        languages={row.code: row.names for row in spoken},
    )
