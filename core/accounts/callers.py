"""Whoever a token speaks for, as plain values: the account's columns when the request came.

A program's request changes nothing of the account behind its token, so that no object of it has to
be loaded, nor loaded again inside of each transaction.
"""

from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.accounts.models import Role, User, UserRole

# In the order of Caller's fields; its roles come as rows.
COLUMNS = (
    User.id, User.public_id, User.email, User.name, User.phone, User.language, User.office_code,
)  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """An active account that is asking; what flask-login and the rooms want to know of it."""

    id: int
    public_id: str
    email: str
    name: str
    phone: str | None
    language: str
    office_code: str | None
    role_names: frozenset[str]

    active = is_active = is_authenticated = True
    is_anonymous = False

    def is_a(self, *names: str) -> bool:
        """Whether it has one of the roles `names`."""
        return not self.role_names.isdisjoint(names)


Asking: TypeAlias = User | Caller
# One row for each role, and one for an account without any.
STANDING = (
    select(*COLUMNS, Role.name)
    .select_from(User)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .outerjoin(Role, Role.id == UserRole.role_id)
    .where(User.id == bindparam("id"), User.active)
)


def read_anew(session: Session, asking: Asking) -> Asking | None:
    """Who is asking as the account stands in this transaction; None when it was disabled.

    Between the door and a lock that was waited for, roles may have been taken away.
    """
    if isinstance(asking, User):
        return asking  # an object: each transaction reads it anew
    rows = session.connection().execute(STANDING, {"id": asking.id}).all()
    if not rows:
        return None
    return Caller(*rows[0][:-1], frozenset(row[-1] for row in rows if row[-1]))
