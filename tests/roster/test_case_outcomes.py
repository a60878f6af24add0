"""What decisions do to a standing: renewals, reviews, certificates, files; panel and listing."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.accounts.models import User
from core.db import db, writing
from roster import registrar
from roster.interchange import Outcome, import_roster, read_vetting
from roster.models import Certificate, Expert, VettingCase
from roster.rules import stages, terms
from tests.factories import make_expert
from tests.roster.casebook import decide, examine, find, open_case, refused

ACTOR = "somebody"


def test_a_skill_counts_as_long_as_its_certificate(
    session: Session, case: VettingCase, expert: Expert, vetters: list[User]
) -> None:
    with writing():
        for day in (date(2030, 1, 31), date(2031, 1, 31)):
            session.add(Certificate(expert_id=expert.id, name="MBCI", skill="BCP", expires_on=day))
    examine(session, case, *vetters[:2])
    decide(session, case, vetters[2])
    ends = {claim.skill: claim.valid_until for claim in expert.skills}
    assert ends == {"BCP": date(2031, 1, 31), "CIR": None}


def test_a_skill_that_had_ended_without_a_certificate_counts_again_once_it_is_found(
    session: Session, case: VettingCase, expert: Expert, vetters: list[User]
) -> None:
    with writing():
        for claim, day in zip(expert.skills, (date(2025, 1, 31), date(2035, 1, 31)), strict=True):
            claim.valid_until = day
    examine(session, case, *vetters[:2])
    decide(session, case, vetters[2])
    assert [claim.valid_until for claim in expert.skills] == [None, date(2035, 1, 31)]


def test_a_renewal_extends_who_expired_and_a_refused_one_ends_in_expired(
    session: Session, vetters: list[User]
) -> None:
    listed, other = (
        make_expert(session, phone_proved_at=clock.now(), listed_at=date(2025, 1, 1),
                    iproc_reference="C-1", valid_until=date(2026, 1, 1))
        for _ in range(2)
    )  # fmt: skip
    with writing():
        registrar.expire(session, listed, "validity", actor="system", now=clock.now())
    case = open_case(session, listed, stages.RENEWAL)
    examine(session, case, *vetters[:2])
    decide(session, case, vetters[2], valid_until=clock.now().date() + timedelta(days=90))
    assert (listed.status, listed.listed_at) == (terms.QUALIFIED, None)
    assert listed.valid_until == clock.now().date() + timedelta(days=90)
    assert listed.approved_by == vetters[2].id
    refused(session, open_case(session, other, stages.RENEWAL), vetters)
    assert other.status == terms.EXPIRED


def test_a_refused_review_of_somebody_suspended_lets_nobody_back(
    session: Session, vetters: list[User]
) -> None:
    expert = make_expert(session)
    with writing():
        registrar.suspend(session, expert, "A complaint", actor=ACTOR, now=clock.now())
    refused(session, open_case(session, expert, stages.REVIEW), vetters)
    with writing():
        registrar.reinstate(session, expert, actor=ACTOR, now=clock.now())
    assert expert.status == terms.EXPIRED


def test_a_good_review_takes_skills_but_gives_no_standing(
    session: Session, vetters: list[User]
) -> None:
    expert = make_expert(session, skills={"BCP": 3, "CIR": 3})
    before = (expert.status, expert.valid_until, expert.approved_by)
    case = open_case(session, expert, stages.REVIEW)
    find(session, case, stages.TECHNICAL, vetters[0], stages.FAILED, subject="CIR")
    decide(session, case, vetters[1])
    assert [claim.skill for claim in expert.skills] == ["BCP"]
    assert (expert.status, expert.valid_until, expert.approved_by) == before


def test_panel_and_listing_are_states_of_their_own(
    session: Session, expert: Expert, vetters: list[User]
) -> None:
    now, today = clock.now(), clock.now().date()
    qualified = make_expert(session, status=terms.QUALIFIED)
    with writing():
        registrar.join_panel(session, qualified, actor=ACTOR, now=now)
        assert (qualified.status, qualified.panel_since) == (terms.QUALIFIED, today)
        registrar.list_in_iproc(session, qualified, " C-7 ", today, actor=ACTOR, now=now)
        assert (qualified.status, qualified.iproc_reference) == (terms.LISTED, "C-7")
        registrar.leave_panel(session, qualified, actor=ACTOR, now=now)
        registrar.delist(session, qualified, actor=ACTOR, now=now)
    assert (qualified.status, qualified.panel_since, qualified.listed_at) == (
        terms.QUALIFIED, None, None,
    )  # fmt: skip
    lapsed = make_expert(session, status=terms.QUALIFIED, valid_until=today - timedelta(days=1))
    for nobody in (expert, lapsed):
        with pytest.raises(registrar.CaseError), writing():
            registrar.join_panel(session, nobody, actor=ACTOR, now=now)
        with pytest.raises(registrar.CaseError), writing():
            registrar.list_in_iproc(session, nobody, "C-8", today, actor=ACTOR, now=now)


def imported(folder: Path, email: str, first: str, second: str) -> Outcome:
    """What became of a file in which two vetters say that somebody is qualified."""
    path = folder / "roster.csv"
    path.write_text(f"email,status\n{email},qualified\n")
    vetting = read_vetting(db.session(), first, second, "Panel of 3 May.")
    *_rest, outcome = import_roster(path, vetting)
    return outcome


def test_a_file_ends_the_open_case_but_not_by_who_examined_it(
    session: Session, case: VettingCase, vetters: list[User], tmp_path: Path
) -> None:
    find(session, case, stages.CONFLICTS, vetters[0])
    number, email = case.id, case.expert.email
    first, second, _third = (user.email for user in vetters)
    outcome = imported(tmp_path, email, second, first)
    assert outcome.refused == [(2, "who approves has examined this person's open case")]
    assert session.get_one(VettingCase, number).state == stages.OPEN
    assert imported(tmp_path, email, first, second).changed == 1
    case = session.get_one(VettingCase, number)
    assert (case.state, case.expert.status) == (stages.DROPPED, terms.QUALIFIED)
