"""Calls for help, and whatever people decide about them, from filing to closing."""

from dispatch.intake.changes import amend
from dispatch.intake.filing import (
    Filed,
    IdempotencyConflictError,
    file_request,
    may_ask,
    possible_duplicates,
)
from dispatch.intake.moves import cancel, close, confirm, pause, resume

__all__ = [
    "Filed",
    "IdempotencyConflictError",
    "amend",
    "cancel",
    "close",
    "confirm",
    "file_request",
    "may_ask",
    "pause",
    "possible_duplicates",
    "resume",
]
