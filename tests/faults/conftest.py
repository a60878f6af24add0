"""The application and a provider in which things go wrong."""

from tests.dispatch.conftest import world
from tests.dispatch.messages.conftest import door, environment, post, sandbox

__all__ = ["door", "environment", "post", "sandbox", "world"]
