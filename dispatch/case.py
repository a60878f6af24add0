"""One request as it stands: its row held and read afresh, its offers, what it needs.

Reads only; what follows from it is decided in `rules` and done in `advance`.
"""

from sqlalchemy import bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from core.reference.models import CrisisKind, KindSkill, Office, Service, Skill
from dispatch.choosing.occupied import FILLING
from dispatch.models import CrisisRequest, EscalationStep, Mission, Offer
from dispatch.rules import terms
from dispatch.rules.escalation import CALL_BACK, CaseView, OfferView
from dispatch.rules.need import KindFacts, OfficeFacts, RequestFacts, SkillsWanted, need_of
from dispatch.rules.policy import Hours
from roster.rules.terms import Need

# Each of these is built once.
HOLD = (
    select(CrisisRequest)
    .where(CrisisRequest.id == bindparam("id"))
    .with_for_update(of=CrisisRequest, key_share=True)
    .execution_options(populate_existing=True)
)
STANDING = union_all(
    select(
        literal("offer").label("what"), Offer.id, Offer.wave.label("number"),
        Offer.status.label("word"), Offer.created_at.label("at"), Offer.deadline,
    ).where(Offer.request_id == bindparam("request")),
    select(
        literal("mission"), Mission.id, Mission.slot,
        Mission.status, Mission.accepted_at, Mission.accepted_at,
    ).where(Mission.request_id == bindparam("request"), FILLING),
    select(
        literal("step"), EscalationStep.id, EscalationStep.search,
        EscalationStep.step, EscalationStep.at, EscalationStep.at,
    ).where(EscalationStep.request_id == bindparam("request")),
)  # fmt: skip
SERVICES = (
    select(Service.skills)
    .where(Service.code.in_(bindparam("codes", expanding=True)))
    .order_by(Service.position)
)
KIND_SKILLS = (
    select(KindSkill.skill, KindSkill.weight)
    .join(Skill, Skill.code == KindSkill.skill)
    .where(KindSkill.kind == bindparam("kind"))
    .order_by(Skill.position)
)


def hold(session: Session, request_id: int) -> CrisisRequest:
    """The request, read afresh; its row is locked until the transaction ends (PostgreSQL).

    Whoever changes a request, its offers or its missions holds it first. Rows that only refer to
    it, such as messages, may be written meanwhile.
    """
    session.flush()
    return session.scalars(HOLD, {"id": request_id}).one()


def view_of(session: Session, request: CrisisRequest) -> CaseView:
    """What the rules need to know of `request`, which is held, in one statement."""
    session.flush()
    rows = session.connection().execute(STANDING, {"request": request.id}).all()
    offers = [OfferView(*row[1:]) for row in rows if row.what == "offer"]
    missions = [row for row in rows if row.what == "mission"]
    # An exercise makes no missions: there a yes fills the slot.
    yeses = [offer for offer in offers if offer.status == terms.ACCEPTED]
    return CaseView(
        status=request.status,
        slots=request.slots,
        filled=len(yeses if request.exercise else missions),
        search_started_at=request.search_started_at,
        offers=tuple(sorted(offers, key=lambda offer: offer.id)),
        steps=frozenset(
            row.word
            for row in rows
            if row.what == "step" and (row.number == request.search or row.word == CALL_BACK)
        ),
    )


def view_of_new(request: CrisisRequest) -> CaseView:
    """The same of a request that this very transaction has filed: nothing has happened to it."""
    return CaseView(
        status=request.status,
        slots=request.slots,
        filled=0,
        search_started_at=request.search_started_at,
    )


def count_filled(session: Session, request: CrisisRequest) -> int:
    """How many slots are filled: missions not withdrawn; in an exercise, which has none, yeses."""
    taken = select(func.count(Mission.id)).where(Mission.request_id == request.id, FILLING)
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
    query = select(Mission).where(
        Mission.request_id == request.id, Mission.status.in_(terms.ACTIVE)
    )
    return list(session.scalars(query.order_by(Mission.id)))


def need_for(
    session: Session, request: CrisisRequest, hours: Hours = "any"
) -> tuple[Need, SkillsWanted]:
    """What `request` asks of an expert; what it leaves out, its office and its kind say.

    `hours`: when experts may be asked, from the policy.
    """
    facts = _request_facts(request, _services(session, request))
    kind = _kind_facts(request.kind_row, _kind_skills(session, request.kind))
    return need_of(facts, _office_facts(request.office), kind, hours)


def gate_for(request: CrisisRequest) -> Need:
    """The need as far as it stands in anybody's way: without what is only desired."""
    facts, kind = _request_facts(request), _kind_facts(request.kind_row)
    need, _ = need_of(facts, _office_facts(request.office), kind)
    return need


def _request_facts(
    request: CrisisRequest, services: tuple[tuple[str, ...], ...] = ()
) -> RequestFacts:
    return RequestFacts(
        lat=request.lat,
        lon=request.lon,
        skills=tuple((str(code), int(level)) for code, level in request.skills),
        services=services,
        languages=tuple(request.languages),
        mode=request.mode,
        affected_radius_km=request.affected_radius_km,
        local_experts_safe=request.local_experts_safe,
    )


def _office_facts(office: Office) -> OfficeFacts:
    return OfficeFacts(office.code, office.iso2, tuple(office.spoken), office.region)


def _kind_facts(kind: CrisisKind, skills: tuple[tuple[str, str], ...] = ()) -> KindFacts:
    return KindFacts(
        lead_skill=kind.lead_skill,
        skills=skills,
        affected_radius_km=kind.affected_radius_km,
        affected_country=kind.affected_country,
    )


def _services(session: Session, request: CrisisRequest) -> tuple[tuple[str, ...], ...]:
    affected = request.services or request.office.critical_services
    rows = session.connection().execute(SERVICES, {"codes": affected}) if affected else ()
    return tuple(tuple(skills) for (skills,) in rows)


def _kind_skills(session: Session, kind: str) -> tuple[tuple[str, str], ...]:
    rows = session.connection().execute(KIND_SKILLS, {"kind": kind})
    return tuple((code, weight) for code, weight in rows)
