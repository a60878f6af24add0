"""Invitations by mail: a signed link, good once and for seven days, to set a password under.

Whoever wants to know that an account was accepted hands in a hook: nothing here looks upward.
"""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from flask import Flask, current_app, render_template
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, links
from core.accounts.models import User
from core.accounts.passwords import hashed
from core.i18n import speaking
from core.mail import queue_mail
from core.web import link_to

PURPOSE = "invitation"
VALID_DAYS = 7

# Called in the transaction in which `User` proved that the invited address is theirs.
Accepted = Callable[[Session, User, datetime], None]


def on_accepted(app: Flask, hook: Accepted) -> None:
    """Calls `hook` whenever somebody accepts an account of `app`."""
    _hooks(app).append(hook)


def invite(session: Session, user: User, now: datetime, actor: str = "system") -> None:
    """Mails `user` a link under which they set their password."""
    link = make_link(session, user, now, actor)
    with speaking(user.language):
        body = render_template(
            "accounts/mails/invitation.txt", user=user, link=link, days=VALID_DAYS
        )
        subject = _("Your account for IP-ROC Dispatch")
    queue_mail(session, to=user.email, subject=subject, body=body, now=now)


def make_link(session: Session, user: User, now: datetime, actor: str = "system") -> str:
    """The address under which `user` sets their password, for a mail that the caller sends."""
    user.invited_at = now
    audit.record(
        session, actor=actor, action="account.invited", subject=f"account:{user.public_id}", now=now
    )  # fmt: skip
    return link_to("accounts.invitation", token=links.sign(PURPOSE, user.public_id))


def invited(session: Session, token: str) -> User | None:
    """Whom a link was made for; None when it is forged, too old, used, or the account disabled."""
    public_id = links.read(PURPOSE, token, max_age_s=VALID_DAYS * 86400)
    if public_id is None:
        return None
    return session.scalar(
        select(User).where(
            User.public_id == public_id, User.confirmed_at.is_(None), User.active.is_(True)
        )
    )


def accept(session: Session, user: User, password: str, now: datetime) -> None:
    """Sets the first password. Raises WeakPasswordError with a sentence."""
    user.password = hashed(password, user)
    confirm(session, user, now)


def confirm(session: Session, user: User, now: datetime) -> None:
    """Notes that the address is theirs, and tells whoever asked to be told; once only."""
    if user.confirmed_at is not None:
        return
    user.confirmed_at = now
    audit.record(
        session, actor=user.public_id, action="account.accepted",
        subject=f"account:{user.public_id}", now=now,
    )  # fmt: skip
    for hook in _hooks(current_app):
        hook(session, user, now)


def _hooks(app: Flask) -> list[Accepted]:
    return cast("list[Accepted]", app.extensions.setdefault("account_accepted", []))
