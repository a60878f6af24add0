"""The lists on which somebody for a need could be: of one required skill, in one language; and in
which order a database reads them.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Join,
    String,
    bindparam,
    literal_column,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from roster.directory.asked import words
from roster.directory.frame import Rows
from roster.models import Posting
from roster.rules.terms import REMOTE, Need


class InThisOrder(Join):
    """A join of which SQLite reads the left side first: for each range, what lies in it."""

    inherit_cache = True


@compiles(InThisOrder, "sqlite")
def _in_this_order(join: Join, compiler: SQLCompiler, **ways: Any) -> str:
    left, right = (compiler.process(side, **ways) for side in (join.left, join.right))
    return f"{left} CROSS JOIN {right}"


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


def written_out(number: int) -> ColumnElement[int]:
    """A number as part of the text: of a parameter PostgreSQL would fear the worst."""
    return literal_column(str(number), Integer)


def range_by_range(kind: str, some: Rows, ranges: FromClause) -> Rows:
    """`some` postings of each of `ranges`."""
    if kind == "sqlite":
        return some.select_from(InThisOrder(ranges, Posting.__table__, true()))
    # OFFSET makes PostgreSQL go from range to range; else it may read and sort the whole list.
    rows = some.correlate_except(Posting).offset(0).lateral()
    return select(*rows.c).select_from(ranges.join(rows, true()))
