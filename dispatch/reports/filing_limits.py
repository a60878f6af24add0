"""How many requests may be filed from one place without signing in; generous, but not endless.

Whoever is signed in is never held up. Counts in the database, so that it holds across processes.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from core.accounts.throttle import count_try, key_of

MOST, WINDOW_S = 30, 3600


class TooManyRequestsError(Exception):
    """More unconfirmed requests came from one address than an office could have."""


def count_unconfirmed(session: Session, address: str, office: str, now: datetime) -> None:
    """Counts one more request for `office` by a stranger at `address`, in its transaction.

    By office, since behind a proxy or a satellite link all the world has one address. Raises
    TooManyRequestsError, and then the transaction files nothing and counts nothing.
    """
    if count_try(session, key_of("crisis-form", f"{address} {office}"), now, WINDOW_S) > MOST:
        raise TooManyRequestsError
