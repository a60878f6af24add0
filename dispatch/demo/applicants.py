"""Whom the vetters of the demonstration find in their queue: somebody new, somebody half examined,
somebody ready to be decided. All are invented, and come by the same verbs as everybody.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts import people
from core.accounts.models import User
from dispatch.demo.invented import (
    HALF,
    NEW,
    READY,
    Somebody,
    answers_of,
    certificate_of,
    cv_of,
)
from roster import registrar
from roster.models import Application, Expert, Paper, PhoneProof, VettingCase
from roster.papers.quarantine import hand_in
from roster.rules import stages

ANSWERS = {
    "known_for": "We worked at the same registry for six years.",
    "role": "Led the team that moved the register after the flood.",
    "strengths": "Stays calm, writes down what was agreed, and keeps to it.",
    "concerns": "",
}
FOUND = {
    stages.COMPLETENESS: "CV, certificate, two referees and consent are there.",
    stages.ELIGIBILITY: "Eleven years at a national office, by the CV and a video call.",
    stages.CONFLICTS: "Declaration read; nothing beside the present employer.",
    stages.READINESS: "Answered the text from their own phone; can leave within two days.",
    stages.REFERENCES: "Both referees speak of the same work, and would take them along.",
}


def is_loaded(session: Session) -> bool:
    """Whether they have applied already."""
    return session.scalar(select(Expert.id).where(Expert.email == NEW.email)) is not None


def load(session: Session, now: datetime) -> None:
    """All three; the vetters of the demonstration must be there."""
    first, second = (people.find(session, f"vetter{n}@demo.example") for n in (1, 2))
    if first is None or second is None:
        return
    _apply(session, NEW, now)
    _examine_half(session, first, now)
    _examine_all(session, first, second, now)


def _examine_half(session: Session, vetter: User, now: datetime) -> None:
    case = _apply(session, HALF, now)
    moment = now - timedelta(days=HALF.days - 1)
    _prove(session, case.expert)
    registrar.take_case(session, case, vetter, actor=vetter.public_id, now=moment)
    for stage in (stages.COMPLETENESS, stages.ELIGIBILITY):
        _find(session, case, stage, vetter, moment)
    _find_skill(session, case, "CIR", vetter, moment)
    heard, _silent = case.references
    for referee in case.references:
        registrar.ask_reference(
            session, case, referee.name, referee.email, actor=vetter.public_id,
            now=now - timedelta(days=2),
        )  # fmt: skip
    registrar.record_reference(session, heard, True, ANSWERS, now - timedelta(days=1))


def _examine_all(session: Session, first: User, second: User, now: datetime) -> None:
    case = _apply(session, READY, now)
    moment = now - timedelta(days=READY.days - 2)
    _prove(session, case.expert)
    registrar.take_case(session, case, first, actor=first.public_id, now=moment)
    for referee in list(case.references):
        registrar.ask_reference(
            session, case, referee.name, referee.email, actor=first.public_id, now=moment
        )
        registrar.record_reference(session, referee, True, ANSWERS, moment + timedelta(days=3))
    for skill in READY.skills:
        _find_skill(session, case, skill, first, moment)
    heard = now - timedelta(days=4)
    for stage in FOUND:
        _find(session, case, stage, first, heard)
    for vetter, score in ((first, 4), (second, 5)):
        registrar.record_step(
            session, case, stages.INTERVIEW, stages.PASSED, reviewer=vetter, now=heard, score=score,
            evidence="Forty minutes by video; solved both cases that we put.",
        )  # fmt: skip


def _apply(session: Session, who: Somebody, now: datetime) -> VettingCase:
    moment = now - timedelta(days=who.days)
    application = Application(
        email=who.email,
        language=who.language,
        answers={},
        started_at=moment,
        updated_at=moment,
    )
    session.add(application)
    session.flush()
    _hand_in(session, application, stages.CV, cv_of(who), moment)
    copy = _hand_in(session, application, stages.CERTIFICATE, certificate_of(who), moment)
    application.answers = answers_of(who, copy.public_id, moment)
    session.flush()
    expert = registrar.apply(session, application, now=moment, by_mail=True)
    case = registrar.open_case_of(session, expert)
    if case is None:
        raise LookupError(f"no case was opened about {who.email}")
    session.refresh(case)
    return case


def _hand_in(
    session: Session, application: Application, kind: str, content: bytes, now: datetime
) -> Paper:
    name = f"{kind}.pdf"
    return hand_in(session, content, name, kind=kind, owner=application, actor="applicant", now=now)


def _prove(session: Session, expert: Expert) -> None:
    proofs = session.scalars(select(PhoneProof).where(PhoneProof.expert_id == expert.id))
    for proof in proofs.all():
        registrar.prove_phone(session, proof, way=stages.BY_SMS, now=proof.wanted_at)


def _find(session: Session, case: VettingCase, stage: str, by: User, now: datetime) -> None:
    registrar.record_step(
        session, case, stage, stages.PASSED, reviewer=by, now=now, evidence=FOUND[stage]
    )


def _find_skill(session: Session, case: VettingCase, skill: str, by: User, now: datetime) -> None:
    registrar.record_step(
        session, case, stages.TECHNICAL, stages.PASSED, reviewer=by, now=now, subject=skill,
        level=2, evidence="Told in detail what the CV says of the work at the registry.",
    )  # fmt: skip
