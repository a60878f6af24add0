"""The verbs of vetting: from an application to a decision and an appeal."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock, links
from core.accounts.models import User
from core.audit import AuditRow, verify
from core.db import writing
from core.mail import Mail
from roster import registrar
from roster.models import Expert, VettingCase, VettingStep
from roster.rules import casework, stages, terms
from roster.rules.vetting import default_validity
from tests.factories import make_expert, make_user
from tests.roster import casebook
from tests.roster.casebook import decide, examine, find, make_vetters, open_case, refused

ACTOR = "somebody"


def mails_to(session: Session, expert: Expert) -> list[str]:
    return list(session.scalars(select(Mail.body).where(Mail.to == expert.email)))


def test_two_examine_and_a_third_lets_the_applicant_in(
    session: Session, case: VettingCase, expert: Expert, vetters: list[User]
) -> None:
    examine(session, case, *vetters[:2])
    find(session, case, stages.TECHNICAL, vetters[0], stages.FAILED, subject="CIR")
    decide(session, case, vetters[2])
    assert expert.status == terms.QUALIFIED
    assert (expert.vetted_by, expert.approved_by) == (vetters[0].id, vetters[2].id)
    assert expert.valid_until == default_validity(clock.now().date())
    assert (expert.panel_since, expert.listed_at) == (None, None)
    assert {claim.skill: claim.level for claim in expert.skills} == {"BCP": 3}
    assert (case.state, case.decider) == (stages.QUALIFIED, vetters[2])
    told = session.scalars(select(AuditRow.action).where(AuditRow.actor == vetters[2].public_id))
    assert list(told) == ["expert.vetted", "expert.case_decided", "account.created",
                          "account.invited"]  # fmt: skip
    assert verify(session) is None
    assert len(mails_to(session, expert)) == 1


@pytest.mark.parametrize("examiner", [0, 1])
def test_who_examined_anything_does_not_decide(
    session: Session, case: VettingCase, expert: Expert, vetters: list[User], examiner: int
) -> None:
    examine(session, case, *vetters[:2])
    for qualified in (True, False):
        with pytest.raises(registrar.CaseError) as refusal:
            decide(session, case, vetters[examiner], qualified)
        assert refusal.value.reason == casework.EXAMINED_IT
    assert (expert.status, case.state) == (terms.APPLICANT, stages.OPEN)


def test_who_nominated_the_applicant_or_is_their_referee_does_not_decide(
    session: Session, case: VettingCase, expert: Expert, vetters: list[User]
) -> None:
    examine(session, case, *vetters[:2])
    named = {"name": "N", "email": expert.email, "language": "en", "reason": "Good."}
    with writing():
        registrar.nominate(session, vetters[2], **named, now=clock.now(session))
    referee, other = make_user(session, "vetter", email=casebook.REFEREES[0]), make_vetters(session)
    for decider in (vetters[2], referee):
        for qualified in (True, False):
            with pytest.raises(registrar.CaseError) as refusal:
                decide(session, case, decider, qualified)
            assert refusal.value.reason == casework.VOUCHED
    decide(session, case, other[0])
    assert expert.status == terms.QUALIFIED


def test_a_referee_who_is_against_is_outweighed_on_appeal_in_writing(
    session: Session, case: VettingCase, expert: Expert, vetters: list[User]
) -> None:
    examine(session, case, *vetters[:2])
    with writing():
        reference = registrar.name_reference(session, case, "A", "a@example.org", actor=ACTOR,
                                             now=clock.now())  # fmt: skip
        registrar.record_reference(session, reference, False, {}, clock.now(session))
    decide(session, case, vetters[2], qualified=False)
    with writing():
        appeal = registrar.appeal(session, case, "A quarrel.", actor=ACTOR, now=clock.now())
    last = make_user(session, "vetter")
    with pytest.raises(registrar.CaseError) as refusal:
        decide(session, appeal, last)
    assert refusal.value.reason == casework.INCOMPLETE
    find(session, appeal, stages.REFERENCES, vetters[0], comment="An old quarrel, as both say.")
    decide(session, appeal, last)
    assert expert.status == terms.QUALIFIED


def test_nothing_is_decided_before_every_stage_has_passed(
    session: Session, case: VettingCase, expert: Expert, vetters: list[User]
) -> None:
    examine(session, case, *vetters[:2])
    find(session, case, stages.READINESS, vetters[0], stages.MORE_NEEDED, evidence="",
         comment="No insurance yet.")  # fmt: skip
    with pytest.raises(registrar.CaseError) as refusal:
        decide(session, case, vetters[2])
    assert refusal.value.reason == casework.INCOMPLETE
    assert expert.status == terms.APPLICANT


@pytest.mark.parametrize(
    "given",
    [
        {"stage": "tea"},
        {"evidence": " "},
        {"stage": stages.TECHNICAL, "subject": "BCP"},
        {"stage": stages.TECHNICAL, "subject": "LEG", "level": 2},
        {"stage": stages.INTERVIEW},
        {"stage": stages.INTERVIEW, "score": 6},
        {"score": 3},
        {"level": 2},
        {"subject": "BCP"},
    ],
)
def test_a_finding_says_what_its_stage_asks_for(
    session: Session, case: VettingCase, vetters: list[User], given: dict[str, Any]
) -> None:
    with pytest.raises(registrar.CaseError), writing():
        registrar.record_step(
            session,
            case,
            result=stages.PASSED,
            reviewer=vetters[0],
            now=clock.now(),
            **({"stage": stages.CONFLICTS, "evidence": "Seen."} | given),
        )
    assert session.scalar(select(func.count()).select_from(VettingStep)) == 0


def test_a_refusal_tells_its_reasons_and_how_to_appeal_in_the_applicants_language(
    session: Session, case: VettingCase, expert: Expert, vetters: list[User]
) -> None:
    find(session, case, stages.ELIGIBILITY, vetters[0], stages.FAILED)
    with pytest.raises(registrar.CaseError, match="reasons"):
        decide(session, case, vetters[1], qualified=False, reasons=" ")
    decide(session, case, vetters[1], qualified=False, reasons="Vos pièces manquent.",
           comment="For us only.")  # fmt: skip
    assert expert.status == terms.APPLICANT
    (mail,) = mails_to(session, expert)
    assert "Vos pièces manquent." in mail
    (token,) = re.findall(r"/appeal/(\S+)", mail)
    assert links.read("appeal", token) == case.public_id
    assert "For us only." not in mail


def test_an_appeal_goes_on_in_a_new_case_and_is_decided_by_somebody_new(
    session: Session, case: VettingCase, expert: Expert, vetters: list[User]
) -> None:
    examine(session, case, *vetters[:2])
    decide(session, case, vetters[2], qualified=False)
    before = case.decided_at
    with writing():
        appeal = registrar.appeal(session, case, "I can prove it.", actor=ACTOR, now=clock.now())
    with pytest.raises(registrar.CaseError) as refusal, writing():
        registrar.appeal(session, case, "Again.", actor=ACTOR, now=clock.now())
    assert refusal.value.reason == casework.APPEALED
    for vetter, reason in zip(vetters, ("examined_it", "examined_it", "decided_before"),
                              strict=True):  # fmt: skip
        with pytest.raises(registrar.CaseError) as refusal:
            decide(session, appeal, vetter)
        assert refusal.value.reason == reason
    decide(session, appeal, make_user(session, "vetter"))
    assert expert.status == terms.QUALIFIED
    assert (case.state, case.decided_at) == (stages.REFUSED, before)
    assert (appeal.appeal_of, appeal.words) == (case.id, "I can prove it.")


def test_what_is_decided_on_an_appeal_is_final(
    session: Session, case: VettingCase, expert: Expert, vetters: list[User]
) -> None:
    refused(session, case, vetters)
    with writing():
        appeal = registrar.appeal(session, case, "Please.", actor=ACTOR, now=clock.now())
    decide(session, appeal, vetters[2], qualified=False)
    with pytest.raises(registrar.CaseError) as refusal, writing():
        registrar.appeal(session, appeal, "Please!", actor=ACTOR, now=clock.now())
    assert refusal.value.reason == casework.NOT_APPEALABLE
    assert "/appeal/" not in mails_to(session, expert)[-1]


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        (terms.APPLICANT, {stages.APPLICATION}),
        (terms.LISTED, {stages.RENEWAL, stages.REVIEW}),
        (terms.EXPIRED, {stages.RENEWAL}),
        (terms.REMOVED, set()),
    ],
)
def test_a_case_is_opened_for_whom_it_is_for_and_one_at_a_time(
    session: Session, status: str, kinds: set[str]
) -> None:
    for kind in stages.CASE_KINDS:
        expert = make_expert(session, status=status)
        if kind in kinds:
            open_case(session, expert, kind)
        with pytest.raises(registrar.CaseError):
            open_case(session, expert, kind)


def test_a_case_is_taken_moved_and_dropped_and_then_over(
    session: Session, case: VettingCase, vetters: list[User]
) -> None:
    now = clock.now()
    with writing():
        registrar.take_case(session, case, vetters[0], actor=ACTOR, now=now)
        registrar.set_due(session, case, date(2031, 1, 1), actor=ACTOR, now=now)
        assert (case.owner, case.due_on) == (vetters[0], date(2031, 1, 1))
        registrar.drop_case(session, case, actor=ACTOR, now=now, comment="Taken back.")
    assert (case.state, case.decider) == (stages.DROPPED, None)
    with pytest.raises(registrar.CaseError, match="closed"):
        find(session, case, stages.CONFLICTS, vetters[0])
    with pytest.raises(registrar.CaseError), writing():
        registrar.appeal(session, case, "But why?", actor=ACTOR, now=now)


def test_an_erased_applicant_leaves_no_open_case(
    session: Session, case: VettingCase, vetters: list[User]
) -> None:
    examine(session, case, *vetters[:2])
    expert = case.expert
    with writing():
        registrar.erase(session, expert, actor=ACTOR, now=clock.now())
    with pytest.raises((registrar.CaseError, IntegrityError)):
        decide(session, case, vetters[2])
    words = session.execute(select(VettingStep.evidence, VettingStep.comment)).all()
    assert words == [("", "")] * len(words)
    assert expert.status == terms.REMOVED


def test_the_casebook_passes_every_stage(
    session: Session, case: VettingCase, vetters: list[User]
) -> None:
    gaps = registrar.missing_in(session, case)
    assert {gap.stage for gap in gaps} == set(stages.STAGES)
    casebook.examine(session, case, *vetters[:2])
    assert registrar.missing_in(session, case) == []
