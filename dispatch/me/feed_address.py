"""The private address of an expert's calendar: signed, and worthless once a new one is made."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.short_links import read_number, sign_number
from core.web import link_to
from dispatch.models import CalendarFeed
from roster.models import Expert


def address_of(session: Session, expert: Expert) -> str:
    """The address at which the calendar is read, empty when the expert has asked for none."""
    feed = session.get(CalendarFeed, expert.id)
    if feed is None or feed.closed_at is not None:
        return ""
    token = sign_number(_purpose(feed), expert.id)
    return link_to("me.show_feed", public_id=expert.public_id, token=token)


def expert_behind(session: Session, public_id: str, token: str) -> Expert | None:
    """Whose calendar this address is; None when it never was one, or is one no longer."""
    expert = session.scalar(select(Expert).where(Expert.public_id == public_id))
    feed = session.get(CalendarFeed, expert.id) if expert else None
    if expert is None or feed is None or feed.closed_at is not None:
        return None
    return expert if read_number(_purpose(feed), token) == expert.id else None


def renew(session: Session, expert: Expert, *, actor: str, now: datetime) -> None:
    """Makes a new address; the one before leads nowhere from now on."""
    feed = session.get(CalendarFeed, expert.id)
    if feed is None:
        feed = CalendarFeed(expert_id=expert.id, number=0)
        session.add(feed)
    feed.number, feed.renewed_at, feed.closed_at = feed.number + 1, now, None
    _note(session, expert, "calendar_renewed", actor, now)


def close(session: Session, expert: Expert, *, actor: str, now: datetime) -> None:
    """No address leads to the calendar any more."""
    feed = session.get(CalendarFeed, expert.id)
    if feed is not None and feed.closed_at is None:
        feed.closed_at = now
        _note(session, expert, "calendar_closed", actor, now)


def _note(session: Session, expert: Expert, action: str, actor: str, now: datetime) -> None:
    subject = f"expert:{expert.public_id}"
    audit.record(session, actor=actor, action=f"expert.{action}", subject=subject, now=now)


def _purpose(feed: CalendarFeed) -> str:
    return f"calendar:{feed.number}"
