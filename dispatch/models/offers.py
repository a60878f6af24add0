"""Offers: a request put to an expert. One open offer per expert is held by an index."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UTCDateTime, public_id
from dispatch.models.constraints import among, partial
from dispatch.models.requests import CrisisRequest
from dispatch.rules import terms
from roster.models import Expert

if TYPE_CHECKING:
    from dispatch.models.attempts import Attempt
    from dispatch.models.missions import Mission


class Offer(Base):
    """One request put to one expert, with one deadline."""

    __tablename__ = "offer"
    __table_args__ = (
        among("status", terms.OFFER_STATES, "status"),
        # I2: at most one open offer per expert, always.
        partial("uq_offer_open_expert", "expert_id", where="status = 'open'", unique=True),
        partial("uq_offer_open_code", "code", where="status = 'open'", unique=True),
        partial("ix_offer_due", "deadline", where="status = 'open'"),
        Index("ix_offer_request", "request_id", "status"),
        Index("ix_offer_expert", "expert_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    request_id: Mapped[int] = mapped_column(ForeignKey("crisis_request.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))
    code: Mapped[str] = mapped_column(String(4))
    rank: Mapped[int] = mapped_column(Integer)
    wave: Mapped[int] = mapped_column(Integer)
    distance_km: Mapped[float] = mapped_column(Float)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[str] = mapped_column(String(14), default=terms.OPEN)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    window_s: Mapped[int] = mapped_column(Integer)
    # One window after creation, and one window after the first hand-over once there is one.
    deadline: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    end_reason: Mapped[str] = mapped_column(String(200), default="")
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    chosen_reason: Mapped[str] = mapped_column(String(500), default="")

    request: Mapped[CrisisRequest] = relationship(back_populates="offers")
    expert: Mapped[Expert] = relationship()
    attempts: Mapped[list["Attempt"]] = relationship(back_populates="offer", order_by="Attempt.id")
    mission: Mapped["Mission | None"] = relationship(back_populates="offer")
