"""Makes an account nobody's: without name, address and phone, and nobody can enter it again.

The row stays under its ids, so that whatever was done through it stays told apart.
"""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import audit
from core.accounts.models import ApiToken, SecondFactor, User
from core.accounts.people import end_sessions

NOWHERE = "erased.invalid"  # a domain that never exists (RFC 2606)


def nowhere_address(public_id: str) -> str:
    """An address that leads nowhere and is nobody else's."""
    return f"{public_id}@{NOWHERE}"


def erase_account(session: Session, user: User, *, actor: str, now: datetime) -> None:
    """Empties `user`, ends its sessions and tokens, and disables it for good."""
    user.email, user.name, user.phone = nowhere_address(user.public_id), "", None
    user.active, user.on_duty, user.password, user.office_code = False, False, None, None
    user.language, user.roles = "en", []
    end_sessions(user)
    session.execute(delete(ApiToken).where(ApiToken.user_id == user.id))
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    audit.record(
        session, actor=actor, action="account.erased", subject=f"account:{user.public_id}", now=now
    )
