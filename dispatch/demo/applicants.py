"""Whom the vetters of the demonstration find in their queue: somebody new, somebody half examined,
somebody ready to be decided. All are invented, and come by the same verbs as everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts import people
from core.accounts.models import User
from roster import registrar
from roster.joining.placing import as_answer, find
from roster.models import Application, Expert, PhoneProof, VettingCase
from roster.rules import stages

ANSWERS = {
    "known_for": "We worked at the same registry for six years.",
    "role": "Led the team that moved the register after the flood.",
    "strengths": "Stays calm, writes down what was agreed, and keeps to it.",
    "concerns": "",
}
FOUND = {
    stages.COMPLETENESS: "CV, certificate, two referees and consent are there.",
    stages.ELIGIBILITY: "Eleven years at a national office; identity seen in the video call.",
    stages.CONFLICTS: "Declaration read; nothing beside the present employer.",
    stages.READINESS: "BSAFE certificate and passport seen; can leave within two days.",
    stages.REFERENCES: "Both referees speak of the same work, and would take them along.",
}


@dataclass(frozen=True)
class Somebody:
    """An applicant: `skills` are levels by code, `days` how long ago the application came."""

    name: str
    email: str
    phone: str
    language: str
    place: str
    spoken: tuple[str, ...]
    skills: Mapping[str, str]
    days: int


NEW = Somebody(
    "Marisol Quispe", "marisol.quispe@applicants.example", "+1 202 555 0170", "es",
    "La Paz, Bolivia", ("es", "en"), {"RRC": "2", "TRN": "3"}, 0,
)  # fmt: skip
HALF = Somebody(
    "Yusuf Tandogan", "yusuf.tandogan@applicants.example", "+1 202 555 0171", "en",
    "Izmir, Turkey", ("en", "fr"), {"CIR": "3", "DRB": "2"}, 9,
)  # fmt: skip
READY = Somebody(
    "Claire Rakoto", "claire.rakoto@applicants.example", "+1 202 555 0172", "fr",
    "Antananarivo, Madagascar", ("fr", "en"), {"BCP": "3", "FIN": "2"}, 23,
)  # fmt: skip


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
            evidence="Forty minutes by video, two cases to solve; notes are in the file.",
        )  # fmt: skip


def _apply(session: Session, who: Somebody, now: datetime) -> VettingCase:
    moment = now - timedelta(days=who.days)
    application = Application(
        email=who.email, language=who.language, answers=_answers(who, moment),
        started_at=moment, updated_at=moment,
    )  # fmt: skip
    session.add(application)
    session.flush()
    expert = registrar.apply(session, application, now=moment, by_mail=True)
    case = registrar.open_case_of(session, expert)
    if case is None:
        raise LookupError(f"no case was opened about {who.email}")
    session.refresh(case)
    return case


def _answers(who: Somebody, now: datetime) -> dict[str, Any]:
    """What they typed, page by page, as the forms of an application keep it."""
    first = who.name.split()[0]
    levels = {f"level_{code}": [level] for code, level in who.skills.items()}
    shown = {f"evidence_{code}": ["Did it at the registry in 2021."] for code in who.skills}
    referees = {
        "name_1": ["Jo Field"], "email_1": [f"jo.{first.lower()}@referees.example"],
        "organisation_1": ["A national office"], "relation_1": ["Was my head of department"],
        "name_2": ["Sam Rivers"], "email_2": [f"sam.{first.lower()}@referees.example"],
        "organisation_2": ["A university"], "relation_2": ["Ran an exercise with me"],
    }  # fmt: skip
    place = next(iter(find(who.place).values()))
    return {
        "person": {"name": [who.name], "phone": [who.phone], "language": [who.language]},
        "base": {"place": [who.place]},
        "chosen": dict(as_answer(place, who.place)),
        "languages": {"spoken": list(who.spoken)},
        "skills": {"skills": list(who.skills)},
        "levels": levels | shown,
        "given": [_certificate(next(iter(who.skills)), now)],
        "work": {"modes": ["remote", "on_site"], "scope": ["regional"], "max_missions": ["1"]},
        "conflicts": {"outside": ["Works for a national office; nothing else."]},
        "referees": referees,
        "consent": {"data": ["y"], "conduct": ["y"]},
        "consented_at": now.isoformat(),
    }


def _certificate(skill: str, now: datetime) -> dict[str, str]:
    return {
        "name": "CBCI", "issuer": "BCI", "number": "D-4711", "issued_on": "",
        "expires_on": (now + timedelta(days=500)).date().isoformat(), "skill": skill, "paper": "",
    }  # fmt: skip


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
        level=2, evidence="Work samples and certificate number checked with the issuer.",
    )  # fmt: skip
