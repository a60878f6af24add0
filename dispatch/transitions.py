"""Changes of state: only where the table of moves allows it, and always with their audit row.

Locks nothing and decides nothing; whoever calls holds the request's row.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import audit
from dispatch.models import CrisisRequest, Mission, Offer
from dispatch.news import note_free
from dispatch.rules import lifecycle, terms

ENDED = (terms.CLOSED, terms.CANCELLED)


def move_request(
    session: Session, request: CrisisRequest, new: str, *, actor: str, now: datetime, **why: Any
) -> None:
    """Makes `request` `new`. Raises lifecycle.MoveNotAllowedError."""
    lifecycle.check(lifecycle.REQUEST, request.status, new)
    old, request.status = request.status, new
    if new in ENDED:
        request.ended_at = now
    audit.record(
        session, actor=actor, action=f"request.{new}", subject=f"request:{request.ref}", now=now,
        was=old, **why,
    )  # fmt: skip


def begin_search(session: Session, request: CrisisRequest, *, actor: str, now: datetime) -> None:
    """A new search begins: steps that earlier ones have done are to be done again, in their time.

    Raises lifecycle.MoveNotAllowedError.
    """
    move_request(session, request, terms.SEARCHING, actor=actor, now=now)
    request.search += 1
    request.search_started_at = now


def move_offer(
    session: Session, offer: Offer, new: str, *, actor: str, now: datetime, reason: str = ""
) -> None:
    """Ends `offer` as `new`, because of `reason`. Raises lifecycle.MoveNotAllowedError."""
    lifecycle.check(lifecycle.OFFER, offer.status, new)
    offer.status, offer.ended_at, offer.end_reason = new, now, reason[:200]
    if new != terms.ACCEPTED:
        note_free(session, offer.expert_id, now)
    audit.record(
        session, actor=actor, action=f"offer.{new}", subject=f"offer:{offer.public_id}", now=now,
        request=offer.request.ref, expert=offer.expert.public_id, reason=reason,
    )  # fmt: skip


def move_mission(
    session: Session, mission: Mission, new: str, *, actor: str, now: datetime, reason: str = ""
) -> None:
    """Makes `mission` `new`. Raises lifecycle.MoveNotAllowedError."""
    lifecycle.check(lifecycle.MISSION, mission.status, new)
    mission.status = new
    if new in (terms.DONE, terms.WITHDRAWN):
        mission.ended_at = now
    audit.record(
        session, actor=actor, action=f"mission.{new}", subject=f"mission:{mission.public_id}",
        now=now, request=mission.request.ref, expert=mission.expert.public_id, reason=reason,
    )  # fmt: skip
