"""How a mission went: the office is asked when it is over, once more a week later, then no more.

What was said is the roster's; this only knows whom to ask, and of which mission.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from core.db import db, writing
from core.links import sign
from core.mail import queue_mail
from core.web import link_to
from dispatch.messages.recipients import STATUS_LINK, office_readers
from dispatch.models import Mission
from dispatch.rules import terms
from dispatch.wording.evaluating import evaluation_mail
from roster import registrar
from roster.models import Evaluation
from roster.rules import cadences

AT_ONCE = 100
AGAIN = timedelta(days=cadences.EVALUATION_AGAIN_DAYS)
GIVEN_UP = timedelta(days=cadences.EVALUATION_GIVEN_UP_DAYS)


def evaluation_of(session: Session, mission: Mission) -> Evaluation | None:
    """What was said of `mission`, if anything."""
    return session.scalar(select(Evaluation).where(Evaluation.mission == mission.public_id))


def evaluate(
    session: Session, mission: Mission, rating: int, comment: str, *, by: str, now: datetime
) -> bool:
    """Keeps what `by` says of `mission`; False when it is not done, or was rated before."""
    held = select(Mission).where(Mission.id == mission.id).with_for_update(of=Mission)
    mission = session.scalars(held.execution_options(populate_existing=True)).unique().one()
    if mission.status != terms.DONE:
        return False
    mission.evaluate_at = None
    said = registrar.record_evaluation(
        session, mission.expert, mission.public_id, rating, comment, by=by, now=now
    )
    return said is not None


def ask_for_evaluations(now: datetime) -> int:
    """Mails the offices whose missions have ended and were not rated yet; how many missions."""
    session = db.session()
    query = select(Mission.id).where(_is_due(now)).order_by(Mission.evaluate_at).limit(AT_ONCE)
    due = session.scalars(query).all()
    session.commit()
    return sum(_ask(mission_id, now) for mission_id in due)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(Mission.evaluate_at.is_not(None), Mission.evaluate_at <= now)


def _ask(mission_id: int, now: datetime) -> bool:
    """Whether the office was asked: another worker may be at it."""
    with writing() as session:
        query = select(Mission).where(Mission.id == mission_id, _is_due(now))
        held = query.with_for_update(of=Mission, skip_locked=True)
        mission = session.scalars(held).unique().one_or_none()
        if mission is None:
            return False
        ended = mission.ended_at or now
        is_second = (mission.evaluate_at or now) >= ended + AGAIN
        mission.evaluate_at = None if is_second else ended + AGAIN
        if now > ended + GIVEN_UP or evaluation_of(session, mission) is not None:
            mission.evaluate_at = None
            return False
        _mail(session, mission, now)
    return True


def _mail(session: Session, mission: Mission, now: datetime) -> None:
    ref = mission.request.ref
    link = link_to("evaluation.show_form", ref=ref, public_id=mission.public_id,
                   key=sign(STATUS_LINK, ref))  # fmt: skip
    for reader in office_readers(session, mission.request):
        if reader.email:
            subject, body = evaluation_mail(mission, reader.language, link)
            queue_mail(session, to=reader.email, subject=subject, body=body, now=now)
