"""Finds out whether a phone is its owner's: asks by text, then by a call, at last by a link."""

from dispatch.proving.calls import ask, take_key
from dispatch.proving.ladder import prove_due

__all__ = ["ask", "prove_due", "take_key"]
