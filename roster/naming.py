"""The names of the countries and offices that experts must not work for. Changes nothing."""

from collections.abc import Iterable

from sqlalchemy import select

from core.countries import country_name
from core.db import db
from core.i18n import current_language
from core.reference.models import Office, named


def places_named(codes: Iterable[str]) -> list[str]:
    """The names of countries (ISO 3166-1) and offices (WIPO ST.3), by name, as the reader says.

    A code that is neither stays as it is.
    """
    language = current_language()
    names = {code: country_name(code, language) for code in codes}
    unknown = [code for code, name in names.items() if name == code]
    if unknown:
        offices = db.session.scalars(select(Office).where(Office.code.in_(unknown)))
        names |= {office.code: named(office, language) for office in offices}
    return sorted(names.values(), key=str.casefold)
