"""What all workers know together of one sender: when it may send, and how much it sent today."""

from datetime import date, datetime

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UTCDateTime


class Sender(Base):
    """One number or messaging service of ours; its row is the lock under which we claim texts."""

    __tablename__ = "sender"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    # When it has got rid of the segments that it was given (SENDER_RATE).
    free_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Segments and calls of one day (UTC): the cap on spend.
    day: Mapped[date] = mapped_column(Date)
    spent: Mapped[int] = mapped_column(Integer, default=0)
    # The account was refused: nothing leaves until then, and then one text to try (breaker).
    shut_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    refusals: Mapped[int] = mapped_column(Integer, default=0)
    # Texts that came in after `listed_from` are ours; up to `listed_until` they were looked through
    # for lost ones (both by the provider's clock).
    listed_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    listed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
