"""How much may be begun from one place, and how many mails one address may get; generous.

Counts in the database, so that it holds across processes.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from core.accounts.throttle import count_try, key_of

HOUR_S, DAY_S = 3600, 86_400
DRAFTS_PER_HOUR = 60  # behind a proxy a whole country may have one address
MAILS_PER_DAY = 5
NOMINATIONS_PER_DAY = 30


class TooManyError(Exception):
    """More was begun from one place than people could have."""


def count_draft(session: Session, address: str, now: datetime) -> None:
    """Counts one more draft from the network address. Raises TooManyError."""
    if count_try(session, key_of("application", address), now, HOUR_S) > DRAFTS_PER_HOUR:
        raise TooManyError


def count_nomination(session: Session, account: str, now: datetime) -> None:
    """Counts one more nomination by the account (public id). Raises TooManyError."""
    if count_try(session, key_of("nomination", account), now, DAY_S) > NOMINATIONS_PER_DAY:
        raise TooManyError


def may_mail(session: Session, email: str, now: datetime) -> bool:
    """Counts one more mail of this room to `email`; False when it had enough of them today."""
    return count_try(session, key_of("joining-mail", email), now, DAY_S) <= MAILS_PER_DAY
