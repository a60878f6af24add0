"""What a story needs: the application, the pretend provider with its phones, and time."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.dispatch.conftest import world
from tests.dispatch.messages.conftest import door, environment, post, sandbox
from tests.dispatch.messages.post import Post
from tests.dispatch.provider import Door
from tests.dispatch.world import World
from tests.stories.story import Story

__all__ = ["door", "environment", "post", "sandbox", "story", "world"]


@pytest.fixture
def story(app: Flask, client: FlaskClient, world: World, post: Post, door: Door) -> Story:
    """A world with an office, a duty officer and a provider, in which things happen."""
    return Story(app, client, world, post, door)
