"""Messages on their way out, one row for each person and channel."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UTCDateTime, public_id
from dispatch.models.constraints import among, partial
from dispatch.models.offers import Offer
from dispatch.rules import terms


class Attempt(Base):
    """One message to one person over one channel, whatever it is about.

    `purpose` is `offer` for offers and otherwise names the wording (`accepted_ack`, `duty_alert`,
    `office_told`, `unclear`, …). `due_at` may lie ahead (second channel, retry).
    """

    __tablename__ = "attempt"
    __table_args__ = (
        among("status", (*terms.ATTEMPT_STATES, terms.DROPPED), "status"),
        # I6: the provider never holds two messages for one (offer, channel, number).
        UniqueConstraint("offer_id", "purpose", "channel", "number", name="uq_attempt_once"),
        partial("ix_attempt_due", "due_at", where="status = 'queued'"),
        partial("ix_attempt_limbo", "claimed_at", where="status IN ('sending', 'unknown')"),
        partial("ix_attempt_ringing", "sent_at", where="channel = 'voice' AND status = 'sent'"),
        Index("ix_attempt_request", "request_id"),
        Index("ix_attempt_to", "to", "queued_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("crisis_request.id"))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("expert.id"))
    purpose: Mapped[str] = mapped_column(String(30))
    channel: Mapped[str] = mapped_column(String(6))
    number: Mapped[int] = mapped_column(SmallInteger, default=1)
    to: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(12), default="en")
    subject: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text)
    segments: Mapped[int] = mapped_column(SmallInteger, default=1)
    priority: Mapped[int] = mapped_column(SmallInteger, default=3)
    status: Mapped[str] = mapped_column(String(10), default=terms.QUEUED)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    provider_sid: Mapped[str | None] = mapped_column(String(40), index=True)
    error_code: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str] = mapped_column(String(300), default="")
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)

    offer: Mapped[Offer | None] = relationship(back_populates="attempts")
