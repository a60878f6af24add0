"""Accounts, roles, open sessions, second factors and API tokens, as Flask-Security wants them."""

from datetime import datetime

from flask_security import AsaList, RoleMixin, UserMixin, verify_password
from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UTCDateTime, public_id

ROLES = ("focal_point", "expert", "vetter", "duty_officer", "admin", "auditor")


class UserRole(Base):
    """Who has which role."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), primary_key=True)


class Role(Base, RoleMixin):
    """One of the six roles of CONTRACT.md."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str | None] = mapped_column(String(255))
    permissions: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))


class User(Base, UserMixin):
    """Somebody who may sign in. `email` is kept trimmed and case-folded."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    language: Mapped[str] = mapped_column(String(12), default="en")
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"), index=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    invited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    on_duty: Mapped[bool] = mapped_column(Boolean, default=True)

    roles: Mapped[list[RoleMixin]] = relationship("Role", secondary="user_role", lazy="selectin")

    @property
    def role_names(self) -> frozenset[str]:
        """What this account's roles are called."""
        return frozenset(role.name for role in self.roles)

    def is_a(self, *names: str) -> bool:
        """Whether this account is active and has one of the roles `names`."""
        return bool(self.active) and not self.role_names.isdisjoint(names)

    def verify_and_update_password(self, password: str) -> bool:
        """Whether `password` is this account's. Updates nothing: who only reads never writes."""
        return self.password is not None and bool(verify_password(password, self.password))


class OpenSession(Base):
    """Somebody signed in on one device. Only the SHA-256 of the cookie's secret is kept.

    Whoever still owes the second step (`proved_at` is empty, and `asks_code` or a role that must
    have one) is nobody yet. A row that is deleted ends the session in every process.
    """

    __tablename__ = "open_session"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    way: Mapped[str] = mapped_column(String(20))
    browser: Mapped[str] = mapped_column(String(20), default="")
    system: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asks_code: Mapped[bool] = mapped_column(Boolean, default=False)
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SecondFactor(Base):
    """The secret that an account shares with the app on somebody's phone, encrypted.

    `last_step` is the time step (RFC 6238) of the last code that was taken: it and all before it
    are used up.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str] = mapped_column(String(400))
    salt: Mapped[str] = mapped_column(String(32))
    last_step: Mapped[int] = mapped_column(BigInteger)
    set_up_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RecoveryCode(Base):
    """A code that stands in for a lost phone, once: its argon2id with the factor's salt."""

    __tablename__ = "recovery_code"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("second_factor.user_id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)


class ApiToken(Base):
    """A token for the API; only its SHA-256 is kept, and it is shown once."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(lazy="joined")


class Throttle(Base):
    """How often something was tried in a window: limits that hold across processes."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    count: Mapped[int] = mapped_column(Integer, default=0)
