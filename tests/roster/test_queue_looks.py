"""What the queue asks of the database: for few cases those alone, and no more for a longer page."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from core import clock
from roster import registrar
from roster.vetting.queue import PLENTY, Filters, list_cases, page_query
from roster.vetting.scarce import Scarce, look
from roster.vetting.waiting import DECISION
from tests.roster.test_queue import (
    STORIES,
    TODAY,
    due,
    everything_has_passed,
    nothing_was_found_yet,
    plan_of,
)


@pytest.mark.parametrize("name", STORIES)
def test_looking_from_the_few_finds_the_same_as_going_through_the_queue(
    session: Session, name: str
) -> None:
    nothing_was_found_yet(session)
    STORIES[name](session)
    everything_has_passed(session)
    for filters in (Filters(stage=DECISION), Filters(region="TDC"), Filters(region="LAC")):
        scarce = look(session, region=filters.region, stage=filters.stage)
        assert scarce != PLENTY
        queries = [page_query(filters, me=1, today=TODAY, scarce=one) for one in (scarce, PLENTY)]
        few, plenty = ([case.id for case in session.scalars(one).unique()] for one in queries)
        assert few == plenty


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_few_are_looked_up_and_no_case_beside_them(session: Session) -> None:
    plan = plan_of(session, Filters(region="LAC", owner="nobody"), Scarce(people=True))
    assert "ix_expert_region" in plan
    assert "ix_vetting_case_expert_id" in plan or "uq_vetting_case_open" in plan
    plan = plan_of(session, Filters(stage=DECISION), Scarce(examined=True))
    assert "USING INTEGER PRIMARY KEY (rowid=?)" in plan
    assert "ix_vetting_step_stage" in plan


def test_a_longer_page_takes_no_more_queries(session: Session) -> None:
    for _number in range(6):
        due(session, TODAY)
    assert queries_of(session, size=2) == queries_of(session, size=6)


def queries_of(session: Session, size: int) -> int:
    """How many queries a page of `size` cases takes, with what is missing in each."""
    session.rollback()
    session.expunge_all()
    clock.now(session)
    said: list[str] = []

    def note(*given: Any) -> None:
        said.append(given[2])

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    page = list_cases(session, Filters(), me=0, today=TODAY, size=size)
    for case in page.cases:
        registrar.missing_in(session, case)
    event.remove(engine, "before_cursor_execute", note)
    assert len(page.cases) == size
    return len(said)
