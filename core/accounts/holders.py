"""Who has a role: the accounts to choose from, and those that may be written to."""

from sqlalchemy import Select, select

from core.accounts.models import Role, User


def holders(role: str) -> Select[User]:
    """The active accounts that have `role`, the oldest first."""
    return select(User).where(User.active, User.roles.any(Role.name == role)).order_by(User.id)


def reachable_holders(role: str) -> Select[User]:
    """Those of `holders` who took their invitation: no other address is known to be theirs."""
    return holders(role).where(User.confirmed_at.is_not(None))
