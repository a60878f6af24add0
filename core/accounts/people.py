"""The verbs on accounts: create, change, disable, enable. Each is audited in its transaction."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, object_session

from core import audit
from core.accounts.holders import holders
from core.accounts.models import ROLES, ApiToken, OpenSession, Role, User
from core.accounts.passwords import hashed
from core.i18n import DEFAULT, LANGUAGES, nearest_language
from core.mail import BadAddressError, to_address
from core.phone import BadPhoneError, to_e164
from core.reference.models import Office


class AccountError(ValueError):
    """An account that cannot be as it was asked for; its text says why, to a person."""


@dataclass(frozen=True)
class Details:
    """What somebody says about an account. Empty means: not said."""

    email: str
    roles: tuple[str, ...] = ()
    name: str = ""
    phone: str = ""
    office: str = ""
    language: str = ""


def load_roles(session: Session, _now: datetime) -> str:
    """Makes the six roles of CONTRACT.md; a loader of core.upgrading."""
    there = set(session.scalars(select(Role.name)))
    missing = [name for name in ROLES if name not in there]
    session.add_all(Role(name=name) for name in missing)
    return f"{len(missing)} roles" if missing else ""


def find(session: Session, email: str) -> User | None:
    """The account of this e-mail address, in any spelling; None when there is none."""
    try:
        address = to_address(email)
    except BadAddressError:
        return None
    return session.scalar(select(User).where(User.email == address))


def create(
    session: Session, details: Details, *, actor: str, now: datetime, password: str | None = None
) -> User:
    """A new account, active at once. Raises AccountError, or WeakPasswordError.

    Without `password` nobody can sign in yet: invite them.
    """
    if find(session, details.email):
        raise AccountError(_("There is already an account with this e-mail address."))
    user = User(
        email=_address(details.email), active=True, fs_uniquifier=uuid.uuid4().hex, created_at=now,
        language=DEFAULT, roles=[],
    )  # fmt: skip
    _fill(session, user, details)
    if password is not None:
        user.password, user.confirmed_at = hashed(password, user), now
    session.add(user)
    session.flush()
    _note(session, user, "account.created", actor, now, roles=sorted(details.roles))
    return user


def extend(session: Session, user: User, details: Details, *, actor: str, now: datetime) -> None:
    """Adds the roles of `details` to those `user` has, and overwrites what else it says."""
    together = tuple({role.name for role in user.roles} | set(details.roles))
    change(session, user, Details(**(vars(details) | {"roles": together})), actor=actor, now=now)


def change(session: Session, user: User, details: Details, *, actor: str, now: datetime) -> None:
    """Gives `user` exactly the roles of `details`, and what else it says. Raises AccountError."""
    before = sorted(role.name for role in user.roles)
    if "admin" in before and "admin" not in details.roles:
        _keep_an_admin(session, user)
    _fill(session, user, details)
    after = sorted(details.roles)
    _note(session, user, "account.changed", actor, now, roles=after, roles_before=before)


def disable(session: Session, user: User, *, actor: str, now: datetime) -> None:
    """Ends all of this account's sessions and tokens, for good until it is enabled."""
    _keep_an_admin(session, user)
    user.active = False
    end_sessions(user)
    live = update(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    session.execute(live.values(revoked_at=now))
    _note(session, user, "account.disabled", actor, now)


def enable(session: Session, user: User, *, actor: str, now: datetime) -> None:
    """Lets a disabled account sign in again; its tokens stay revoked."""
    user.active = True
    _note(session, user, "account.enabled", actor, now)


def end_sessions(user: User) -> None:
    """Makes every cookie of this account worthless, also copies of it."""
    user.fs_uniquifier = uuid.uuid4().hex
    if session := object_session(user):
        session.execute(delete(OpenSession).where(OpenSession.user_id == user.id))


def phone_of(text: str) -> str | None:
    """`text` as E.164, None when empty. Raises AccountError."""
    if not text.strip():
        return None
    try:
        return to_e164(text)
    except BadPhoneError as error:
        raise AccountError(
            _("This cannot be a phone number. Write it with its country code: +41 22 555 01 00.")
        ) from error


def _note(
    session: Session, user: User, action: str, actor: str, now: datetime, **payload: list[str]
) -> None:
    audit.record(
        session, actor=actor, action=action, subject=f"account:{user.public_id}", now=now,
        office=user.office_code, **payload,
    )  # fmt: skip


def _address(text: str) -> str:
    try:
        return to_address(text)
    except BadAddressError as error:
        raise AccountError(_("This is not an e-mail address.")) from error


def _fill(session: Session, user: User, details: Details) -> None:
    unknown = set(details.roles) - set(ROLES)
    if unknown:
        raise AccountError(
            _("There is no role %(role)s. Roles: %(roles)s.",
              role=", ".join(sorted(unknown)), roles=", ".join(ROLES))
        )  # fmt: skip
    office = _office(session, details.office)
    user.name = details.name.strip() or user.name or ""
    user.phone = phone_of(details.phone) or user.phone
    user.office_code = office.code if office else user.office_code
    if "focal_point" in details.roles and not user.office_code:
        raise AccountError(_("A focal point needs the code of an office."))
    if details.language in LANGUAGES:
        user.language = details.language
    elif office and not user.id:
        user.language = nearest_language(office.un_language)
    _set_roles(session, user, details.roles)


def _office(session: Session, code: str) -> Office | None:
    if not code.strip():
        return None
    office = session.get(Office, code.strip().upper())
    if office is None:
        raise AccountError(_("There is no office %(code)s.", code=code.strip()))
    return office


def _set_roles(session: Session, user: User, names: Collection[str]) -> None:
    if not names:
        raise AccountError(_("An account needs at least one role."))
    user.roles = list(session.scalars(select(Role).where(Role.name.in_(names))))


def _keep_an_admin(session: Session, user: User) -> None:
    """Refuses when `user` is the last active administrator: nobody could undo it."""
    if not user.is_a("admin"):
        return
    others = holders("admin").where(User.id != user.id)
    if session.scalar(others.limit(1)) is None:
        raise AccountError(_("This is the last administrator. Make somebody else one first."))
