"""Ties an expert to an account, by an invitation to the expert's own address and no other way."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts import people
from core.accounts.invitations import invite, make_link
from core.accounts.models import User
from core.accounts.people import AccountError, Details
from core.i18n import nearest_language
from core.web import link_to
from roster.models import Expert
from roster.registrar.news import tell

ROLE = "expert"


@dataclass(frozen=True)
class WayIn:
    """How an expert gets to their own page: by `link`, which `is_new` when it sets a password.

    `against`: why there is none yet, as a sentence for HR; then there is no link.
    """

    link: str = ""
    is_new: bool = False
    against: str = ""


def invite_expert(session: Session, expert: Expert, *, actor: str, now: datetime) -> User:
    """Mails the expert an invitation; the account becomes theirs when they accept it.

    Somebody who has an account under this address has proved that it is theirs, and is linked at
    once. Raises core.accounts.people.AccountError.
    """
    user = _account_of(session, expert, actor, now)
    if user.confirmed_at is None:
        invite(session, user, now, actor)
    return user


def open_way_in(session: Session, expert: Expert, *, actor: str, now: datetime) -> WayIn:
    """The same for somebody who is written to anyway: the link goes into the caller's mail.

    Never raises an AccountError: that an account cannot be made undoes nothing else.
    """
    if expert.user_id is not None:
        return WayIn(link_to("security.login"))
    try:
        with session.begin_nested():
            user = _account_of(session, expert, actor, now)
            if user.confirmed_at is not None:
                return WayIn(link_to("security.login"))
            return WayIn(make_link(session, user, now, actor), is_new=True)
    except AccountError as error:
        return WayIn(against=str(error))


def _account_of(session: Session, expert: Expert, actor: str, now: datetime) -> User:
    user = people.find(session, expert.email)
    if user is None:
        details = Details(
            email=expert.email, roles=(ROLE,), name=expert.name, phone=expert.phone,
            language=nearest_language(expert.language),
        )  # fmt: skip
        return people.create(session, details, actor=actor, now=now)
    _check_free(session, expert, user)
    if not user.is_a(ROLE):
        people.extend(session, user, Details(email=user.email, roles=(ROLE,)), actor=actor, now=now)
    if user.confirmed_at is not None:
        link_account(session, expert, user, actor=actor, now=now)
    return user


def _check_free(session: Session, expert: Expert, user: User) -> None:
    if not user.active:
        raise AccountError(_("The account with this e-mail address is disabled."))
    other = select(Expert.id).where(Expert.user_id == user.id, Expert.id != expert.id)
    if session.scalar(other) is not None:
        raise AccountError(_("The account with this e-mail address belongs to another expert."))


def link_accepted(session: Session, user: User, now: datetime) -> None:
    """A hook of `core.accounts.invitations`: whoever accepts an account gets the expert's entry."""
    if not user.is_a(ROLE):
        return
    expert = session.scalar(select(Expert).where(Expert.email == user.email))
    if expert is not None:
        link_account(session, expert, user, actor=user.public_id, now=now)


def link_account(
    session: Session, expert: Expert, user: User, *, actor: str, now: datetime
) -> None:
    """Makes `user` the account of `expert`, who keeps an account that they have already."""
    if expert.user_id is None:
        expert.user_id = user.id
        tell(session, expert, "account_linked", actor=actor, now=now, account=user.public_id)
