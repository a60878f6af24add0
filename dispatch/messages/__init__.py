"""Leaves messages to be sent: rows, written in the transaction of whatever caused them.

Sends nothing and decides nothing about a request: whom to tell and why is the caller's.
"""

from dispatch.messages.experts import has_left, notify_expert
from dispatch.messages.offers import OFFER, offer_attempts
from dispatch.messages.proofs import PROOF, proof_attempt
from dispatch.messages.staff import answer_text, send_test_text, tell_duty_officers, tell_office

__all__ = [
    "OFFER",
    "PROOF",
    "answer_text",
    "has_left",
    "notify_expert",
    "offer_attempts",
    "proof_attempt",
    "send_test_text",
    "tell_duty_officers",
    "tell_office",
]
