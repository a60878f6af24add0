"""The database itself refuses what the verbs refuse, whatever writes to it and whoever asks."""

from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.accounts.models import User
from core.db import writing
from roster import registrar
from roster.models import Application, Expert, VettingCase, VettingStep
from roster.rules import casework, stages, terms
from tests.factories import make_expert, make_user
from tests.roster.casebook import decide, examine, find, make_applicant, make_vetters, open_case


@pytest.fixture
def vetters(session: Session) -> list[User]:
    return make_vetters(session, 4)


@pytest.fixture
def case(session: Session, vetters: list[User]) -> VettingCase:
    """An open case in which the first two vetters have found everything."""
    case = open_case(session, make_applicant(session))
    examine(session, case, *vetters[:2])
    return case


def set_case(session: Session, case: VettingCase, **values: Any) -> None:
    with writing():
        session.execute(update(VettingCase).where(VettingCase.id == case.id).values(values))


def set_expert(session: Session, expert: Expert, **values: Any) -> None:
    with writing():
        session.execute(update(Expert).where(Expert.id == expert.id).values(values))


def tie(session: Session, user: User, expert: Expert, by: str) -> None:
    """Makes the account that of the expert, or just share an address or a phone with it."""
    with writing():
        if by == "account":
            expert.user_id = user.id
        elif by == "email":
            expert.email = user.email.upper()
        else:
            user.phone = expert.phone


@pytest.mark.parametrize("state", [stages.QUALIFIED, stages.REFUSED])
def test_no_case_is_decided_by_who_examined_it(
    session: Session, case: VettingCase, vetters: list[User], state: str
) -> None:
    ended = {"state": state, "decided_at": clock.now()}
    with writing():
        vetters[2].phone, vetters[0].phone = "+15550104", "+15550104"
    for decider in (vetters[0].id, vetters[1].id, vetters[2].id, None):
        with pytest.raises(IntegrityError):
            set_case(session, case, decided_by=decider, **ended)
    set_case(session, case, decided_by=vetters[3].id, **ended)
    assert case.state == state


@pytest.mark.parametrize("by", ["account", "email", "phone"])
def test_no_case_is_examined_or_decided_by_the_applicant(
    session: Session, case: VettingCase, vetters: list[User], by: str
) -> None:
    tie(session, vetters[3], case.expert, by)
    ended = {"state": stages.REFUSED, "decided_at": clock.now()}
    with pytest.raises(IntegrityError, match="decided by"):
        set_case(session, case, decided_by=vetters[3].id, **ended)
    with pytest.raises(IntegrityError, match="examines themself"), writing():
        session.add(VettingStep(case_id=case.id, stage=stages.CONFLICTS, result=stages.PASSED,
                                reviewer_id=vetters[3].id, at=clock.now()))  # fmt: skip


def test_no_appeal_is_decided_by_who_examined_or_decided_before(
    session: Session, case: VettingCase, vetters: list[User]
) -> None:
    decide(session, case, vetters[2], qualified=False)
    with writing():
        appeal = registrar.appeal(session, case, "Please.", actor="applicant", now=clock.now())
    ended = {"state": stages.QUALIFIED, "decided_at": clock.now()}
    for vetter in vetters[:3]:
        with pytest.raises(IntegrityError):
            set_case(session, appeal, decided_by=vetter.id, **ended)
    set_case(session, appeal, decided_by=vetters[3].id, **ended)


