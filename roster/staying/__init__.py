"""Staying on the roster: what a worker sees to by itself, every minute, and the experts' answer.

`remind` and `expire` are turns; each costs what is due, and done again it does nothing.
"""

from datetime import datetime

from roster.staying.digest import send_digests
from roster.staying.expiring import expire_due as expire
from roster.staying.looking import look_at_due
from roster.staying.referees import remind_referees

__all__ = ["expire", "remind"]


def remind(now: datetime) -> int:
    """Tells everybody what is due at `now`, experts, referees and HR; how many were told."""
    return look_at_due(now) + remind_referees(now) + send_digests(now)
