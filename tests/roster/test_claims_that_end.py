"""A skill's claim counts through its last day and not after it: wherever skills are asked for."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.db import writing
from dispatch.choosing.occupied import busy, load
from dispatch.views.reasons import reason_sentence
from roster import directory
from roster.coverage import count_coverage
from roster.listing import Filters, list_experts
from roster.models import Expert, SkillClaim
from roster.rules import terms
from roster.rules.terms import Need
from tests.factories import make_expert

DAY = timedelta(days=1)
CYBER = Need(46.2, 6.1, (("CIR", 2),), desired=("LEG",), mode="remote")


def _ending_today(session: Session) -> Expert:
    expert = make_expert(session, skills=("CIR", "LEG"))
    with writing():
        for claim in session.scalars(select(SkillClaim)):
            claim.valid_until = clock.now(session).date()
    session.expire_all()
    return expert


def _asked(session: Session, days: int) -> dict[str, Any]:
    now = clock.now(session) + days * DAY
    selects = {"busy": busy(), "load": load()}
    found = directory.nearest(session, CYBER, now, 3, **selects)
    coverage = count_coverage(session, now, **selects)["kinds"]
    return {
        "candidates": [(one.desired, one.facts["skills"]) for one in found],
        "kinds": {row["kind"] for row in coverage if row["deployable_now"]},
        "listed": list_experts(session, Filters(skill="LEG"), now).total,
    }


def test_a_claim_counts_on_its_last_day_and_no_longer_on_the_next(session: Session) -> None:
    _ending_today(session)
    today, tomorrow = _asked(session, 0), _asked(session, 1)
    assert today["candidates"] == [(("LEG",), {"CIR": 2, "LEG": 2})]
    assert "CYB" in today["kinds"]
    assert today["listed"] == 1
    assert tomorrow == {"candidates": [], "kinds": set(), "listed": 0}


def test_whose_claim_has_ended_is_named_with_the_day(session: Session) -> None:
    expert = _ending_today(session)
    now = clock.now(session) + DAY
    counts, named = directory.exclusions(session, CYBER, now, busy=busy(), load=load())
    assert counts == {terms.NO_SKILL: 1}
    last_day = (now - DAY).date()
    assert named[0].id == expert.id
    assert named[0].detail == {"missing": [["CIR", 2]], "ended": {"CIR": last_day.isoformat()}}
    sentence = reason_sentence(terms.NO_SKILL, named[0].detail)
    assert f"certificate ended on {last_day.day} {last_day:%B} {last_day.year}" in sentence


def test_what_the_clock_will_take_away_is_not_waited_for(session: Session) -> None:
    _ending_today(session)
    now = clock.now(session) + DAY
    assert directory.next_available(session, CYBER, now, busy=busy(), load=load()) is None
