"""The expert's own page: whether they are asked, when they can be, what is stored of them.

It shows what the roster and dispatch know, and calls their verbs; nothing is decided here.
"""

from dispatch.me import (
    availability,
    channels,
    erasure,
    feed,
    hours,
    limits,
    overview,
    own_data,
    place,
)
from dispatch.me.blueprint import bp

__all__ = [
    "availability",
    "bp",
    "channels",
    "erasure",
    "feed",
    "hours",
    "limits",
    "overview",
    "own_data",
    "place",
]
