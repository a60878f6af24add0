"""Whom a newcomer finds in the vetting queue of the demonstration."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.accounts import people
from core.accounts.models import User
from core.db import writing
from dispatch.demo import applicants, invented, loading
from roster import registrar
from roster.models import Certificate, Paper, VettingCase
from roster.papers import storage
from roster.papers.kinds import kind_of
from roster.rules import casework

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def cases(session: Session) -> dict[str, VettingCase]:
    """The open cases by the name of the applicant."""
    with writing():
        loading.load_people(session, clock.now(session))
    assert not applicants.is_loaded(session)
    with writing():
        applicants.load(session, clock.now(session))
    assert applicants.is_loaded(session)
    found = session.scalars(select(VettingCase)).unique()
    return {case.expert.name: case for case in found}


def vetters(session: Session) -> list[User]:
    found = [people.find(session, f"vetter{number}@demo.example") for number in (1, 2, 3)]
    return [one for one in found if one is not None]


def test_one_is_new_one_half_examined_and_one_ready(
    session: Session, cases: dict[str, VettingCase]
) -> None:
    new, half, ready = (cases[who.name] for who in (
        invented.NEW, invented.HALF, invented.READY))  # fmt: skip
    assert (new.owner, new.steps, new.expert.phone_proved_at) == (None, [], None)
    assert half.owner is not None
    assert len(half.steps) == 3
    assert sorted(one.answered_at is None for one in half.references) == [False, True]
    assert {gap.stage for gap in registrar.missing_in(session, half)} >= {"interview"}
    assert registrar.missing_in(session, ready) == []
    against = [registrar.objection_to(session, ready, one, True) for one in vetters(session)]
    assert against == [casework.EXAMINED_IT, casework.EXAMINED_IT, None]


def test_what_was_found_to_be_there_is_there(
    session: Session, cases: dict[str, VettingCase]
) -> None:
    for case in cases.values():
        papers = session.scalars(select(Paper).where(Paper.expert_id == case.expert_id)).all()
        content = {paper.kind: storage.path_of(paper.stored_as).read_bytes() for paper in papers}
        assert sorted(content) == ["certificate", "cv"]
        assert all(case.expert.name.encode("cp1252") in page for page in content.values())
        assert all(kind_of(page).ending == "pdf" for page in content.values())
        [certificate] = session.scalars(
            select(Certificate).where(Certificate.expert_id == case.expert_id)
        )
        assert certificate.paper is not None
        assert certificate.number.encode() in content["certificate"]
        for step in case.steps:
            assert not re.search("passport|BSAFE|sample|notes|issuer", step.evidence), step.evidence
