"""Vetting cases and what was found in them. A step is written once and never changed."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db import Base, UTCDateTime, public_id
from roster.models.experts import Expert
from roster.rules import stages

if TYPE_CHECKING:
    from roster.models.papers import Reference

OPEN = text("state = 'open'")


def among(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """`column` holds one of `words`."""
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, words))})", name=column)


class VettingCase(Base):
    """One examination of one person, from its opening to the decision. An appeal is a new case."""

    __tablename__ = "vetting_case"
    __table_args__ = (
        among("kind", stages.CASE_KINDS),
        among("state", stages.CASE_STATES),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'qualified' OR decided_by IS NOT NULL", name="decider"),
        Index(
            "uq_vetting_case_open", "expert_id", unique=True,
            sqlite_where=OPEN, postgresql_where=OPEN,
        ),
        Index("ix_vetting_case_queue", "state", "due_on", "id"),
        Index("ix_vetting_case_due", "due_on", "id"),
        Index("ix_vetting_case_owner", "owner_id", "state", "due_on"),
        Index("ix_vetting_case_kind", "state", "kind", "due_on", "id"),
        Index("ix_vetting_case_appeal", "appeal_of"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12), default=stages.APPLICATION)
    state: Mapped[str] = mapped_column(String(10), default=stages.OPEN)
    # The case whose decision an appeal is about; it stays as it was.
    appeal_of: Mapped[int | None] = mapped_column(ForeignKey("vetting_case.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_on: Mapped[date] = mapped_column(Date)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # Outside occupations and interests, as the applicant declared them.
    declared: Mapped[str] = mapped_column(Text, default="")
    # What the applicant says in an appeal.
    words: Mapped[str] = mapped_column(Text, default="")
    # What the applicant is told of a refusal, and what is kept for colleagues only.
    reasons: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    # The levels of skills as they stood before the decision, which gives others; empty while open.
    claimed: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)

    expert: Mapped[Expert] = relationship(lazy="joined")
    owner: Mapped[User | None] = relationship(foreign_keys=owner_id, lazy="joined")
    decider: Mapped[User | None] = relationship(foreign_keys=decided_by)
    # Passively: only the database deletes steps, with their case.
    steps: Mapped[list["VettingStep"]] = relationship(
        order_by="VettingStep.id", lazy="selectin", cascade="save-update, merge",
        passive_deletes="all",
    )  # fmt: skip
    references: Mapped[list["Reference"]] = relationship(
        order_by="Reference.id", lazy="selectin", cascade="all, delete-orphan"
    )


class VettingStep(Base):
    """What one reviewer found at one stage, once: a later finding is another row.

    `subject` is the skill of a technical review, else empty; `level` is the level that was found
    for it (1-3), `score` an interviewer's (1-5).
    """

    __tablename__ = "vetting_step"
    __table_args__ = (
        among("stage", stages.STAGES),
        among("result", stages.RESULTS),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        Index("ix_vetting_step_case", "case_id", "stage"),
        Index("ix_vetting_step_reviewer", "reviewer_id"),
        Index("ix_vetting_step_stage", "stage", "result", "case_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("vetting_case.id", ondelete="CASCADE"))
    stage: Mapped[str] = mapped_column(String(14))
    subject: Mapped[str] = mapped_column(String(10), default="")
    result: Mapped[str] = mapped_column(String(12))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    evidence: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[int | None] = mapped_column(SmallInteger)
    level: Mapped[int | None] = mapped_column(SmallInteger)

    reviewer: Mapped[User] = relationship(lazy="joined")
