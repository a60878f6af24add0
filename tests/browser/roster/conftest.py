"""Who is signed in at the roster's doors, and what is wrong with a page."""

from tests.browser.conftest import Look
from tests.browser.dispatch.conftest import sign_in

__all__ = ["Look", "sign_in"]
