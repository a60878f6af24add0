"""Whose a phone is: several may have typed one number, and one person at most holds it.

The database keeps that by a unique index over those who hold theirs (models.experts).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, bindparam, exists, literal_column, or_, select
from sqlalchemy.orm import Session, lazyload

from roster.models import Expert, Notice
from roster.rules.terms import EXPIRED, VETTED

# Written out, as in the index: a list that is bound is written anew into each statement.
SINCE: tuple[ColumnElement[str], ...] = tuple(
    literal_column(f"'{status}'") for status in (*VETTED, EXPIRED)
)
# The same as models.experts.HOLDS_PHONE.
HOLDS = or_(
    Expert.two_way,
    Expert.phone_proved_at.is_not(None),
    Expert.status.in_(SINCE),
    Expert.status_before.in_(SINCE),
)
# What the roster knows of them besides is read when it is needed, and then under a lock.
WITH_PHONE = (
    select(Expert)
    .where(Expert.phone == bindparam("phone"))
    .order_by(HOLDS.desc(), Expert.id.desc())
    .options(lazyload("*"))
)
TEXTERS = (
    select(
        Expert.id, Expert.public_id, Expert.language, Expert.phone_proved_at,
        exists().where(Notice.expert_id == Expert.id, Notice.code == bindparam("code")),
    )
    .where(Expert.phone == bindparam("phone"))
    .order_by(HOLDS.desc(), Expert.id.desc())
)  # fmt: skip


@dataclass(frozen=True)
class Texter:
    """An expert who has given a phone, as far as a text from there must know.

    `was_asked`: whether a notice to them has the code that was looked for.
    """

    id: int
    public_id: str
    language: str
    phone_proved_at: datetime | None
    was_asked: bool


class PhoneTakenError(ValueError):
    """The phone was proved by somebody else meanwhile; its text says what to do."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else on the roster has this phone number already. Please tell us by mail.")
        )


def holder_of(session: Session, phone: str, *, besides: Expert | None = None) -> Expert | None:
    """Who holds `phone` (E.164), but for `besides`."""
    query = select(Expert).where(Expert.phone == phone, HOLDS)
    return session.scalar(query.where(Expert.id != besides.id) if besides else query)


def holders_of(session: Session, phones: Collection[str]) -> dict[str, str]:
    """The e-mail addresses of those who hold one of `phones`, by phone."""
    query = select(Expert.phone, Expert.email).where(Expert.phone.in_(phones), HOLDS)
    return {row.phone: row.email for row in session.execute(query)}


def experts_with(session: Session, phone: str) -> list[Expert]:
    """All who have given `phone`: whoever holds it first, then the latest."""
    return list(session.scalars(WITH_PHONE, {"phone": phone}))


def texters(session: Session, phone: str, code: str | None) -> list[Texter]:
    """The same people as values; `code` is what a text from `phone` says, if it says one."""
    session.flush()
    rows = session.connection().execute(TEXTERS, {"phone": phone, "code": code})
    return [Texter(*row) for row in rows]
