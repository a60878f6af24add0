"""Answers: what experts and offices say to us, and what came of it."""

from dispatch.answers.offers import answer_offer, withdraw_offer

__all__ = ["answer_offer", "withdraw_offer"]
