"""A coordinator names somebody, who is invited to apply; nobody is entered for themself."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import audit
from core.accounts.models import User
from roster.models import Application, Expert, Nomination
from roster.rules.vetting import folded


class NominationError(ValueError):
    """Somebody who cannot be nominated; its text says so to the coordinator."""


def nominate(
    session: Session,
    by: User,
    *,
    name: str,
    email: str,
    language: str,
    reason: str,
    now: datetime,
) -> Nomination:
    """Notes that `by` nominates somebody; who invites them is the caller.

    Raises NominationError for oneself. The same person named again is another row.
    """
    if folded(email) == folded(by.email):
        raise NominationError(_("You cannot nominate yourself. You may apply like everybody."))
    nomination = Nomination(
        name=name, email=email, language=language, reason=reason, by=by.id,
        office_code=by.office_code, at=now,
    )  # fmt: skip
    session.add(nomination)
    session.flush()
    audit.record(
        session, actor=by.public_id, action="nomination.made",
        subject=f"nomination:{nomination.public_id}", now=now, name=name, email=email,
    )  # fmt: skip
    return nomination


def nomination_of(session: Session, expert: Expert) -> Nomination | None:
    """The nomination that led to the application of `expert`, if any."""
    query = (
        select(Nomination)
        .join(Application, Application.nomination_id == Nomination.id)
        .where(Application.expert_id == expert.id)
    )
    return session.scalar(query.order_by(Nomination.id.desc()).limit(1))


def nominators_of(session: Session, expert: Expert) -> Sequence[User]:
    """Whoever nominated `expert`, by their address or for the application that they sent."""
    sent = select(Application.nomination_id).where(
        Application.expert_id == expert.id, Application.nomination_id.is_not(None)
    )
    theirs = or_(Nomination.email == expert.email, Nomination.id.in_(sent))
    named = select(Nomination.by).where(theirs)
    return session.scalars(select(User).where(User.id.in_(named)).order_by(User.id)).all()
