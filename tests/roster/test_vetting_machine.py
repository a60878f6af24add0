"""No sequence of calls by any roles makes anybody deployable who was not examined by two.

Broken on purpose, one at a time; it went red each time:

1. `casework.missing` forgets a stage.
2. The first finding of a stage counts, not the latest.
3. Two accounts of one human (one phone) make a panel.
4. One interviewer is a panel.
5. The panel's scores do not matter.
6. One reference is enough.
7. A reference against does not matter.
8. An unproved phone does not matter.
9. A claimed skill need not be looked at.
10. A skill of which more was asked for passes.
11. Examiners decide (the database still refuses, and that is noticed too).
12. Applicants decide (likewise).
13. What is incomplete is good enough.
14. Who decided a case decides the appeal (the database still refuses).
15. `same_person` does not compare phones.
16. A refused renewal changes nothing.
17. Anybody decides, whatever their role, and whether their account is disabled.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.db import writing
from tests.factories import make_user
from tests.roster.vetting_machine import Lives
from tests.roster.vetting_world import PEOPLE

LONG_RUN = int(os.environ.get("LIVES", "1000"))
EASY = settings(
    max_examples=25, stateful_step_count=12, derandomize=True,
    print_blob=True, database=None,
    suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
)  # fmt: skip
ROLES = {"officer": "duty_officer", "admin": "admin"}


@pytest.fixture
def lives(session: Session, tmp_path: Path) -> type[Lives]:
    """The machine, with its ten accounts in the database."""
    users: dict[str, User] = {}
    for number, name in enumerate(PEOPLE):
        users[name] = make_user(
            session, ROLES.get(name, "vetter"), name=name, phone=f"+155501{number:02}"
        )
    with writing():
        users["twin"].phone, users["gone"].active = users["ann"].phone, False
    Lives.folder, Lives.tally = tmp_path, {}
    return Lives


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_is_deployable_without_every_stage_and_two_people(lives: type[Lives]) -> None:
    run_state_machine_as_test(lives, settings=EASY)
    # Lives in which nobody is ever let in would prove nothing.
    assert lives.tally.keys() >= {"application", "renewal"}, lives.tally


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
def test_no_life_of_a_long_campaign_gets_past_the_vetting(lives: type[Lives]) -> None:
    run_state_machine_as_test(lives, settings=settings(EASY, max_examples=LONG_RUN))
    assert lives.tally.keys() >= {"application", "import", "renewal", "appeal"}, lives.tally
