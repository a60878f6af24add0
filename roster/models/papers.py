"""What an examination rests on: papers that were handed in, certificates, words of referees."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UTCDateTime, public_id
from roster.models.cases import among
from roster.rules import stages


class Paper(Base):
    """A file that somebody handed in. Its content lies outside the web root under `stored_as`.

    Nobody is given it before the antivirus hook has found it clean.
    """

    __tablename__ = "paper"
    __table_args__ = (
        among("kind", stages.PAPER_KINDS),
        among("verdict", stages.VERDICTS),
        Index("ix_paper_expert", "expert_id"),
        Index("ix_paper_application", "application_id"),
        Index("ix_paper_verdict", "verdict", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    # One of the two: a draft's papers become the expert's when it is sent.
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("expert.id", ondelete="CASCADE"))
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("application.id", ondelete="SET NULL")
    )
    kind: Mapped[str] = mapped_column(String(12), default=stages.CV)
    file_name: Mapped[str] = mapped_column(String(120))
    stored_as: Mapped[str] = mapped_column(String(40), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    verdict: Mapped[str] = mapped_column(String(12), default=stages.QUARANTINED)
    examined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Certificate(Base):
    """A qualification with its number or its paper; a skill that rests on it ends with it."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index("ix_certificate_expert", "expert_id"),
        Index("ix_certificate_expiry", "expires_on"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    issuer: Mapped[str] = mapped_column(String(120), default="")
    number: Mapped[str] = mapped_column(String(60), default="")
    issued_on: Mapped[date | None] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    # The skill that rests on it, if any: it counts to the certificate's last day.
    skill: Mapped[str | None] = mapped_column(ForeignKey("skill.code"))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id", ondelete="SET NULL"))

    paper: Mapped[Paper | None] = relationship()


class Reference(Base):
    """Somebody who is asked about an applicant, by mail with a signed link, and what they said."""

    __tablename__ = "reference"
    __table_args__ = (
        Index("ix_reference_case", "case_id"),
        Index("ix_reference_waiting", "answered_at", "asked_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("vetting_case.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    relation: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(12), default="en")
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminders: Mapped[int] = mapped_column(SmallInteger, default=0)
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recommends: Mapped[bool | None] = mapped_column()
    # {known_for, role, strengths, concerns}: what the form asked, as it was written.
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Evaluation(Base):
    """What was said of an expert after a mission; the next review reads it. No crisis is known.

    `mission` is the public id of the mission, `rating` 1 (poor) to 5.
    """

    __tablename__ = "evaluation"
    __table_args__ = (Index("ix_evaluation_expert", "expert_id", "at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id", ondelete="CASCADE"))
    mission: Mapped[str] = mapped_column(String(26), unique=True)
    by: Mapped[str] = mapped_column(String(60))
    rating: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
