"""Mails that tell people what became of their second step, in their own language."""

from datetime import datetime

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.holders import holders
from core.accounts.models import User
from core.i18n import speaking
from core.mail import queue_mail


def tell_set_up(session: Session, user: User, now: datetime) -> None:
    """An app was set up for their account: if it was not they, somebody has their password."""
    with speaking(user.language):
        body = render_template("accounts/mails/second_step_set_up.txt", user=user)
        subject = _("A second step was set up for your account")
    queue_mail(session, to=user.email, subject=subject, body=body, now=now)


def tell_locked(session: Session, user: User, now: datetime) -> None:
    """Too many wrong codes: whoever tries them knows the password."""
    with speaking(user.language):
        body = render_template("accounts/mails/second_step_locked.txt", user=user)
        subject = _("Somebody tries to sign in to your account")
    queue_mail(session, to=user.email, subject=subject, body=body, now=now)


def tell_reset(session: Session, user: User, reason: str, by: User | None, now: datetime) -> None:
    """The second step was reset: to its owner, and to all other administrators.

    Whoever takes somebody's second step away can sign in as them with their password alone, so no
    administrator does it unseen. `by` is None at the command line.
    """
    with speaking(user.language):
        body = render_template("accounts/mails/second_step_reset.txt", user=user)
        subject = _("The second step of your account was reset")
    queue_mail(session, to=user.email, subject=subject, body=body, now=now)
    for admin in _administrators(session, but_not={user.id, by.id if by else user.id}):
        with speaking(admin.language):
            body = render_template(
                "accounts/mails/second_step_reset_of.txt",
                user=admin, other=user, reason=reason, by=by,
            )  # fmt: skip
            subject = _("The second step of an account was reset")
        queue_mail(session, to=admin.email, subject=subject, body=body, now=now)


def _administrators(session: Session, but_not: set[int]) -> list[User]:
    """All others; when there is none, whoever did it is told: two mails there are in any case."""
    found = list(session.scalars(holders("admin")))
    return [admin for admin in found if admin.id not in but_not] or found
