"""Mails as rows: written in the transaction that caused them, sent by the worker afterwards.

The worker claims due rows, lets go of the database, sends, and stores what happened.
"""

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from flask import Flask, current_app
from sqlalchemy import Index, Integer, Select, String, Text, insert, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, UTCDateTime, db, writing
from core.postbox import FAULTS, Letter, Post, leads_out, open_post
from core.settings import Settings
from core.wake import wake

# An exercise writes to .test and .example: these are addresses like others to us.
SPECIAL_USE_DOMAIN_NAMES.clear()
WAITING = "sent_at IS NULL AND given_up_at IS NULL"
BATCH = 10  # their time limits together are shorter than the lease
LEASE = timedelta(minutes=5)  # a worker that claimed and died: its mails go out after this
FIRST_RETRY_S, LAST_RETRY_S, MOST_TRIES = 30, 3600, 12
log = logging.getLogger(__name__)
LONGEST = 254  # characters of an address (RFC 5321, section 4.5.3.1.3)


class BadAddressError(ValueError):
    """A text that cannot be an e-mail address."""


class Mail(Base):
    """A mail waiting to leave, or gone. With no MAIL_URL outside demo it is kept.

    `body` is emptied when it has left: it may hold a link that opens something.
    """

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_due", "due_at", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    given_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(String(300), default="")


QUEUE = insert(Mail)


def queue_mail(session: Session, *, to: str, subject: str, body: str, now: datetime) -> None:
    """Leaves a plain-text mail to be sent after this transaction commits.

    Line breaks in `to` and `subject` are refused with ValueError: they would forge headers.
    """
    queue_mails(session, [(to, subject, body)], now)


def queue_mails(session: Session, letters: Sequence[tuple[str, str, str]], now: datetime) -> None:
    """The same of several letters: each its address, subject and body."""
    if any(mark in to + subject for to, subject, _body in letters for mark in "\r\n"):
        raise ValueError("a mail's address and subject are one line each")
    if letters:
        session.connection().execute(
            QUEUE,
            [
                {"to": to, "subject": subject, "body": body, "queued_at": now, "due_at": now}
                for to, subject, body in letters
            ],
        )
        wake(session)


def to_address(text: str) -> str:
    """`text` as an e-mail address in the one spelling that is stored: trimmed and case-folded.

    Raises BadAddressError. Nobody is asked whether the domain exists.
    """
    try:
        # Not "globally deliverable": an office's own mail host, and a demo's, are welcome.
        found = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise BadAddressError(text) from error
    address = found.normalized.casefold()
    if len(address) > LONGEST:
        raise BadAddressError(text)
    return address


def send_due(now: datetime) -> int:
    """Sends the mails that are due at `now`; returns how many have left."""
    settings: Settings = current_app.extensions["settings"]
    sent, going_on = 0, leads_out(settings)
    while going_on:
        letters = _claim(now)
        results = _deliver(settings, letters)
        _store(results, now)
        sent += sum(not fault for fault in results.values())
        going_on = len(letters) == BATCH and not all(results.values())
    return sent


def _deliver(settings: Settings, letters: list[Letter]) -> dict[int, str]:
    """The fault of each letter, empty when it has left. The database is let go meanwhile."""
    results: dict[int, str] = {}
    try:
        if letters:
            with open_post(settings) as post:
                for letter in letters:
                    results[letter.id] = _try(post, letter)
    except FAULTS as error:
        log.warning("mail server not reached", extra={"fault": type(error).__name__})
        results |= {item.id: type(error).__name__ for item in letters if item.id not in results}
    return results


def warn_when_mute(app: Flask) -> None:
    """Says at start that mails will be kept, where that is so."""
    settings: Settings = app.extensions["settings"]
    if not leads_out(settings):
        log.warning("MAIL_URL is empty: mails are kept in the database and nobody gets them")


def _due(now: datetime) -> Select[Mail]:
    unclaimed = or_(Mail.claimed_at.is_(None), Mail.claimed_at < now - LEASE)
    waiting = (Mail.sent_at.is_(None), Mail.given_up_at.is_(None))
    oldest_first = select(Mail).where(*waiting, Mail.due_at <= now, unclaimed)
    return oldest_first.order_by(Mail.due_at, Mail.id).limit(BATCH)


def _claim(now: datetime) -> list[Letter]:
    if db.session.scalar(_due(now).limit(1)) is None:
        return []  # and nobody was held up by a write lock
    with writing() as session:
        mails = session.scalars(_due(now).with_for_update(skip_locked=True)).all()
        for mail in mails:
            mail.claimed_at = now
            mail.tries += 1
        return [Letter(mail.id, mail.to, mail.subject, mail.body, mail.queued_at) for mail in mails]


def _store(results: dict[int, str], now: datetime) -> None:
    if not results:
        return
    with writing() as session:
        for mail in session.scalars(select(Mail).where(Mail.id.in_(results))):
            mail.claimed_at, mail.error = None, results[mail.id]
            if not mail.error:
                mail.sent_at, mail.body = now, ""
            elif mail.tries >= MOST_TRIES:
                mail.given_up_at = now
            else:
                mail.due_at = now + _pause(mail.tries)


def _pause(tries: int) -> timedelta:
    """Twice as long each time, and jittered so that a recovering server is not run over."""
    longest = min(FIRST_RETRY_S * 2 ** (tries - 1), LAST_RETRY_S)
    return timedelta(seconds=random.uniform(longest / 2, longest))


def _try(post: Post, letter: Letter) -> str:
    try:
        post.send(letter)
    except FAULTS as error:
        # The server's words may quote the address: only the kind of fault is logged and kept.
        log.warning("mail not sent", extra={"mail": letter.id, "fault": type(error).__name__})
        return type(error).__name__
    return ""
