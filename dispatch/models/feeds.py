"""The private calendar addresses of experts: which one is good just now."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UTCDateTime


class CalendarFeed(Base):
    """One expert's calendar address. Its signature holds `number`: a new one ends the old."""

    __tablename__ = "calendar_feed"

    expert_id: Mapped[int] = mapped_column(
        ForeignKey("expert.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, default=1)
    renewed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Closed by the expert: no address is good until they ask for a new one.
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
