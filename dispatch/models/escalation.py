"""What is to happen when nobody accepts, and which of it was done."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UTCDateTime
from dispatch.rules.policy import Hours


class EscalationStep(Base):
    """Something that a policy asked for, done once in each search: duty officers told, and so on.

    `search` is the number of the request's search; 0 for what came before any.
    """

    __tablename__ = "escalation_step"
    __table_args__ = (
        UniqueConstraint("request_id", "search", "step", name="uq_escalation_step_once"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("crisis_request.id"))
    search: Mapped[int] = mapped_column(SmallInteger, default=0)
    step: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class EscalationPolicy(Base):
    """What happens when, per severity; times in seconds. Edited as data, never in code."""

    __tablename__ = "escalation_policy"

    severity: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    reply_window_s: Mapped[int] = mapped_column(Integer)
    waves: Mapped[list[int]] = mapped_column(JSON)
    duty_told_s: Mapped[int | None] = mapped_column(Integer)
    specialist_told_s: Mapped[int | None] = mapped_column(Integer)
    hours: Mapped[Hours] = mapped_column(String(8), default="any")
    channels: Mapped[list[str]] = mapped_column(JSON)
    second_channel_s: Mapped[int] = mapped_column(Integer)
    edited: Mapped[bool] = mapped_column(Boolean, default=False)
