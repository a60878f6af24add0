"""The doors of joining: an application page by page, and nominations."""

from roster.joining.views import begin, certificates, cv, place, send, steps
from roster.joining.views.blueprint import bp

__all__ = ["begin", "bp", "certificates", "cv", "place", "send", "steps"]
