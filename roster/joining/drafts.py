"""The drafts of one address: anybody may begin one in it, so its owner's goes first."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from roster.models import Application

OWNED = "owned"  # an answer that is no page: somebody went on from the mail
LOOKED_AT = 50


def owned_draft(session: Session, email: str) -> Application | None:
    """The draft with which whoever reads the mails of `email` went on last; not yet sent."""
    drafts = session.scalars(
        _unsent(email).order_by(Application.updated_at.desc()).limit(LOOKED_AT)
    )
    return next((draft for draft in drafts if OWNED in draft.answers), None)


def latest_draft(session: Session, email: str) -> Application | None:
    """The draft of `email` that was begun last, by whomever; not yet sent."""
    return session.scalar(_unsent(email).order_by(Application.id.desc()).limit(1))


def _unsent(email: str) -> Select[Application]:
    return select(Application).where(Application.email == email, Application.sent_at.is_(None))
