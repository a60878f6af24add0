"""One request as it stands: its row held and read afresh, its offers, what it needs.

Reads only; what follows from it is decided in `rules` and done in `advance`.
"""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.reference.models import CrisisKind, KindSkill, Service, Skill
from dispatch.models import CrisisRequest, EscalationStep, Mission, Offer
from dispatch.rules import terms
from dispatch.rules.escalation import CALL_BACK, CaseView, OfferView
from dispatch.rules.need import KindFacts, OfficeFacts, RequestFacts, SkillsWanted, need_of
from dispatch.rules.policy import Hours
from roster.rules.terms import Need

ACTIVE = (terms.ACCEPTED, terms.STARTED)


def hold(session: Session, request_id: int) -> CrisisRequest:
    """The request, read afresh; its row is locked until the transaction ends (PostgreSQL).

    Whoever changes a request, its offers or its missions holds it first. Rows that only refer to
    it, such as messages, may be written meanwhile.
    """
    session.flush()
    query = (
        select(CrisisRequest)
        .where(CrisisRequest.id == request_id)
        .with_for_update(of=CrisisRequest, key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).unique().one()


def view_of(session: Session, request: CrisisRequest) -> CaseView:
    """What the rules need to know of `request`, which is held."""
    return CaseView(
        status=request.status,
        slots=request.slots,
        filled=count_filled(session, request),
        search_started_at=request.search_started_at,
        offers=_offers(session, request),
        steps=_steps(session, request),
    )


def count_filled(session: Session, request: CrisisRequest) -> int:
    """How many slots are filled: missions not withdrawn; in an exercise, which has none, yeses."""
    taken = select(func.count(Mission.id)).where(
        Mission.request_id == request.id, Mission.status != terms.WITHDRAWN
    )
    if request.exercise:
        taken = select(func.count(Offer.id)).where(
            Offer.request_id == request.id, Offer.status == terms.ACCEPTED
        )
    return session.scalar(taken) or 0


def open_offers(session: Session, request: CrisisRequest) -> list[Offer]:
    """The live offers of `request`, oldest first, read afresh."""
    query = (
        select(Offer)
        .where(Offer.request_id == request.id, Offer.status == terms.OPEN)
        .order_by(Offer.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def active_missions(session: Session, request: CrisisRequest) -> list[Mission]:
    """The missions of `request` that still run, oldest first."""
    query = select(Mission).where(Mission.request_id == request.id, Mission.status.in_(ACTIVE))
    return list(session.scalars(query.order_by(Mission.id)))


def need_for(
    session: Session, request: CrisisRequest, hours: Hours = "any"
) -> tuple[Need, SkillsWanted]:
    """What `request` asks of an expert; what it leaves out, its office and its kind say.

    `hours`: when experts may be asked, from the policy.
    """
    office = request.office
    return need_of(
        _request_facts(session, request),
        OfficeFacts(office.code, office.iso2, tuple(office.spoken), office.region),
        _kind_facts(session, request.kind_row),
        hours,
    )


def _offers(session: Session, request: CrisisRequest) -> tuple[OfferView, ...]:
    columns = (Offer.id, Offer.wave, Offer.status, Offer.created_at, Offer.deadline)
    rows = session.execute(
        select(*columns).where(Offer.request_id == request.id).order_by(Offer.id)
    )
    return tuple(OfferView(*row) for row in rows)


def _steps(session: Session, request: CrisisRequest) -> frozenset[str]:
    in_this_search = EscalationStep.search == request.search
    return frozenset(
        session.scalars(
            select(EscalationStep.step).where(
                EscalationStep.request_id == request.id,
                or_(in_this_search, EscalationStep.step == CALL_BACK),
            )
        )
    )


def _request_facts(session: Session, request: CrisisRequest) -> RequestFacts:
    affected = request.services or request.office.critical_services
    services = session.execute(
        select(Service.code, Service.skills)
        .where(Service.code.in_(affected))
        .order_by(Service.position)
    )
    return RequestFacts(
        lat=request.lat,
        lon=request.lon,
        skills=tuple((str(code), int(level)) for code, level in request.skills),
        services=tuple(tuple(skills) for _code, skills in services),
        languages=tuple(request.languages),
        mode=request.mode,
        affected_radius_km=request.affected_radius_km,
        local_experts_safe=request.local_experts_safe,
    )


def _kind_facts(session: Session, kind: CrisisKind) -> KindFacts:
    skills = session.execute(
        select(KindSkill.skill, KindSkill.weight)
        .join(Skill, Skill.code == KindSkill.skill)
        .where(KindSkill.kind == kind.code)
        .order_by(Skill.position)
    )
    return KindFacts(
        lead_skill=kind.lead_skill,
        skills=tuple(skills),
        affected_radius_km=kind.affected_radius_km,
        affected_country=kind.affected_country,
    )
