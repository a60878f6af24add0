"""Answers: what experts and offices say to us, and what came of it."""

from dispatch.answers.offers import answer_offer, withdraw_offer
from dispatch.answers.texts import record_reply

__all__ = ["answer_offer", "record_reply", "withdraw_offer"]
