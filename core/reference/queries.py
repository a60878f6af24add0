"""What other rooms ask of the reference rows, each with one query."""

from sqlalchemy import select

from core.db import db
from core.reference.models import CrisisKind, Language, Office, Region, Service, Skill, named

Named = Region | Language | Skill | CrisisKind | Service | Office


def names(model: type[Named], language: str) -> dict[str, str]:
    """Names by code in `language`, in English where there is none.

    In the order of `position` where the table has one, else in that of the names.
    """
    order = getattr(model, "position", None)
    query = select(model.code, model.names).order_by(model.code if order is None else order)
    found = {
        code: said.get(language) or said.get("en") or code
        for code, said in db.session.execute(query)
    }
    if order is not None:
        return found
    return dict(sorted(found.items(), key=lambda pair: pair[1].casefold()))


def office(code: str) -> Office | None:
    """The office with this code (WIPO ST.3); None when there is none."""
    return db.session.get(Office, code)


def office_name(row: Office, language: str) -> str:
    """`Kenya (KIPI)`: the state or organisation in `language`, and what the office calls itself."""
    name = named(row, language)
    return f"{name} ({row.office_acronym})" if row.office_acronym else name
