"""The lists on which somebody for a need could be: of one required skill, in one language."""

from sqlalchemy import ColumnElement, String, bindparam, select
from sqlalchemy.orm import Session

from roster.directory.asked import words
from roster.models import Posting
from roster.rules.terms import REMOTE, Need


def has_lists(need: Need) -> bool:
    """Whether lists help with `need`: for `remote`, fit comes before nearness."""
    return bool(need.skills and need.languages) and need.mode != REMOTE


def short_list(session: Session, need: Need, most: int) -> list[int] | None:
    """Whoever is on the shortest of the lists that `need` could be served from, in no order.

    None without lists, or when each of them has more than `most`.
    """
    if not has_lists(need):
        return None
    spoken = Posting.language.in_(sorted(need.languages))
    lists = (
        session.scalars(
            select(Posting.expert_id)
            .where(Posting.skill == skill, spoken, Posting.level >= level)
            .limit(most + 1)
        ).all()
        for skill, level in need.skills
    )
    short = [sorted(set(ids)) for ids in lists if len(ids) <= most]
    return min(short, key=len, default=None)


def on_list(skill: str, languages: int) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a posting: it is of the skill in this slot, and one of so many languages."""
    wanted = bindparam(skill, type_=String)
    return Posting.skill == wanted, Posting.language.in_(words("language", languages))
