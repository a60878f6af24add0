"""How much may come from one place, and how much may go to one address or phone; generous.

Counts in the database, so that it holds across processes.
"""

from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from core.accounts.throttle import count_try, key_of, tries
from core.limits import Limits
from core.settings import Settings

HOUR_S, DAY_S = 3600, 86_400
DRAFTS_PER_HOUR = 60  # behind a proxy a whole country may have one address
MAILS_PER_DAY = 5  # of one kind to one address
LINKS_PER_PLACE = 2  # mails to one address that were asked for from one place
NOMINATIONS_PER_DAY = 30
APPLICATIONS_PER_PHONE = 3
PLACE_SHARE = 4  # one place may use up a quarter of what all may hand in
KB_PER_MB = 1_000
PROOFS = "applicants-proofs"


class TooManyError(Exception):
    """More came from one place than people could have."""


def count_draft(session: Session, address: str, now: datetime) -> None:
    """Counts one more draft from the network address. Raises TooManyError."""
    if count_try(session, key_of("application", address), now, HOUR_S) > DRAFTS_PER_HOUR:
        raise TooManyError


def count_sent(session: Session, address: str, phone: str, now: datetime) -> None:
    """Counts one more application that is sent, each of which texts to its phone.

    By the network address, and by the phone: it may be somebody else's. Raises TooManyError.
    """
    from_there = count_try(session, key_of("application-sent", address), now, DAY_S)
    to_phone = count_try(session, key_of("application-phone", phone), now, DAY_S)
    if from_there > _limits().applications_per_address or to_phone > APPLICATIONS_PER_PHONE:
        raise TooManyError


def count_upload(session: Session, address: str, size: int, now: datetime) -> None:
    """Counts a file of `size` bytes from the network address. Raises TooManyError."""
    kb = -(-size // 1000)
    most = _limits().upload_mb_per_day * KB_PER_MB
    from_there = count_try(session, key_of("uploads-from", address), now, DAY_S, kb)
    if from_there > most // PLACE_SHARE or (
        count_try(session, key_of("uploads"), now, DAY_S, kb) > most
    ):
        raise TooManyError


def count_nomination(session: Session, account: str, now: datetime) -> None:
    """Counts one more nomination by the account (public id). Raises TooManyError."""
    if count_try(session, key_of("nomination", account), now, DAY_S) > NOMINATIONS_PER_DAY:
        raise TooManyError


def may_mail(session: Session, email: str, letter: str, now: datetime) -> bool:
    """Counts one more mail `letter` to `email`; False when it had enough of them today."""
    return count_try(session, key_of("joining-mail", letter, email), now, DAY_S) <= MAILS_PER_DAY


def may_ask_for_link(
    session: Session, email: str, address: str, now: datetime, *, is_reader: bool
) -> bool:
    """Counts that the link of `email` was asked for from the network address; False: not now.

    One place cannot use up what the address may get. `is_reader`: the browser has opened a link
    that was mailed there; what is kept for those nobody else can use up.
    """
    if is_reader:
        return may_mail(session, email, "own-link", now)
    here = key_of("link-asked", email, address)
    if count_try(session, here, now, DAY_S) > LINKS_PER_PLACE:
        return False
    return may_mail(session, email, "link", now)


def count_proof(session: Session, now: datetime) -> bool:
    """Counts one more text or call to an applicant's phone; False when there were enough today."""
    if proofs_left(session, now) <= 0:
        return False
    count_try(session, key_of(PROOFS), now, DAY_S)
    return True


def proofs_left(session: Session, now: datetime) -> int:
    """How many texts and calls that prove applicants' phones may still leave at `now`."""
    return _limits().applicant_messages - tries(session, key_of(PROOFS), now, DAY_S)


def _limits() -> Limits:
    settings: Settings = current_app.extensions["settings"]
    return settings.limits
