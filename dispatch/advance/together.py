"""When several requests want somebody in the same turn: whom each of them leaves to the others.

Only looks. What comes of it is advice: every offer is made by `advance` under its own locks, and
who was promised to somebody and could not be had after all is asked by nobody else's leave.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.case import need_for, view_of
from dispatch.choosing.asked import asked_already
from dispatch.choosing.occupied import busy, last_offered, load
from dispatch.faults import FAULTS
from dispatch.models import CrisisRequest
from dispatch.policies import policy_for
from dispatch.rules.assignment import Ask, assign
from dispatch.rules.escalation import LIVE, plan
from roster.directory.order import nearest
from roster.rules.terms import REMOTE, Need

AT_ONCE = 200  # requests that are matched together; the gravest are in front
LISTED = 20  # of each one's nearest, as long as that is enough


@dataclass
class Turn:
    """Requests in the order in which they are advanced, and who is `promised` to whom."""

    order: Sequence[int]
    promised: dict[int, AbstractSet[int]] = field(default_factory=dict)

    def left_to_others(self, request_id: int) -> frozenset[int]:
        """Whom `request_id`, whose turn it is now, should not ask; its own promise is used up."""
        self.promised.pop(request_id, None)
        return frozenset().union(*self.promised.values())


@dataclass(frozen=True)
class _Wish:
    request: int
    severity: int
    wanted: int
    need: Need
    asked: AbstractSet[int]


def share_out(session: Session, due: Sequence[int], now: datetime) -> Turn:
    """How to advance the `due` requests, which come the gravest first.

    Whoever gets nobody comes last, when all promises have been kept or have come to nothing.
    """
    if len(due) < 2:
        return Turn(due)
    wishes = _wishes(session, due[:AT_ONCE], now)
    if len(wishes) < 2:
        return Turn(due)
    given = _given(session, wishes, now)
    empty = {request for request, experts in given.items() if not experts}
    return Turn(sorted(due, key=empty.__contains__), dict(given))


def _wishes(session: Session, due: Sequence[int], now: datetime) -> list[_Wish]:
    found = []
    for request_id in due:
        try:
            wish = _wish(session, request_id, now)
        except FAULTS:
            session.rollback()  # a bad row is reported when it is advanced
        else:
            found += [wish] if wish else []
    return found


def _wish(session: Session, request_id: int, now: datetime) -> _Wish | None:
    query = select(CrisisRequest).where(CrisisRequest.id == request_id)
    request = session.scalars(query).unique().one()
    if request.status not in LIVE:
        return None
    policy = policy_for(session, request.severity)
    planned = plan(policy, view_of(session, request), now)
    if not planned.wanted:
        return None
    need, _ = need_for(session, request, policy.hours)
    asked = asked_already(session, request)
    return _Wish(request_id, request.severity, planned.wanted, need, asked)


def _given(session: Session, wishes: Sequence[_Wish], now: datetime) -> dict[int, AbstractSet[int]]:
    """Who is whose, from lists that grow until they are long enough to be sure."""
    enough = sum(wish.wanted for wish in wishes)
    asks = {wish.request: _ask(session, wish, now, LISTED, enough) for wish in wishes}
    shares = assign(asks.values())
    while shares.unsure:
        for wish in wishes:
            if wish.request in shares.unsure:
                asks[wish.request] = _ask(session, wish, now, enough, enough)
        shares = assign(asks.values())
    return {request: frozenset(experts) for request, experts in shares.given.items()}


def _ask(session: Session, wish: _Wish, now: datetime, limit: int, enough: int) -> Ask:
    found = nearest(
        session, wish.need, now, limit,
        busy=busy(), load=load(), offered=last_offered(), exclude=wish.asked,
    )  # fmt: skip
    # Nobody travels to a remote mission: what it loses is a place in its own order.
    remote = wish.need.mode == REMOTE
    costs = [float(place) if remote else one.distance_km for place, one in enumerate(found)]
    complete = len(found) < limit or limit >= enough
    return Ask(wish.request, wish.severity, wish.wanted, [one.id for one in found], costs, complete)
