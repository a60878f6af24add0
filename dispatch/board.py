"""What the duty board shows: open requests, gravest first, and all that waits for a human.

Only reads; no row is made for the board alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, not_, or_, select
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
BY_HAND = (terms.AWAITING, terms.UNFILLED)
# Texts that a human must read: not understood, not acted on, or a yes that could not count.
FOR_A_HUMAN = ("unclear", "failed", "not_deployable")
RECENT = timedelta(days=1)
LATE_S = 60
ALIVE = timedelta(seconds=30)
SHOWN = 100


@dataclass(frozen=True)
class Trouble:
    """Something that the machine could not finish, with the case that it is about, if any."""

    incident: Incident
    ref: str | None
    number: str | None


@dataclass(frozen=True)
class Board:
    """All that a duty officer must see at a glance.

    `requests` are the first SHOWN of `open`, of which `by_hand` wait for a human; `backlog` are
    messages that should have left, the oldest `behind_s` seconds ago.
    """

    requests: list[CrisisRequest]
    open: int
    by_hand: int
    troubles: list[Trouble]
    texts: list[InboundMessage]
    failures: list[Attempt]
    opt_outs: list[Expert]
    backlog: int
    behind_s: float
    workers: list[Heartbeat]

    @property
    def waiting(self) -> int:
        """How many things wait for a human."""
        return self.by_hand + len(self.troubles) + len(self.texts)

    @property
    def is_late(self) -> bool:
        """Whether messages leave later than they should."""
        return self.behind_s > LATE_S


def read_board(session: Session, now: datetime) -> Board:
    """The board as it stands at `now`."""
    backlog, behind_s = _backlog(session, now)
    return Board(
        requests=_open_requests(session),
        open=_count(session, ORDER),
        by_hand=_count(session, BY_HAND),
        troubles=_troubles(session),
        texts=_unclear_texts(session),
        failures=_failures(session, now),
        opt_outs=_opt_outs(session, now),
        backlog=backlog,
        behind_s=behind_s,
        workers=_workers(session, now),
    )


def _count(session: Session, states: tuple[str, ...]) -> int:
    counted = select(func.count(CrisisRequest.id)).where(CrisisRequest.status.in_(states))
    return session.scalar(counted) or 0


def _open_requests(session: Session) -> list[CrisisRequest]:
    by_hand = case(dict.fromkeys(BY_HAND, 0), value=CrisisRequest.status, else_=1)
    rows = session.scalars(
        select(CrisisRequest)
        .where(CrisisRequest.status.in_(ORDER))
        .order_by(by_hand, CrisisRequest.severity, CrisisRequest.filed_at)
        .options(
            joinedload(CrisisRequest.office),
            selectinload(CrisisRequest.offers).selectinload(Offer.attempts),
            selectinload(CrisisRequest.offers).joinedload(Offer.expert).lazyload("*"),
            selectinload(CrisisRequest.missions).joinedload(Mission.expert).lazyload("*"),
        )
        .limit(SHOWN)
    )
    return list(rows.unique())


def _troubles(session: Session) -> list[Trouble]:
    rows = session.execute(
        select(Incident, CrisisRequest.ref, CrisisRequest.number)
        .outerjoin(CrisisRequest, CrisisRequest.id == Incident.request_id)
        .where(Incident.cleared_at.is_(None))
        .order_by(Incident.id.desc())
        .limit(SHOWN)
    )
    return [Trouble(*row) for row in rows]


def _unclear_texts(session: Session) -> list[InboundMessage]:
    rows = (
        select(InboundMessage)
        .where(InboundMessage.outcome.in_(FOR_A_HUMAN), InboundMessage.handled_at.is_(None))
        .order_by(InboundMessage.id.desc())
        .options(joinedload(InboundMessage.expert).lazyload("*"))
    )
    return list(session.scalars(rows.limit(SHOWN)).unique())


def _failures(session: Session, now: datetime) -> list[Attempt]:
    # A telephone that rang in vain has no error of the provider's: nothing is to be mended.
    rang = and_(Attempt.channel == terms.VOICE, Attempt.error_code.is_(None))
    rows = (
        select(Attempt)
        .where(Attempt.status.in_((terms.FAILED, terms.UNKNOWN)), Attempt.queued_at > now - RECENT)
        .where(or_(Attempt.status == terms.UNKNOWN, not_(rang)))
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


def _backlog(session: Session, now: datetime) -> tuple[int, float]:
    waiting = select(func.count(), func.min(Attempt.due_at)).where(
        Attempt.status == terms.QUEUED, Attempt.due_at <= now
    )
    count, oldest = session.execute(waiting).one()
    return count, (now - oldest).total_seconds() if oldest else 0.0


def _workers(session: Session, now: datetime) -> list[Heartbeat]:
    rows = select(Heartbeat).where(Heartbeat.at > now - ALIVE).order_by(Heartbeat.worker)
    return list(session.scalars(rows))
