"""HR's digest: one mail a day to each vetter with what is new since the last, and what is late.

On a day without anything to say there is none.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import render_template
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.accounts.holders import reachable_holders
from core.accounts.models import User
from core.db import db, writing
from core.i18n import speaking
from core.mail import queue_mail
from core.reference.models import Office
from core.web import link_to
from roster.models import Digest
from roster.registrar.casefacts import VETTER
from roster.rules.cadences import WRITING_HOURS
from roster.staying.waiting import Section, sections

UTC_ZONE = "UTC"
LONGEST_BACK = timedelta(days=30)


def send_digests(now: datetime) -> int:
    """Mails every vetter whose working day it is and who had none today; how many were sent."""
    known = _vetters(db.session())
    due = [(user, zone) for user, zone in known if _is_due(db.session(), user, zone, now)]
    return sum(_send(user, now.astimezone(ZoneInfo(zone)).date(), now) for user, zone in due)


def _vetters(session: Session) -> Sequence[tuple[int, str]]:
    """The accounts that examine, each with its zone: that of its office, else UTC."""
    query = (
        reachable_holders(VETTER)
        .outerjoin(Office, Office.code == User.office_code)
        .with_only_columns(User.id, func.coalesce(Office.time_zone, UTC_ZONE))
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _is_due(session: Session, user_id: int, zone: str, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(zone))
    first, last = WRITING_HOURS
    return first <= local.hour < last and session.get(Digest, (user_id, local.date())) is None


def _send(user_id: int, day: date, now: datetime) -> bool:
    with writing() as session:
        since = _since(session, user_id, now)
        if not _claim(session, user_id, day, now):
            return False  # another worker did it
        user = session.get_one(User, user_id)
        with speaking(user.language):
            told = sections(session, user, since, now)
            if not told:
                return False
            subject, body = _compose(user, told, day)
        queue_mail(session, to=user.email, subject=subject, body=body, now=now)
    return True


def _since(session: Session, user_id: int, now: datetime) -> date:
    """The day (UTC) of the last digest; all after it is new."""
    today = now.astimezone(UTC).date()
    last = session.scalar(select(func.max(Digest.sent_at)).where(Digest.user_id == user_id))
    since = last.astimezone(UTC).date() if last else today - timedelta(days=1)
    return max(since, today - LONGEST_BACK)


def _claim(session: Session, user_id: int, day: date, now: datetime) -> bool:
    try:
        with session.begin_nested():
            session.add(Digest(user_id=user_id, day=day, sent_at=now))
            session.flush()
    except IntegrityError:
        return False
    return True


def _compose(user: User, told: Sequence[Section], today: date) -> tuple[str, str]:
    subject = _("The roster on %(day)s: what waits for you", day=format_date(today, "d MMMM y"))
    body = render_template(
        "staying/mails/digest.txt", user=user, sections=told, queue=link_to("vetting.list_cases")
    )
    return subject, body
