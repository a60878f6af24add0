"""The worker's turn of notices: sends the text that a notice of the roster asks for, once.

Its mail has left by itself. Nothing is sent of a notice that is answered, or to a phone that takes
no texts.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.db import db, writing
from core.i18n import nearest_language
from core.wake import wake
from dispatch.models import Attempt, Offer
from dispatch.rules import terms
from dispatch.rules.codes import new_code
from dispatch.rules.segments import count
from dispatch.wording import staying as wording
from roster.models import Expert, Notice
from roster.rules.terms import VETTED
from roster.staying.notices import link_of

STAY = "stay"  # the purpose of these messages
LAST = 9  # after everything about a crisis
AT_ONCE = 200
FRESH = timedelta(hours=6)  # later it would arrive at night
# Literal, so that the partial index is found.
UNSENT = text("notice.by_text AND notice.left_at IS NULL")


def send_notices(now: datetime) -> int:
    """Leaves the texts of all notices that wait; how many. Each is a transaction of its own."""
    session = db.session()
    query = select(Notice.id).where(UNSENT).order_by(Notice.wanted_at, Notice.id).limit(AT_ONCE)
    waiting = session.scalars(query).all()
    session.commit()
    return sum(_send(notice_id, now) for notice_id in waiting)


def _send(notice_id: int, now: datetime) -> bool:
    """Whether a text was left: another worker may be at it, or there is none to leave."""
    with writing() as session:
        query = select(Notice).where(Notice.id == notice_id, UNSENT)
        notice = session.scalar(query.with_for_update(of=Notice, skip_locked=True))
        if notice is None:
            return False
        notice.left_at = now
        if not _is_wanted(notice, now):
            return False
        notice.code = new_code(secrets.choice, _taken(session, notice.expert_id))
        session.add(_attempt(notice, now))
        wake(session)
    return True


def _is_wanted(notice: Notice, now: datetime) -> bool:
    expert = notice.expert
    takes = bool(expert.phone) and expert.opted_out_at is None and expert.sms_failed_at is None
    waits = notice.answered_at is None and now < notice.wanted_at + FRESH
    return takes and waits and expert.status in VETTED


def _taken(session: Session, expert_id: int) -> set[str]:
    """The codes that would mean something else from this phone."""
    offers = session.scalars(select(Offer.code).where(Offer.expert_id == expert_id))
    notices = session.scalars(select(Notice.code).where(Notice.expert_id == expert_id))
    return {*offers, *notices}


def _attempt(notice: Notice, now: datetime) -> Attempt:
    expert: Expert = notice.expert
    body = wording.stay_text(expert.language, notice.code, link_of(notice))
    return Attempt(
        expert_id=expert.id, purpose=STAY, number=1, to=expert.phone, channel=terms.SMS, body=body,
        language=nearest_language(expert.language), segments=count(body).segments, priority=LAST,
        queued_at=now, due_at=now, status=terms.QUEUED, tries=0,
    )  # fmt: skip
