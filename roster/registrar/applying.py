"""An application that is sent: it becomes an applicant with claims, papers, referees and a case.

Whoever is on the roster already gets nothing new by it; that is told to them alone, by mail.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.reference.models import Office
from roster.joining.reading import Filled, read_filled
from roster.models import (
    Application,
    Certificate,
    Conflict,
    Expert,
    ExpertLanguage,
    Paper,
    SkillClaim,
    VettingCase,
)
from roster.registrar.cases import open_case
from roster.registrar.news import tell
from roster.registrar.proof import want_proof
from roster.registrar.references import name_reference
from roster.rules import stages, terms
from roster.rules.geodesy import geodesic_km


class AlreadyOnRosterError(ValueError):
    """Somebody of this e-mail address or phone is there; `expert` is who. Not for strangers."""

    def __init__(self, expert: Expert) -> None:
        super().__init__(_("This person is on the roster already."))
        self.expert = expert


def apply(session: Session, application: Application, *, now: datetime) -> Expert:
    """Makes an applicant of `application`, with a case to examine and a phone to prove.

    The draft is emptied. Raises joining.reading.IncompleteApplicationError, AlreadyOnRosterError,
    and ValueError for one that was sent before.
    """
    if application.sent_at is not None:
        raise ValueError(_("This application was sent before."))
    filled = read_filled(session, application)
    known = select(Expert).where(or_(Expert.email == filled.email, Expert.phone == filled.phone))
    there = session.scalar(known.limit(1))
    if there is not None:
        raise AlreadyOnRosterError(there)
    expert = _newcomer(session, filled, now)
    session.add(expert)
    session.flush()
    actor = f"expert:{expert.public_id}"
    tell(session, expert, "applied", actor=actor, now=now, application=application.public_id)
    _keep_certificates(session, expert, application, filled)
    _open_case(session, expert, filled, actor, now)
    want_proof(session, expert, now=now)
    application.expert_id = expert.id
    close_draft(application, now)
    return expert


def close_draft(application: Application, now: datetime) -> None:
    """Empties a draft that has been sent, whatever came of it."""
    application.sent_at = application.updated_at = now
    application.answers = {}


def _newcomer(session: Session, filled: Filled, now: datetime) -> Expert:
    return Expert(
        name=filled.name, email=filled.email, phone=filled.phone, language=filled.language,
        country=filled.country, region=_region(session, filled), base=filled.base,
        lat=filled.lat, lon=filled.lon, time_zone=filled.time_zone,
        remote=terms.REMOTE in filled.modes, on_site=terms.ON_SITE in filled.modes,
        max_missions=filled.max_missions, scope=filled.scope, status=terms.APPLICANT,
        # Not believed before somebody has answered a text from there.
        two_way=False, identified_at=now, consented_at=filled.consented_at, updated_at=now,
        languages=[ExpertLanguage(code=code) for code in filled.languages],
        skills=[
            SkillClaim(skill=code, level=level, evidence=evidence)
            for code, (level, evidence) in filled.skills.items()
        ],
        conflicts=[Conflict(code=code) for code in filled.conflicts], absences=[], weekly=[],
    )  # fmt: skip


def _region(session: Session, filled: Filled) -> str:
    """The region of the country's office; where there is none, that of the nearest office."""
    offices = session.scalars(select(Office)).all()
    own = next((office for office in offices if office.iso2 == filled.country), None)
    if own is not None:
        return own.region
    here = (filled.lat, filled.lon)
    return min(offices, key=lambda one: geodesic_km(*here, one.lat, one.lon)).region


def _keep_certificates(
    session: Session, expert: Expert, application: Application, filled: Filled
) -> None:
    papers = {
        paper.public_id: paper
        for paper in session.scalars(select(Paper).where(Paper.application_id == application.id))
    }
    for paper in papers.values():
        paper.expert_id = expert.id
    claimed = set(filled.skills)
    for one in filled.certificates:
        copy = papers.get(one.paper)
        session.add(
            Certificate(
                expert_id=expert.id, name=one.name, issuer=one.issuer, number=one.number,
                issued_on=one.issued_on, expires_on=one.expires_on,
                skill=one.skill if one.skill in claimed else None,
                paper_id=copy.id if copy else None,
            )
        )  # fmt: skip


def _open_case(
    session: Session, expert: Expert, filled: Filled, actor: str, now: datetime
) -> VettingCase:
    case = open_case(session, expert, stages.APPLICATION, actor=actor, now=now)
    case.declared = filled.outside
    for referee in filled.referees:
        name_reference(
            session, case, referee["name"], referee["email"], language=filled.language,
            organisation=referee["organisation"], relation=referee["relation"],
            actor=actor, now=now,
        )  # fmt: skip
    return case
