"""The turn that reminds referees who have not answered, after five days and after ten."""

from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core.db import db, writing
from roster import registrar
from roster.models import Expert, Reference, VettingCase
from roster.rules import cadences, stages
from roster.rules.availability import local_minute

AT_ONCE = 200
Value = TypeVar("Value", str, int)


def remind_referees(now: datetime) -> int:
    """Mails everybody who is due another question; how many. In the day of the applicant."""
    session = db.session()
    first, last = (hour * 60 for hour in cadences.WRITING_HOURS)
    zones = session.scalars(_due(now, Expert.time_zone).distinct()).all()
    awake = [zone for zone in zones if first <= local_minute(now, zone)[1] < last]
    if not awake:
        return 0
    # Only those of the awake, so that whoever sleeps stands in nobody's way.
    due = _due(now, Reference.id).where(Expert.time_zone.in_(awake))
    ids = session.scalars(due.order_by(Reference.asked_at).limit(AT_ONCE)).all()
    return sum(_remind(reference_id, now) for reference_id in ids)


def _due(now: datetime, what: InstrumentedAttribute[Value]) -> Select[Value]:
    """In a case that is open, or that an open appeal goes on from."""
    appeal = aliased(VettingCase)
    appealed = exists().where(appeal.appeal_of == VettingCase.id, appeal.state == stages.OPEN)
    return (
        select(what)
        .join_from(Reference, VettingCase, VettingCase.id == Reference.case_id)
        .join(Expert, Expert.id == VettingCase.expert_id)
        .where(_is_due(now), or_(VettingCase.state == stages.OPEN, appealed))
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    """So many days after the question, and not said yet; who never answers is let go in time."""
    late = or_(
        *(
            and_(Reference.reminders == said, Reference.asked_at <= now - timedelta(days=after))
            for said, after in enumerate(cadences.REFERENCE_DAYS)
        )
    )
    given_up = now - timedelta(days=cadences.REFERENCE_GIVEN_UP_DAYS)
    waited_for = and_(Reference.answered_at.is_(None), Reference.declined_at.is_(None))
    pause = now - timedelta(days=cadences.REFERENCE_DAYS[0])
    rested = or_(Reference.reminded_at.is_(None), Reference.reminded_at <= pause)
    return and_(waited_for, Reference.asked_at > given_up, late, rested)


def _remind(reference_id: int, now: datetime) -> bool:
    """Whether they were reminded: another worker may have done it."""
    with writing() as session:
        query = select(Reference).where(Reference.id == reference_id, _is_due(now))
        reference = session.scalar(query.with_for_update(of=Reference, skip_locked=True))
        return reference is not None and registrar.remind_reference(session, reference, now)
