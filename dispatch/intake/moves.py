"""What people decide about a request: confirm, pause, resume, cancel, close.

One transaction each: the move, its audit row, and what `advance` makes of it. Raises
lifecycle.MoveNotAllowedError where the state does not allow the move.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from core.accounts.callers import Asking
from dispatch.advance import advance_held
from dispatch.case import active_missions, hold
from dispatch.messages import notify_expert, tell_office
from dispatch.models import CrisisRequest
from dispatch.rules import terms
from dispatch.rules.lifecycle import MoveNotAllowedError
from dispatch.seats import finish, leave_seat
from dispatch.transitions import begin_search, move_request
from dispatch.wording import notices, offices


def confirm(session: Session, request: CrisisRequest, *, officer: Asking, now: datetime) -> None:
    """A duty officer has made sure that the office asks: the search begins."""
    request = hold(session, request.id)
    if request.status != terms.AWAITING:
        raise MoveNotAllowedError(request.status, terms.SEARCHING)
    request.confirmed_at, request.confirmed_by = now, officer.id
    begin_search(session, request, actor=officer.public_id, now=now)
    tell_office(session, request, offices.SEARCHING, now)
    advance_held(session, request, now)


def pause(session: Session, request: CrisisRequest, *, actor: str, now: datetime) -> None:
    """Nobody new is asked; who was asked may still answer within their deadline."""
    request = hold(session, request.id)
    move_request(session, request, terms.PAUSED, actor=actor, now=now)
    advance_held(session, request, now)


def resume(session: Session, request: CrisisRequest, *, actor: str, now: datetime) -> None:
    """The search goes on where it was paused."""
    request = hold(session, request.id)
    if request.status != terms.PAUSED:
        raise MoveNotAllowedError(request.status, terms.SEARCHING)
    move_request(session, request, terms.SEARCHING, actor=actor, now=now)
    advance_held(session, request, now)


def cancel(
    session: Session, request: CrisisRequest, reason: str, *, actor: str, now: datetime
) -> None:
    """Help is no longer needed: open offers and missions are taken back, and everybody is told."""
    request = hold(session, request.id)
    was_trusted = request.status != terms.AWAITING
    move_request(session, request, terms.CANCELLED, actor=actor, now=now, reason=reason)
    request.end_reason = reason[:500]
    for mission in active_missions(session, request):
        leave_seat(session, mission, actor=actor, reason="request cancelled", now=now)
        notify_expert(session, mission.expert, notices.CANCELLED, now, request=request)
    if was_trusted:
        tell_office(session, request, offices.CANCELLED, now)
    advance_held(session, request, now)


def close(session: Session, request: CrisisRequest, *, actor: str, now: datetime) -> None:
    """The crisis is over: missions that still run are done, and their experts are told."""
    request = hold(session, request.id)
    move_request(session, request, terms.CLOSED, actor=actor, now=now)
    for mission in active_missions(session, request):
        finish(session, mission, actor=actor, now=now)
        notify_expert(session, mission.expert, notices.RELEASED, now, request=request)
    tell_office(session, request, offices.CLOSED, now)
    advance_held(session, request, now)
