"""No history that Hypothesis can think of breaks a promise of dispatch.

When one is found it is printed as it is, not shrunk: each step costs real transactions.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.orm import Session

from core import audit
from tests.dispatch.histories import Histories

STEPS = 40
LONG_RUN = int(os.environ.get("HISTORIES", "400"))  # so many histories for each database
EASY = settings(
    max_examples=8, stateful_step_count=STEPS, print_blob=True, database=None,
    suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
)  # fmt: skip


@pytest.mark.timeout(600)  # 13 s of CPU
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_history_breaks_a_promise(session: Session) -> None:
    run_state_machine_as_test(Histories, settings=EASY)
    assert audit.verify(session) is None


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
def test_no_history_of_a_long_campaign_breaks_a_promise(session: Session) -> None:
    run_state_machine_as_test(Histories, settings=settings(EASY, max_examples=LONG_RUN))
    assert audit.verify(session) is None
