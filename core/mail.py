"""Mails as rows: written in the transaction that caused them, sent by the worker afterwards."""

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, UTCDateTime
from core.wake import wake


class Mail(Base):
    """A mail waiting to leave, or gone. With no MAIL_URL outside demo it is kept."""

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_due", "due_at", sqlite_where=text("sent_at IS NULL"),
              postgresql_where=text("sent_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(String(300), default="")


def queue_mail(session: Session, *, to: str, subject: str, body: str, now: datetime) -> Mail:
    """Leaves a plain-text mail to be sent after this transaction commits.

    Line breaks in `to` and `subject` are refused with ValueError: they would forge headers.
    """
    if any(mark in to + subject for mark in "\r\n"):
        raise ValueError("a mail's address and subject are one line each")
    mail = Mail(to=to, subject=subject, body=body, queued_at=now, due_at=now)
    session.add(mail)
    wake(session)
    return mail
