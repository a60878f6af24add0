"""What becomes of a mission: done, left by its expert, or ended by somebody else.

Each verb holds the request, says so to whom it concerns, and lets `advance` look for another.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import seats
from dispatch.advance import advance
from dispatch.case import hold
from dispatch.messages import notify_expert, tell_duty_officers, tell_office
from dispatch.models import Mission
from dispatch.wording import duty, notices, offices


def done(session: Session, mission: Mission, *, actor: str, now: datetime) -> None:
    """The work is done; the expert is free again. Raises lifecycle.MoveNotAllowedError."""
    hold(session, mission.request_id)
    session.refresh(mission)
    seats.finish(session, mission, actor=actor, now=now)
    advance(session, mission.request, now)


def withdraw(session: Session, mission: Mission, *, actor: str, reason: str, now: datetime) -> None:
    """The expert no longer goes: the slot is open, and the next are asked.

    Raises lifecycle.MoveNotAllowedError.
    """
    request = hold(session, mission.request_id)
    session.refresh(mission)
    seats.leave_seat(session, mission, actor=actor, reason=reason, now=now)
    tell_duty_officers(session, request, duty.DROPPED_OUT, now)
    tell_office(session, request, offices.DROPPED_OUT, now)
    advance(session, request, now)


def release(session: Session, mission: Mission, *, actor: str, reason: str, now: datetime) -> None:
    """A duty officer ends the mission: like `withdraw`, and the expert is told.

    Raises lifecycle.MoveNotAllowedError.
    """
    withdraw(session, mission, actor=actor, reason=reason, now=now)
    notify_expert(session, mission.expert, notices.RELEASED, now, request=mission.request)
