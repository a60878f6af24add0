"""What the codes in an expert's entry are called, in the reader's language. Changes nothing."""

from collections.abc import Iterable

from sqlalchemy import select

from core.countries import country_name
from core.db import db
from core.i18n import current_language
from core.reference.models import Language, Office, Region, Skill, named
from core.reference.queries import names


def names_by_field() -> dict[str, dict[str, str]]:
    """The names by code of all skills, regions and languages."""
    language = current_language()
    return {
        "skill": names(Skill, language),
        "region": names(Region, language),
        "language": names(Language, language),
    }


def places_named(codes: Iterable[str]) -> list[str]:
    """The names of countries (ISO 3166-1) and offices (WIPO ST.3), by name, as the reader says.

    A code that is neither stays as it is.
    """
    language = current_language()
    found = {code: country_name(code, language) for code in codes}
    unknown = [code for code, name in found.items() if name == code]
    if unknown:
        offices = db.session.scalars(select(Office).where(Office.code.in_(unknown)))
        found |= {office.code: named(office, language) for office in offices}
    return sorted(found.values(), key=str.casefold)
