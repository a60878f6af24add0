"""Sessions as rows: how long they may last, and the verbs that begin, prove and end them.

The cookie holds a random secret whose digest is looked up with every request, so that a session
which is ended is over at once in every process, together with all copies of its cookie.
Knows no cookie and no request.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import audit
from core.accounts import second_factor
from core.accounts.models import OpenSession, User


@dataclass(frozen=True)
class Limits:
    """How long somebody may do nothing, and how long a session may last in any case."""

    idle: timedelta
    whole: timedelta


USUAL = Limits(timedelta(hours=4), timedelta(hours=12))
# Administrators give rights away; duty officers must not be signed out in a quiet night shift.
# Whoever has several roles has the shortest limits of them. docs/operations.md says why.
OF_ROLE = {
    "admin": Limits(timedelta(minutes=30), timedelta(hours=12)),
    "duty_officer": Limits(timedelta(hours=12), timedelta(hours=16)),
}
# Between the password and the code.
HALFWAY = Limits(timedelta(minutes=15), timedelta(minutes=15))
LONGEST = timedelta(hours=16)


def limits_of(user: User) -> Limits:
    """The limits of this account's sessions, by its roles."""
    each = [OF_ROLE.get(role.name, USUAL) for role in user.roles] or [USUAL]
    return Limits(min(limits.idle for limits in each), min(limits.whole for limits in each))


def owes_code(row: OpenSession, user: User) -> bool:
    """Whether only the password was right so far: then nobody is signed in yet."""
    return row.proved_at is None and (row.asks_code or second_factor.must(user))


def is_over(row: OpenSession, user: User, now: datetime) -> bool:
    """Whether this session has lasted, or was left alone, for too long."""
    limits = HALFWAY if owes_code(row, user) else limits_of(user)
    return now - row.seen_at > limits.idle or now - row.created_at > limits.whole


def begin(
    session: Session,
    user: User,
    now: datetime,
    *,
    way: str,
    device: tuple[str, str] = ("", ""),
    proved_at: datetime | None = None,
) -> str:
    """Begins a session of `user`; returns the secret for the cookie, which is kept nowhere."""
    session.execute(delete(OpenSession).where(OpenSession.created_at < now - LONGEST))
    secret = secrets.token_urlsafe(32)
    browser, system = device
    row = OpenSession(
        digest=digest_of(secret), user_id=user.id, way=way, browser=browser, system=system,
        created_at=now, seen_at=now, proved_at=proved_at,
        asks_code=second_factor.of(session, user) is not None,
    )  # fmt: skip
    session.add(row)
    return secret


def find(session: Session, secret: str) -> OpenSession | None:
    """The session that a cookie's secret belongs to; None when it was ended."""
    return session.scalar(select(OpenSession).where(OpenSession.digest == digest_of(secret)))


def prove(row: OpenSession, now: datetime) -> str:
    """Notes that the second step was taken; returns the new secret for the cookie."""
    secret = secrets.token_urlsafe(32)
    row.digest, row.proved_at, row.seen_at = digest_of(secret), now, now
    return secret


def of_user(session: Session, user: User, now: datetime) -> list[OpenSession]:
    """This account's sessions that are not over, the last used first."""
    mine = select(OpenSession).where(OpenSession.user_id == user.id)
    rows = session.scalars(mine.order_by(OpenSession.seen_at.desc(), OpenSession.id.desc()))
    return [row for row in rows if not is_over(row, user, now)]


def end(session: Session, row: OpenSession, user: User, *, actor: str, now: datetime) -> None:
    """Ends one session of `user`."""
    session.delete(row)
    _note(session, user, actor, now, 1)


def end_all(
    session: Session, user: User, *, actor: str, now: datetime, but: OpenSession | None = None
) -> int:
    """Ends all sessions of `user`, except `but`; returns how many there were."""
    theirs = [OpenSession.user_id == user.id]
    if but is not None:
        theirs.append(OpenSession.id != but.id)
    number = session.scalar(select(func.count()).select_from(OpenSession).where(*theirs)) or 0
    session.execute(delete(OpenSession).where(*theirs))
    _note(session, user, actor, now, number)
    return number


def digest_of(secret: str) -> str:
    """SHA-256 in hexadecimal: the secret is random, so no salt and no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(session: Session, user: User, actor: str, now: datetime, number: int) -> None:
    audit.record(
        session, actor=actor, action="account.sessions_ended",
        subject=f"account:{user.public_id}", now=now, sessions=number,
    )  # fmt: skip
