"""An application that is sent: it becomes an applicant with claims, papers, referees and a case.

Whoever is on the roster already gets nothing new by it; that is told to them alone, by mail. Who
was refused, dropped or removed is examined anew, when they read the mails of their address.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
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
from roster.registrar.cases import open_case, open_case_of
from roster.registrar.news import tell
from roster.registrar.phones import holder_of
from roster.registrar.proof import want_proof
from roster.registrar.references import name_reference
from roster.registrar.standing import hold_standing
from roster.rules import stages, terms
from roster.rules.geodesy import geodesic_km


class AlreadyOnRosterError(ValueError):
    """Somebody of this e-mail address or phone is there; `expert` is who. Not for strangers."""

    def __init__(self, expert: Expert) -> None:
        super().__init__(_("This person is on the roster already."))
        self.expert = expert


def apply(
    session: Session, application: Application, *, now: datetime, by_mail: bool = False
) -> Expert:
    """Makes an applicant of `application`, with a case to examine and a phone to prove.

    With `by_mail` whoever sends it came by the link that was mailed to its address: then somebody
    of that address who `may_apply_again` does. The draft is emptied. Raises
    joining.reading.IncompleteApplicationError, AlreadyOnRosterError, and ValueError for one that
    was sent before.
    """
    if application.sent_at is not None:
        raise ValueError(_("This application was sent before."))
    filled = read_filled(session, application)
    there = _known(session, filled)
    if there is None:
        expert = Expert(
            absences=[], weekly=[], identified_at=now, two_way=False, **_values(session, filled)
        )
        session.add(expert)
    else:
        hold_standing(session, there)
        if not by_mail or not may_apply_again(session, there, filled.email):
            raise AlreadyOnRosterError(there)
        expert = _fill_anew(session, there, filled)
    expert.updated_at = now
    _add_claims(session, expert, filled)
    actor = f"expert:{expert.public_id}"
    tell(session, expert, "applied", actor=actor, now=now, application=application.public_id)
    _keep_certificates(session, expert, application, filled)
    _open_case(session, expert, filled, actor, now)
    want_proof(session, expert, now=now)
    application.expert_id = expert.id
    close_draft(application, now)
    return expert


def may_apply_again(session: Session, expert: Expert, email: str) -> bool:
    """Whether `expert`, of this address, is nobody's concern now: refused, dropped or removed."""
    if expert.email != email or expert.erased_at is not None:
        return False
    if expert.status == terms.REMOVED:
        return True
    return expert.status == terms.APPLICANT and open_case_of(session, expert) is None


def close_draft(application: Application, now: datetime) -> None:
    """Empties a draft of which somebody was made."""
    set_aside(application, now)
    application.answers = {}


def set_aside(application: Application, now: datetime) -> None:
    """Notes that a draft was sent; what was typed stays until drafts are forgotten."""
    application.sent_at = application.updated_at = now


def _known(session: Session, filled: Filled) -> Expert | None:
    """Who is there already: before the owner of the address, another one who holds the phone."""
    own = session.scalar(select(Expert).where(Expert.email == filled.email))
    return holder_of(session, filled.phone, besides=own) or own


def _fill_anew(session: Session, expert: Expert, filled: Filled) -> Expert:
    """What they say now in place of what was known; what they were is in the audit and the cases.

    Another phone is a stranger's until it is proved.
    """
    if expert.phone != filled.phone:
        expert.two_way = False
        expert.phone_proved_at = expert.opted_out_at = expert.sms_failed_at = None
    for column, value in _values(session, filled).items():
        setattr(expert, column, value)
    expert.vetted_by = expert.approved_by = expert.valid_until = expert.validated_at = None
    expert.reconfirmed_at = expert.panel_since = expert.listed_at = None
    expert.evidence = expert.iproc_reference = expert.suspended_reason = expert.status_before = ""
    expert.languages, expert.skills, expert.conflicts = [], [], []
    session.execute(delete(Certificate).where(Certificate.expert_id == expert.id))
    return expert


def _values(session: Session, filled: Filled) -> dict[str, Any]:
    return {
        "name": filled.name, "email": filled.email, "phone": filled.phone,
        "language": filled.language, "country": filled.country,
        "region": _region(session, filled), "base": filled.base, "lat": filled.lat,
        "lon": filled.lon, "time_zone": filled.time_zone, "remote": terms.REMOTE in filled.modes,
        "on_site": terms.ON_SITE in filled.modes, "max_missions": filled.max_missions,
        "scope": filled.scope, "status": terms.APPLICANT, "consented_at": filled.consented_at,
    }  # fmt: skip


def _add_claims(session: Session, expert: Expert, filled: Filled) -> None:
    session.flush()  # what was claimed before is gone first
    expert.languages = [ExpertLanguage(code=code) for code in filled.languages]
    expert.skills = [
        SkillClaim(skill=code, level=level, evidence=evidence)
        for code, (level, evidence) in filled.skills.items()
    ]
    expert.conflicts = [Conflict(code=code) for code in filled.conflicts]
    session.flush()


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
