"""What the duty board shows: open requests, gravest first, and all that waits for a human.

Only reads; no row is made for the board alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from dispatch.models import (
    Attempt,
    CrisisRequest,
    Heartbeat,
    InboundMessage,
    Incident,
    Mission,
    Offer,
)
from dispatch.rules import terms
from roster.models import Expert

# What needs a human comes before what runs by itself.
ORDER = (
    terms.AWAITING,
    terms.UNFILLED,
    terms.PAUSED,
    terms.SEARCHING,
    terms.ASSIGNED,
)
RECENT = timedelta(days=1)
ALIVE = timedelta(seconds=30)
SHOWN = 100


@dataclass(frozen=True)
class Board:
    """All that a duty officer must see at a glance."""

    requests: list[CrisisRequest]
    incidents: list[Incident]
    texts: list[InboundMessage]
    failures: list[Attempt]
    opt_outs: list[Expert]
    backlog: int
    oldest_due: datetime | None
    workers: list[Heartbeat]

    @property
    def waiting(self) -> int:
        """How many things wait for a human."""
        by_hand = {terms.AWAITING, terms.UNFILLED}
        return (
            sum(request.status in by_hand for request in self.requests)
            + len(self.incidents)
            + len(self.texts)
        )


def read_board(session: Session, now: datetime) -> Board:
    """The board as it stands at `now`."""
    backlog, oldest = _backlog(session, now)
    return Board(
        requests=_open_requests(session),
        incidents=_open_incidents(session),
        texts=_unclear_texts(session),
        failures=_failures(session, now),
        opt_outs=_opt_outs(session, now),
        backlog=backlog,
        oldest_due=oldest,
        workers=_workers(session, now),
    )


def _open_requests(session: Session) -> list[CrisisRequest]:
    order = case({status: place for place, status in enumerate(ORDER)}, value=CrisisRequest.status)
    rows = session.scalars(
        select(CrisisRequest)
        .where(CrisisRequest.status.in_(ORDER))
        .order_by(order, CrisisRequest.severity, CrisisRequest.filed_at)
        .options(
            joinedload(CrisisRequest.office),
            selectinload(CrisisRequest.offers).selectinload(Offer.attempts),
            selectinload(CrisisRequest.offers).joinedload(Offer.expert).lazyload("*"),
            selectinload(CrisisRequest.missions).joinedload(Mission.expert).lazyload("*"),
        )
        .limit(SHOWN)
    )
    return list(rows.unique())


def _open_incidents(session: Session) -> list[Incident]:
    rows = select(Incident).where(Incident.cleared_at.is_(None)).order_by(Incident.id.desc())
    return list(session.scalars(rows.limit(SHOWN)))


def _unclear_texts(session: Session) -> list[InboundMessage]:
    rows = (
        select(InboundMessage)
        .where(InboundMessage.outcome == "unclear", InboundMessage.handled_at.is_(None))
        .order_by(InboundMessage.id.desc())
        .options(joinedload(InboundMessage.expert).lazyload("*"))
    )
    return list(session.scalars(rows.limit(SHOWN)).unique())


def _failures(session: Session, now: datetime) -> list[Attempt]:
    rows = (
        select(Attempt)
        .where(Attempt.status.in_((terms.FAILED, terms.UNKNOWN)), Attempt.queued_at > now - RECENT)
        .order_by(Attempt.id.desc())
        .limit(20)
    )
    return list(session.scalars(rows).unique())


def _opt_outs(session: Session, now: datetime) -> list[Expert]:
    rows = (
        select(Expert)
        .where(Expert.opted_out_at > now - timedelta(days=30))
        .order_by(Expert.opted_out_at.desc())
        .options(lazyload("*"))
        .limit(20)
    )
    return list(session.scalars(rows))


def _backlog(session: Session, now: datetime) -> tuple[int, datetime | None]:
    row = session.execute(
        select(func.count(), func.min(Attempt.due_at)).where(
            Attempt.status == "queued", Attempt.due_at <= now
        )
    ).one()
    return row[0], row[1]


def _workers(session: Session, now: datetime) -> list[Heartbeat]:
    rows = select(Heartbeat).where(Heartbeat.at > now - ALIVE).order_by(Heartbeat.worker)
    return list(session.scalars(rows))
