"""Missions: who goes. Slots and seats are held by indexes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UTCDateTime, public_id
from dispatch.models.constraints import among, partial
from dispatch.models.offers import Offer
from dispatch.models.requests import CrisisRequest
from dispatch.rules import terms
from roster.models import Expert


class Mission(Base):
    """An accepted offer until it is closed. `slot` 1…n of the request, `seat` 1…m of the expert."""

    __tablename__ = "mission"
    __table_args__ = (
        among("status", terms.MISSION_STATES, "status"),
        # I1: one accepted offer per slot. I2: never more missions than seats.
        partial("uq_mission_slot", "request_id", "slot",
                 where="status <> 'withdrawn'", unique=True),
        partial("uq_mission_seat", "expert_id", "seat",
                 where="status IN ('accepted', 'started')", unique=True),
        partial("ix_mission_evaluate", "evaluate_at", where="evaluate_at IS NOT NULL"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), unique=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("crisis_request.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))
    slot: Mapped[int] = mapped_column(SmallInteger)
    seat: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(String(10), default=terms.ACCEPTED)
    accepted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When the office is next asked how it went; None: not yet, or no more.
    evaluate_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    offer: Mapped[Offer] = relationship(back_populates="mission")
    request: Mapped[CrisisRequest] = relationship(back_populates="missions")
    expert: Mapped[Expert] = relationship()
