"""What comes before and beside an examination: drafts, nominations, proofs of a phone."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UTCDateTime, public_id
from roster.models.cases import among
from roster.models.experts import Expert
from roster.rules import stages

OPEN = text("ended_at IS NULL")


class Application(Base):
    """An application as it is typed, resumed by a link; when sent it becomes an expert and a case.

    `answers` are the fields as typed; they are emptied when it has been sent.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index("ix_application_updated", "sent_at", "updated_at"),
        Index("ix_application_expert", "expert_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    language: Mapped[str] = mapped_column(String(12), default="en")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    nomination_id: Mapped[int | None] = mapped_column(
        ForeignKey("nomination.id", ondelete="SET NULL")
    )
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("expert.id", ondelete="SET NULL"))


class Nomination(Base):
    """A coordinator names somebody, who is invited to apply; nobody is entered for themself."""

    __tablename__ = "nomination"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(12), default="en")
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class PhoneProof(Base):
    """One try to prove a phone: a code was sent there, and comes back from there, or not.

    Written by the roster, sent by dispatch. `way` is how it was asked; answered by text it also
    shows that two-way messages work for that number.
    """

    __tablename__ = "phone_proof"
    __table_args__ = (
        among("way", stages.PROOF_WAYS),
        Index("ix_phone_proof_open", "wanted_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_phone_proof_expert", "expert_id", "wanted_at"),
        Index("ix_phone_proof_phone", "phone", "code"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id", ondelete="CASCADE"))
    phone: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(6))
    way: Mapped[str] = mapped_column(String(6), default=stages.BY_SMS)
    wanted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The expert wants this phone in place of the one they have: proved, it becomes theirs.
    replaces: Mapped[bool] = mapped_column(Boolean, default=False)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    expert: Mapped[Expert] = relationship()
