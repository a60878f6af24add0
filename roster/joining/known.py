"""What an application may name: skills, languages, offices, countries; read from the database."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.countries import country_code
from core.reference.models import Language, Office, Skill, named
from core.spelling import fold


@dataclass(frozen=True)
class Known:
    """Names in the reader's language by code; `languages` has names by language by code.

    `offices` leads from the folded name, acronym or code of an office to its code.
    """

    skills: Mapping[str, str]
    languages: Mapping[str, Mapping[str, str]]
    offices: Mapping[str, str]

    def conflict(self, text: str) -> str:
        """The code of the country or office that `text` names in any language; empty for none."""
        return country_code(text) or self.offices.get(fold(text), "")


def read_known(session: Session, language: str) -> Known:
    """What is known now, named in `language`, one of the six."""
    skills = session.scalars(select(Skill).order_by(Skill.position))
    languages = session.execute(select(Language.code, Language.names).order_by(Language.code))
    offices: dict[str, str] = {}
    for office in session.scalars(select(Office).order_by(Office.code)):
        # A national office is meant by its country's name, and kept under the country.
        code = office.iso2 or office.code
        spellings = {office.code, office.office_acronym, office.office_name, *office.names.values()}
        offices |= {fold(spelling): code for spelling in spellings if spelling}
    return Known(
        skills={skill.code: named(skill, language) for skill in skills},
        languages={row.code: row.names for row in languages},
        offices=offices,
    )
