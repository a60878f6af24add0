"""Requests, offers and texts by the thousand, written straight into the tables.

It is the clock and the sender that are measured with them, not the filing.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bench.rosters import BATCH
from core.db import Base, db, writing
from core.reference.models import Office
from core.wake import wake
from dispatch.models import Attempt, CrisisRequest, Decision, Mission, Offer
from roster.models import Expert, RosterChange

WINDOW_S = 600
TRIES = 5
LETTERS = "ACDEFGHJKMNPQRTUVWXY"


def leave(
    count: int, now: datetime, *, first: int, over: bool = False, waiting: bool = False
) -> None:
    """`count` requests from id `first` on, each with one offer by text; commits.

    `over`: they ended a month ago. `waiting`: the text has arrived, and the answer has not. Else
    each text is due at `now`. Those that are not over each ask an expert of their own.
    """
    at = now - timedelta(days=30) if over else now
    numbers = range(first, first + count)
    with writing() as session:
        everybody = session.execute(select(Expert.id, Expert.phone).order_by(Expert.id)).all()
        office = session.scalars(select(Office).order_by(Office.code).limit(1)).one()
        asked = [(number, *everybody[number % len(everybody)]) for number in numbers]
        _store(session, CrisisRequest, [_request(one, office, at, over=over) for one in numbers])
        _store(session, Offer, [_offer(one, who, at, over=over) for one, who, _ in asked])
        _store(session, Attempt, [_attempt(*one, at, sent=over or waiting) for one in asked])
        _count_on(session, first + count)
        wake(session)


def leave_history(count: int, now: datetime, *, first: int) -> None:
    """`count` requests that ended a month ago, and statistics that know of them; commits."""
    leave(count, now, first=first, over=True)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE"))  # as its autovacuum soon does
        db.session.commit()


def _count_on(session: Session, following: int) -> None:
    """What is filed from now on gets other numbers."""
    if session.get_bind().dialect.name == "postgresql":
        for table in (CrisisRequest, Offer):
            session.execute(text(f"SELECT setval('{table.__tablename__}_id_seq', {following})"))


def end_everything(now: datetime) -> None:
    """Everybody is free again and nothing is due; commits.

    Takes all rows at once, whatever order the workers take theirs in: tries again when they meet.
    """
    for left in reversed(range(TRIES)):
        try:
            _end_everything(now)
            break
        except OperationalError:
            if not left:
                raise


def _end_everything(now: datetime) -> None:
    ended = {"status": "cancelled", "wake_at": None, "ended_at": now}
    with writing() as session:
        session.execute(update(Attempt).where(Attempt.status == "queued").values(status="dropped"))
        session.execute(
            update(Offer).where(Offer.status == "open").values(status="withdrawn", ended_at=now)
        )
        seated = Mission.status != "withdrawn"
        session.execute(update(Mission).where(seated).values(status="withdrawn", ended_at=now))
        alive = or_(CrisisRequest.status != "cancelled", CrisisRequest.wake_at.is_not(None))
        session.execute(update(CrisisRequest).where(alive).values(ended))
        session.execute(update(Decision).where(Decision.excluded.is_(None)).values(excluded={}))
        session.execute(delete(RosterChange))


def _store(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), BATCH):
        session.execute(insert(table), rows[start : start + BATCH])


def _request(number: int, office: Office, at: datetime, *, over: bool) -> dict[str, Any]:
    return {
        "id": number, "ref": f"storm{number:021d}", "number": f"s{number}", "severity": 1,
        "office_code": office.code, "kind": "CYB", "summary": "Measured", "lat": office.lat,
        "lon": office.lon, "status": "closed" if over else "searching", "filed_at": at,
        "search": 1, "search_started_at": at, "ended_at": at if over else None,
        "wake_at": None if over else at + timedelta(seconds=WINDOW_S),
    }  # fmt: skip


def _offer(number: int, expert: int, at: datetime, *, over: bool) -> dict[str, Any]:
    return {
        "id": number, "public_id": f"storm{number:021d}", "request_id": number,
        "expert_id": expert, "code": _code(number), "rank": 1, "wave": 1, "distance_km": 1.0,
        "status": "expired" if over else "open", "created_at": at, "window_s": WINDOW_S,
        "deadline": at + timedelta(seconds=WINDOW_S), "ended_at": at if over else None,
    }  # fmt: skip


def _attempt(number: int, expert: int, to: str, at: datetime, *, sent: bool) -> dict[str, Any]:
    return {
        "public_id": f"storm{number:021d}", "offer_id": number, "request_id": number,
        "expert_id": expert, "purpose": "offer", "channel": "sms", "to": to,
        "body": f"Measured {number}", "status": "delivered" if sent else "queued",
        "queued_at": at, "due_at": at, "sent_at": at if sent else None,
    }  # fmt: skip


def _code(number: int) -> str:
    digits = []
    for _ in range(4):
        number, place = divmod(number, len(LETTERS))
        digits.append(LETTERS[place])
    return "".join(digits)
