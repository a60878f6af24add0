"""Ties an expert to an account, by an invitation to the expert's own address and no other way."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts import people
from core.accounts.invitations import invite
from core.accounts.models import User
from core.accounts.people import Details
from core.i18n import nearest_language
from roster.models import Expert
from roster.registrar.news import tell

ROLE = "expert"


def invite_expert(session: Session, expert: Expert, *, actor: str, now: datetime) -> User:
    """Mails the expert an invitation; the account becomes theirs when they accept it.

    Somebody who has an account under this address has proved that it is theirs, and is linked at
    once. Raises core.accounts.people.AccountError.
    """
    user = people.find(session, expert.email)
    if user is None:
        details = Details(
            email=expert.email, roles=(ROLE,), name=expert.name, phone=expert.phone,
            language=nearest_language(expert.language),
        )  # fmt: skip
        user = people.create(session, details, actor=actor, now=now)
    elif not user.is_a(ROLE):
        people.extend(session, user, Details(email=user.email, roles=(ROLE,)), actor=actor, now=now)
    if user.confirmed_at is None:
        invite(session, user, now, actor)
    else:
        link_account(session, expert, user, actor=actor, now=now)
    return user


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
