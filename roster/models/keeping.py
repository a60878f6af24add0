"""What keeps a roster honest: reminders that were sent, and who saw whose data."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UTCDateTime, public_id


class Reminder(Base):
    """What somebody was reminded of: one row for each matter and occasion; answered, it is over.

    `about` is a word of rules.staying; `occasion` the day on which the matter falls due.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        Index("ix_reminder_expert", "expert_id", "answered_at"),
        Index("ix_reminder_occasion", "about", "occasion"),
    )

    expert_id: Mapped[int] = mapped_column(
        ForeignKey("expert.id", ondelete="CASCADE"), primary_key=True
    )
    about: Mapped[str] = mapped_column(String(40), primary_key=True)
    occasion: Mapped[date] = mapped_column(Date, primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    times: Mapped[int] = mapped_column(SmallInteger, default=1)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Sighting(Base):
    """Somebody saw or took away what is stored of a person: when, what, by which account.

    `what` is page, paper, export, api, download. One row an hour for the same look.
    """

    __tablename__ = "sighting"
    __table_args__ = (
        Index("ix_sighting_expert", "expert_id", "at"),
        Index("ix_sighting_at", "at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    # None: everybody, as in an export of the whole roster.
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("expert.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    what: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class BulkChange(Base):
    """A change of many at once, as previewed; what it did is kept until it can't be undone."""

    __tablename__ = "bulk_change"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(12))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # What was asked for, and for each expert (public id) what was there before and after.
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    refused: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class CoverageAlert(Base):
    """A gap in the roster, present or coming, that HR was told of; closed when it is filled."""

    __tablename__ = "coverage_alert"
    __table_args__ = (
        Index("ix_coverage_alert_open", "closed_at", "gap_on"),
        # One at a time for each part of the roster, however many workers look.
        Index(
            "uq_coverage_alert_open", "about", unique=True,
            sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    # region:AFR, kind:CYB, language:ar
    about: Mapped[str] = mapped_column(String(40))
    # The day from which nobody is left; today or earlier: nobody is there now.
    gap_on: Mapped[date] = mapped_column(Date)
    left: Mapped[int] = mapped_column(SmallInteger)
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
