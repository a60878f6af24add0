"""The verbs that begin and end a second step: set up, renew the recovery codes, reset."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import audit
from core.accounts import recovery
from core.accounts.models import SecondFactor, User
from core.accounts.notices import tell_reset, tell_set_up
from core.accounts.people import end_sessions
from core.accounts.recovery import Sheet
from core.accounts.second_factor import SecondStepError, of

LONGEST_REASON = 500


def set_up(
    session: Session, user: User, secret: str, *, step: int, sheet: Sheet, now: datetime
) -> None:
    """Makes the app with `secret` the account's only one; its code of `step` is used up."""
    old = of(session, user)
    if old:
        session.delete(old)
        session.flush()
    factor = SecondFactor(
        user_id=user.id, secret=secret, salt=sheet.salt, last_step=step, set_up_at=now
    )
    session.add(factor)
    session.flush()
    recovery.keep(session, user.id, sheet)
    tell_set_up(session, user, now)
    _note(session, user, "account.second_step_set_up", user.public_id, now)


def renew(session: Session, user: User, sheet: Sheet, now: datetime) -> None:
    """Makes the codes of `sheet` the account's only recovery codes. Raises SecondStepError."""
    factor = of(session, user)
    if factor is None:
        raise SecondStepError(_("There is no app set up for your account."))
    factor.salt = sheet.salt
    recovery.keep(session, user.id, sheet)
    _note(session, user, "account.recovery_codes_renewed", user.public_id, now)


def reset(
    session: Session, user: User, reason: str, *, actor: str, now: datetime, by: User | None = None
) -> None:
    """Takes the second step of `user` away, after they have lost their phone, and signs them out.

    They set up another one when they sign in next. Raises SecondStepError.
    """
    reason = reason.strip()[:LONGEST_REASON]
    factor = of(session, user)
    if not reason:
        raise SecondStepError(_("Say how you know that it is really they who ask."))
    if by is not None and by.id == user.id:
        raise SecondStepError(_("Another administrator has to do this for you."))
    if factor is None:
        raise SecondStepError(_("There is no app set up for this account."))
    session.delete(factor)
    end_sessions(user)
    tell_reset(session, user, reason, by, now)
    _note(session, user, "account.second_step_reset", actor, now, reason=reason)


def _note(
    session: Session, user: User, action: str, actor: str, now: datetime, **payload: str
) -> None:
    subject = f"account:{user.public_id}"
    audit.record(session, actor=actor, action=action, subject=subject, now=now, **payload)
