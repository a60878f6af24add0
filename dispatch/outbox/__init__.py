"""What leaves us: claimed, handed over, stored, and looked up when its outcome is not known.

The calls to the provider hold no row and no transaction.
"""

from dispatch.outbox.overdue import ask_about_silent
from dispatch.outbox.receipts import record_receipt
from dispatch.outbox.reconcile import reconcile
from dispatch.outbox.ringing import stop_ringing
from dispatch.outbox.send import close, finish, send_due

__all__ = [
    "ask_about_silent",
    "close",
    "finish",
    "reconcile",
    "record_receipt",
    "send_due",
    "stop_ringing",
]
