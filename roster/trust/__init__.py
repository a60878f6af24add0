"""What the people on the roster can trust in: who saw them, what is kept, and that it ends."""

from roster.trust.download import add_collector, collect
from roster.trust.sightings import API, DOWNLOAD, EXPORT, PAGE, PAPER, init_app, saw

__all__ = [
    "API", "DOWNLOAD", "EXPORT", "PAGE", "PAPER", "add_collector", "collect", "init_app", "saw",
]  # fmt: skip
