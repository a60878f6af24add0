"""The world in which the tests of dispatch play."""

import pytest
from sqlalchemy.orm import Session

from tests.dispatch.world import World


@pytest.fixture
def world(session: Session) -> World:
    """Offices, people, experts and time."""
    return World()
