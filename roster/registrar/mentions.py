"""Takes a person who is erased out of what is kept about others: their words, drafts, references.

The rows stay, since they are somebody else's; a sign stands where the name was.
"""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.erasing import Traces
from roster.models import (
    Absence,
    Application,
    Certificate,
    Evaluation,
    Expert,
    Nomination,
    Reference,
    SkillClaim,
    VettingCase,
    VettingStep,
)

# Texts and JSON of others in which somebody may be named.
PLACES: dict[type[Any], tuple[InstrumentedAttribute[Any], ...]] = {
    Absence: (Absence.reason,),
    Application: (Application.answers,),
    Certificate: (Certificate.issuer,),
    Evaluation: (Evaluation.comment,),
    Expert: (Expert.evidence, Expert.suspended_reason),
    Nomination: (Nomination.name, Nomination.reason),
    Reference: (
        Reference.name, Reference.organisation, Reference.relation, Reference.answers,
    ),
    SkillClaim: (SkillClaim.evidence,),
    VettingCase: (
        VettingCase.declared, VettingCase.words, VettingCase.reasons, VettingCase.comment,
    ),
}  # fmt: skip


def blank_mentions(session: Session, known: Traces) -> None:
    """Puts a sign in place of each of the words by which somebody is `known`."""
    for table, columns in PLACES.items():
        named = or_(*map(known.in_column, columns))
        for row in session.scalars(select(table).where(named)).unique():
            for column in columns:
                setattr(row, column.key, known.blanked_in(getattr(row, column.key)))
    _empty_findings(session, known)


def _empty_findings(session: Session, known: Traces) -> None:
    """A finding is never changed, but its words may be emptied (migration 0003)."""
    for name in ("evidence", "comment"):
        column = getattr(VettingStep, name)
        for step in session.scalars(select(VettingStep).where(known.in_column(column))).unique():
            if known.are_in(getattr(step, name)):
                setattr(step, name, "")
