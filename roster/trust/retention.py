"""Forgets what nobody needs any more, each kind after its own time. Done again, it does nothing.

How long what is kept stands here and in docs/data.md, and nowhere else. Dispatch has a table of
its own (`dispatch.personal_data.forgetting`).
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from core.db import Base, db, writing
from core.mail import Mail
from roster import registrar
from roster.models import (
    Application,
    BulkChange,
    Expert,
    Nomination,
    Notice,
    Paper,
    PhoneProof,
    Reminder,
    Sighting,
    VettingCase,
)
from roster.registrar.files import remove_after_commit, sweep
from roster.rules import stages, terms
from roster.rules.cadences import REMINDERS_KEPT_DAYS

DAY = timedelta(days=1)
YEAR = 365 * DAY
AT_ONCE = 200
# To erase somebody holds the database much longer: the rest is for the next turns.
ERASED_AT_ONCE = 10
ACTOR = "system"
Old = Callable[[datetime], ColumnElement[bool]]
log = logging.getLogger(__name__)

# table, how long it is kept, from when on. All rows of these that are older go.
KEPT: tuple[tuple[type[Base], timedelta, Old], ...] = (
    (Sighting, YEAR, lambda before: Sighting.at < before),
    (
        Nomination, YEAR,
        lambda before: and_(Nomination.at < before, ~_has_draft()),
    ),
    (PhoneProof, YEAR, lambda before: PhoneProof.wanted_at < before),
    (Notice, YEAR, lambda before: Notice.wanted_at < before),
    (Reminder, REMINDERS_KEPT_DAYS * DAY, lambda before: Reminder.sent_at < before),
    (BulkChange, YEAR, lambda before: BulkChange.made_at < before),
    # A preview that nobody has applied.
    (
        BulkChange, DAY,
        lambda before: and_(BulkChange.applied_at.is_(None), BulkChange.made_at < before),
    ),
    (Mail, YEAR, lambda before: Mail.queued_at < before),
)  # fmt: skip
DRAFTS = 90 * DAY
REFUSED_PAPERS = 2 * YEAR
REMOVED = 2 * YEAR


def forget_old(now: datetime) -> int:
    """Forgets all of the roster whose time is over at `now`; returns how much that was.

    In transactions of AT_ONCE rows each, so that nobody is held up.
    """
    done = sum(_forget_rows(table, old(now - kept)) for table, kept, old in KEPT)
    done += _repeat(lambda session: _forget_drafts(session, now - DRAFTS))
    done += _repeat(lambda session: _forget_papers(session, now - REFUSED_PAPERS))
    done += _erase_removed(now)
    return done + sweep(db.session())


def _repeat(work: Callable[[Session], int]) -> int:
    """Does `work` in transactions of its own until it finds less than a batch."""
    total = 0
    while True:
        with writing() as session:
            done = work(session)
        total += done
        if done < AT_ONCE:
            return total


def _forget_rows(table: type[Base], old: ColumnElement[bool]) -> int:
    keys = list(table.__table__.primary_key)
    if db.session.execute(select(*keys).where(old).limit(1)).first() is None:
        return 0  # and nobody was held up by a write lock

    def work(session: Session) -> int:
        rows = session.execute(select(*keys).where(old).limit(AT_ONCE)).all()
        for row in rows:
            same = (key == value for key, value in zip(keys, row, strict=True))
            session.execute(delete(table).where(*same))
        return len(rows)

    return _repeat(work)


def _has_draft() -> ColumnElement[bool]:
    return Nomination.id.in_(
        select(Application.nomination_id).where(Application.nomination_id.is_not(None))
    )


def _forget_drafts(session: Session, before: datetime) -> int:
    """Applications that nobody was entered for, with what was handed in for them.

    They were never sent, or name somebody who is on the roster already.
    """
    left = select(Application.id).where(
        Application.expert_id.is_(None), Application.updated_at < before
    )
    ids = session.scalars(left.limit(AT_ONCE)).all()
    _remove_papers(session, Paper.application_id.in_(ids))
    session.execute(delete(Application).where(Application.id.in_(ids)))
    return len(ids)


def _forget_papers(session: Session, before: datetime) -> int:
    """Papers of applicants whose last case was refused that long ago, and who did not come back."""
    last = (
        select(VettingCase.expert_id)
        .group_by(VettingCase.expert_id)
        .having(func.max(VettingCase.decided_at) < before)
        .having(func.count(VettingCase.id) == func.count(VettingCase.decided_at))
    )
    refused = select(VettingCase.expert_id).where(VettingCase.state == stages.REFUSED)
    experts = select(Expert.id).where(
        Expert.status == terms.APPLICANT, Expert.id.in_(last), Expert.id.in_(refused)
    )
    held = select(Paper.id).where(Paper.expert_id.in_(experts)).limit(AT_ONCE)
    ids = session.scalars(held).all()
    _remove_papers(session, Paper.id.in_(ids))
    return len(ids)


def _remove_papers(session: Session, which: ColumnElement[bool]) -> None:
    remove_after_commit(session, session.scalars(select(Paper.stored_as).where(which)).all())
    session.execute(delete(Paper).where(which))


def _erase_removed(now: datetime) -> int:
    """Erases who left the roster longest ago, one transaction each; who cannot be is passed."""
    gone = (Expert.status == terms.REMOVED, Expert.erased_at.is_(None))
    long_ago = Expert.updated_at < now - REMOVED
    oldest = select(Expert.id).where(*gone, long_ago).order_by(Expert.updated_at, Expert.id)
    erased = 0
    for number in db.session.scalars(oldest).all():
        if erased == ERASED_AT_ONCE:
            break
        try:
            with writing() as session:
                expert = session.get_one(Expert, number)
                registrar.erase(session, expert, actor=ACTOR, now=now)
                erased += 1
        except registrar.ErasureRefusedError:
            log.warning("somebody removed could not be erased", extra={"expert": number})
    return erased
