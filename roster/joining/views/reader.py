"""Whose mails the reader of this browser has: they came by a link that was mailed to that address.

Kept in the session's signed cookie, as a digest. It opens nothing: it says only that this browser
does not belong to a stranger.
"""

from flask import session as cookie

from core.accounts.throttle import key_of

READ = "reads_mails_of"


def note_reader(email: str) -> None:
    """The browser came by a link that was mailed to `email`."""
    cookie[READ] = key_of("reader", email)


def has_read_mails_of(email: str) -> bool:
    """Whether the browser came by a link that was mailed to `email`, the last time it did."""
    return bool(cookie.get(READ) == key_of("reader", email))
