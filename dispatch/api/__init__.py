"""The JSON door (`/api/v1`), to the letter of the contract; described by openapi.json."""

from dispatch.api import crises, lookups, moves, openapi
from dispatch.api.blueprint import bp

__all__ = ["bp", "crises", "lookups", "moves", "openapi"]