def test_what_was_found_stays_but_its_words_can_be_emptied(
    session: Session, case: VettingCase, vetters: list[User]
) -> None:
    step = case.steps[0]
    changes: list[dict[str, Any]] = [
        {"result": stages.FAILED}, {"reviewer_id": vetters[3].id}, {"evidence": "Other."},
        {"stage": stages.CONFLICTS}, {"case_id": 0}, {"score": 5}, {"comment": "More."},
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(IntegrityError), writing():
            session.execute(update(VettingStep).where(VettingStep.id == step.id).values(change))
    with pytest.raises(IntegrityError), writing():
        session.execute(delete(VettingStep).where(VettingStep.id == step.id))
    with writing():
        session.execute(update(VettingStep).values(evidence="", comment=""))
    assert step.evidence == ""


def test_a_decided_case_gets_no_more_findings_and_stays_decided(
    session: Session, case: VettingCase, vetters: list[User]
) -> None:
    decide(session, case, vetters[2], qualified=False)
    with pytest.raises(IntegrityError, match="decided"), writing():
        session.add(VettingStep(case_id=case.id, stage=stages.CONFLICTS, result=stages.PASSED,
                                reviewer_id=vetters[3].id, at=clock.now()))  # fmt: skip
    changes: list[dict[str, Any]] = [
        {"state": stages.QUALIFIED}, {"state": stages.OPEN, "decided_at": None},
        {"decided_by": vetters[3].id}, {"kind": stages.REVIEW},
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(IntegrityError):
            set_case(session, case, **change)
    set_case(session, case, reasons="", comment="")


def test_findings_go_with_their_case_and_their_person(
    session: Session, case: VettingCase, vetters: list[User]
) -> None:
    with writing():
        session.delete(case)
    other = open_case(session, make_applicant(session))
    find(session, other, stages.CONFLICTS, vetters[0])
    with writing():
        session.execute(delete(Expert).where(Expert.id == other.expert_id))
    assert session.scalar(select(func.count()).select_from(VettingStep)) == 0


@pytest.mark.parametrize("by", ["account", "email", "phone"])
@pytest.mark.parametrize("word", ["vetted_by", "approved_by"])
def test_nobody_is_qualified_by_their_own_word(
    session: Session, vetters: list[User], by: str, word: str
) -> None:
    applicant = make_applicant(session)
    tie(session, vetters[0], applicant, by)
    people = {"vetted_by": vetters[1].id, "approved_by": vetters[2].id}
    with pytest.raises(IntegrityError, match="nobody is qualified"):
        set_expert(session, applicant, status=terms.LISTED, **(people | {word: vetters[0].id}))
    set_expert(session, applicant, status=terms.LISTED, **people)
    with pytest.raises(IntegrityError, match="nobody is qualified"):
        set_expert(session, applicant, **{word: vetters[0].id})


def test_nobody_begins_or_comes_back_by_their_own_word(
    session: Session, vetters: list[User]
) -> None:
    first, second = vetters[:2]
    own: dict[str, Any] = {"vetted_by": first.id, "approved_by": second.id}
    with pytest.raises(IntegrityError, match="nobody is qualified"):
        make_expert(session, user_id=first.id, **own)
    expired = make_expert(session, status=terms.EXPIRED, user_id=first.id, **own)
    with pytest.raises(IntegrityError, match="nobody is qualified"):
        set_expert(session, expired, status=terms.QUALIFIED)
    present = make_expert(session, **own)
    with pytest.raises(IntegrityError, match="nobody is qualified"):
        set_expert(session, present, user_id=second.id)
    set_expert(session, present, user_id=make_user(session, "expert").id)


def test_nobody_is_approved_past_their_open_case_by_who_examined_it(
    session: Session, case: VettingCase, vetters: list[User]
) -> None:
    with pytest.raises(IntegrityError, match="nobody is qualified"):
        set_expert(session, case.expert, status=terms.QUALIFIED, vetted_by=vetters[3].id,
                   approved_by=vetters[0].id)  # fmt: skip
    assert case.expert.status == terms.APPLICANT


def vouch(session: Session, who: User, expert: Expert, how: str, open_for: VettingCase) -> None:
    """`who` speaks for the expert, as a coordinator or as a referee."""
    with writing():
        now = clock.now(session)
        if how == "referee":
            registrar.name_reference(
                session, open_for, "A. Referee", who.email.upper(), actor="system", now=now
            )
            return
        asked = {"name": "N", "language": "en", "reason": "Good."}
        email = expert.email if how == "address" else "another@example.org"
        nomination = registrar.nominate(session, who, email=email, **asked, now=now)
        if how == "draft":
            sent = {"started_at": now, "updated_at": now, "sent_at": now}
            session.add(
                Application(email=email, nomination_id=nomination.id, expert_id=expert.id, **sent)
            )


@pytest.mark.parametrize("how", ["referee", "address", "draft"])
@pytest.mark.parametrize("state", [stages.QUALIFIED, stages.REFUSED])
def test_no_case_is_decided_by_who_nominated_the_applicant_or_is_their_referee(
    session: Session, case: VettingCase, vetters: list[User], state: str, how: str
) -> None:
    vouch(session, vetters[2], case.expert, how, case)
    ended = {"state": state, "decided_at": clock.now()}
    with pytest.raises(IntegrityError, match="has not spoken for the applicant"):
        set_case(session, case, **ended, decided_by=vetters[2].id)
    set_case(session, case, **ended, decided_by=vetters[3].id)


@pytest.mark.parametrize("how", ["referee", "address", "draft"])
def test_nobody_is_let_in_by_who_nominated_them_or_is_their_referee(
    session: Session, case: VettingCase, vetters: list[User], how: str
) -> None:
    vouch(session, vetters[2], case.expert, how, case)
    let_in = {"status": terms.QUALIFIED, "vetted_by": vetters[0].id}
    with pytest.raises(IntegrityError, match="who has spoken for them"):
        set_expert(session, case.expert, **let_in, approved_by=vetters[2].id)
    with pytest.raises(registrar.CaseError) as refusal:
        registrar.check_approver(session, case.expert, vetters[2])
    assert refusal.value.reason == casework.VOUCHED
    set_expert(session, case.expert, **let_in, approved_by=vetters[3].id)
