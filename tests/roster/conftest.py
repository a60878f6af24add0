"""Three vetters, an applicant and their open case, for whoever tests how a case goes on."""

import pytest
from sqlalchemy.orm import Session

from core.accounts.models import User
from roster.models import Expert, VettingCase
from tests.roster.casebook import make_applicant, make_vetters, open_case


@pytest.fixture
def vetters(session: Session) -> list[User]:
    return make_vetters(session)


@pytest.fixture
def expert(session: Session) -> Expert:
    return make_applicant(session, skills={"BCP": 2, "CIR": 2}, language="fr")


@pytest.fixture
def case(session: Session, expert: Expert) -> VettingCase:
    return open_case(session, expert)
