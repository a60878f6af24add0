"""The turn that reminds referees who have not answered, after five days and after ten."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select

from core.db import db, writing
from roster import registrar
from roster.models import Expert, Reference, VettingCase
from roster.rules import cadences, stages
from roster.rules.availability import local_minute

AT_ONCE = 200


def remind_referees(now: datetime) -> int:
    """Mails everybody who is due another question; how many. In the day of the applicant."""
    due = db.session().execute(_due(now)).all()
    first, last = (hour * 60 for hour in cadences.WRITING_HOURS)
    awake = [row.id for row in due if first <= local_minute(now, row.time_zone)[1] < last]
    return sum(_remind(reference_id, now) for reference_id in awake)


def _due(now: datetime) -> Select[int, str]:
    return (
        select(Reference.id, Expert.time_zone)
        .join(VettingCase, VettingCase.id == Reference.case_id)
        .join(Expert, Expert.id == VettingCase.expert_id)
        .where(_is_due(now), VettingCase.state == stages.OPEN)
        .order_by(Reference.asked_at)
        .limit(AT_ONCE)
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
