"""Turns what HR wants of many into rows of a roster file, one for each of the people chosen.

Everything then goes the way of an import, so that no other rule holds here than there.
"""

from dataclasses import dataclass, fields
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from roster.interchange import Row
from roster.interchange.exporting import row_of
from roster.listing import Filters, list_experts
from roster.rules.terms import REMOVED

MOST = 2000  # people at once
SEPARATOR = ";"


class BulkError(ValueError):
    """A change of many that cannot be made; its text says why, and what to do."""


@dataclass(frozen=True)
class Edit:
    """What is to become of everybody chosen, as cells of a roster file; empty leaves it."""

    max_missions: str = ""
    modes: str = ""
    language: str = ""
    add_language: str = ""
    remove_language: str = ""
    add_conflict: str = ""
    remove_conflict: str = ""


def rows_for(session: Session, filters: Filters, edit: Edit, now: datetime) -> list[Row]:
    """A row for everybody who matches `filters`, with only the cells that are to change.

    Raises BulkError when nothing is asked for, nobody matches, or more than MOST do.
    """
    if not any(getattr(edit, field.name) for field in fields(edit)):
        raise BulkError(_("Say what is to change."))
    page = list_experts(session, filters, now, size=MOST)
    if page.total > MOST:
        raise BulkError(
            _("%(total)s people match, and %(most)s can be changed at once. Use more filters.",
              total=page.total, most=MOST)
        )  # fmt: skip
    chosen = [expert for expert in page.experts if expert.status != REMOVED]
    if not chosen:
        raise BulkError(_("Nobody matches. Take a filter away."))
    cells = (row_of(expert, now) for expert in chosen)
    return [(number, _wanted(row, edit)) for number, row in enumerate(cells, 1)]


def _wanted(row: dict[str, str], edit: Edit) -> dict[str, str]:
    wanted = {"email": row["email"]}
    for column in ("max_missions", "modes", "language"):
        if getattr(edit, column):
            wanted[column] = getattr(edit, column)
    lists = (
        ("languages", edit.add_language, edit.remove_language),
        ("conflicts", edit.add_conflict.upper(), edit.remove_conflict.upper()),
    )
    for column, more, less in lists:
        if more or less:
            have = {item for item in row[column].split(SEPARATOR) if item}
            wanted[column] = SEPARATOR.join(sorted((have | {more}) - {less, ""}))
    return wanted
