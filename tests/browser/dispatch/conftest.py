"""The world, its provider and phones, beside the browser; and who is signed in there."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from core.accounts.models import User
from tests.stories.conftest import door, environment, post, sandbox, story, world
from tests.web.visitors import Visitor

__all__ = ["door", "environment", "post", "sandbox", "story", "world"]
SignIn = Callable[[Page, User], None]


@pytest.fixture
def sign_in(app: Flask, site: str) -> SignIn:
    """`sign_in(page, user)`: as after the sign-in page, whose own test is elsewhere."""

    def put(page: Page, user: User) -> None:
        cookie = Visitor(app, user).client.get_cookie("session")
        assert cookie is not None
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": site}])

    return put
