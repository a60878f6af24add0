"""API tokens: shown once, stored as SHA-256, revocable; they open paths under /api/ only."""

import hashlib
import secrets
from datetime import datetime

from flask import Request
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core import audit
from core.access import API
from core.accounts.callers import COLUMNS, Caller
from core.accounts.models import ApiToken, Role, User, UserRole
from core.db import db

PREFIX = "iproc_"  # so that scanners find one that was published by mistake
# One row for each role, and one for an account without any. Asked with every request, so that a
# token which was revoked and an account which was disabled are refused at once in every process.
SPOKEN_FOR = (
    select(*COLUMNS, Role.name)
    .select_from(ApiToken)
    .join(User, User.id == ApiToken.user_id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .outerjoin(Role, Role.id == UserRole.role_id)
    .where(ApiToken.digest == bindparam("digest"), ApiToken.revoked_at.is_(None), User.active)
)


def create_token(session: Session, user: User, *, actor: str, now: datetime) -> str:
    """A new token of `user`; this is the only time that anybody sees it."""
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(user=user, digest=digest_of(token), created_at=now)
    session.add(row)
    session.flush()
    _note(session, "token.created", row, actor, now)
    return token


def revoke_token(session: Session, row: ApiToken, *, actor: str, now: datetime) -> None:
    """Ends a token; a second time changes nothing."""
    if row.revoked_at is None:
        row.revoked_at = now
        _note(session, "token.revoked", row, actor, now)


def bearer(request: Request) -> Caller | None:
    """The active account whose live token this request under /api/ carries."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if not request.path.startswith(API) or kind.lower() != "bearer" or not token:
        return None
    reader = db.session.connection()
    rows = reader.execute(SPOKEN_FOR, {"digest": digest_of(token.strip())}).all()
    if not rows:
        return None
    return Caller(*rows[0][:-1], frozenset(row[-1] for row in rows if row[-1]))


def digest_of(token: str) -> str:
    """SHA-256 in hexadecimal; tokens are random, so no salt and no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _note(session: Session, action: str, row: ApiToken, actor: str, now: datetime) -> None:
    subject = f"account:{row.user.public_id}"
    audit.record(session, actor=actor, action=action, subject=subject, now=now, token=row.id)
