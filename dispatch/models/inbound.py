"""Texts that reached us, and what came of each."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UTCDateTime
from dispatch.models.offers import Offer
from roster.models import Expert


class InboundMessage(Base):
    """A text that reached us; `sid` once only, `outcome` always (I8, I11)."""

    __tablename__ = "inbound_message"
    __table_args__ = (Index("ix_inbound_outcome", "outcome", "received_at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    sender: Mapped[str] = mapped_column(String(32), index=True)
    recipient: Mapped[str] = mapped_column(String(32), default="")
    body: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(30), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("expert.id"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id"))
    handled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    expert: Mapped[Expert | None] = relationship()
    offer: Mapped[Offer | None] = relationship()
