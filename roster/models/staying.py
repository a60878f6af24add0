"""What was sent to keep people on the roster: to experts a notice a day at most, to HR a digest."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UTCDateTime
from roster.models.experts import Expert

UNSENT = text("by_text AND left_at IS NULL")


class Notice(Base):
    """All that one expert was reminded of on one day of theirs: a mail, and a text where needed.

    Its number is in the signed link, its code in the text. Written by the roster; dispatch sends
    the text and notes when it left.
    """

    __tablename__ = "notice"
    __table_args__ = (
        # Any number of workers: nobody is written to twice on a day.
        UniqueConstraint("expert_id", "day", name="uq_notice_day"),
        Index("ix_notice_unsent", "wanted_at", sqlite_where=UNSENT, postgresql_where=UNSENT),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    wanted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_text: Mapped[bool] = mapped_column(Boolean, default=False)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    code: Mapped[str] = mapped_column(String(4), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    expert: Mapped[Expert] = relationship()


class Digest(Base):
    """A vetter was told on this day of theirs what waits for them."""

    __tablename__ = "digest"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
