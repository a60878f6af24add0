"""One of everything that an address can lead to, with words planted in it that stand nowhere else.

An expert is coming to FR and was asked by UA, has handed in a paper and is being reviewed; somebody
else was refused; a vetter has applied, too.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import links
from core.accounts import sessions
from core.accounts.models import ApiToken, OpenSession, User
from core.accounts.tokens import create_token
from core.clock import now
from core.db import writing
from dispatch import incidents, seats
from dispatch.answers import answer_offer
from dispatch.me import feed_address
from dispatch.models import InboundMessage, Mission, Offer
from dispatch.offer_link import link_of
from roster import registrar
from roster.joining.proof_link import link_of as proof_link
from roster.models import (
    Absence,
    Application,
    Expert,
    Nomination,
    Notice,
    Paper,
    Reference,
    VettingCase,
)
from roster.papers.quarantine import hand_in
from roster.rules import stages
from roster.staying.notices import link_of as notice_link
from roster.trust.bulk.changing import preview
from tests.dispatch.world import World
from tests.factories import vetter
from tests.planted import PLANTED
from tests.roster.casebook import decide, find, make_applicant, make_vetters, open_case
from tests.routes import Named, Things, last_of

A_PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@dataclass(frozen=True)
class Everything:
    """The things, and whose they are.

    `insiders` are the same things about a vetter; `others` the case of FR, and whoever was refused.
    """

    things: Things
    insiders: Named
    others: Things
    offer: Offer
    expert: Expert
    themself: User
    refused: User
    insider: User
    auditor: User
    planted: dict[str, str]


def make_everything(world: World) -> Everything:
    """Makes it all by the verbs that the doors use."""
    people = _people(world)
    expert = _expert(world, people["themself"])
    done = _mission(world, expert)
    with writing() as session:
        mission = session.get_one(Mission, done.id)
        seats.finish(session, mission, actor="x", now=now(session))
    mission = _mission(world, expert)
    said = {
        part: PLANTED[f"crisis.{part}"] for part in ("summary", "contact_name", "contact_phone")
    }
    asking = world.file(**said)
    offer = world.offer_to(expert)
    assert offer.request_id == asking.id
    refused = _refusal(world, people["refused"])
    named = {
        **_of_expert(expert, people["auditor"]),
        **_of_case(_case_about(world, expert), expert),
        **_of_dispatch(world, offer),
        **_of_accounts(world, people["auditor"]),
        **_drafts(world),
        "me": {"public_id": mission.public_id},
        "evaluation": {"ref": done.request.ref, "public_id": done.public_id},
        "appeals": {"token": links.sign("appeal", refused.public_id)},
    }
    entry, case = {"public_id": refused.expert.public_id}, {"public_id": refused.public_id}
    other = {"roster": entry, "standing": entry, "trust": entry, "vetting": case, "casework": case}
    inside = make_applicant(world.session, user_id=people["insider"].id)
    insiders = {
        **_of_expert(inside, people["insider"]),
        **_of_case(_case_about(world, inside), inside),
    }
    planted = PLANTED | {"expert.public_id": expert.public_id}
    things, others = Things(asking.ref, named), Things(mission.request.ref, named | other)
    return Everything(things, insiders, others, offer, expert, planted=planted, **people)


def _people(world: World) -> dict[str, User]:
    return {
        "themself": world.person("expert"),
        "refused": world.person("expert"),
        "insider": world.person("vetter"),
        "auditor": world.person(
            "auditor", **{part: PLANTED[f"account.{part}"] for part in ("name", "email", "phone")}
        ),
    }


def _mission(world: World, expert: Expert) -> Mission:
    """A mission for FR that `expert` has accepted."""
    request = world.file(office="FR", contact_phone="+33142345678")
    with writing() as session:
        yes = {"accept": True, "received_at": now(session), "via": "link"}
        answer_offer(session, world.offer_to(expert), **yes)
    return world.missions(request)[0]


def _expert(world: World, user: User) -> Expert:
    said = {
        part: PLANTED[f"expert.{part}"] for part in ("name", "email", "phone", "base", "evidence")
    }
    return world.expert(1.7, user_id=user.id, max_missions=2, **said)


def _of_expert(expert: Expert, account: User) -> Named:
    """An absence, a paper, the ways to them by links, and their address on the roster."""
    with writing() as session:
        at = now(session)
        away = Absence(
            expert_id=expert.id, starts_at=at + timedelta(days=90), ends_at=at + timedelta(days=95),
            reason=PLANTED["absence.reason"],
        )  # fmt: skip
        notice = Notice(expert_id=expert.id, day=at.date(), wanted_at=at)
        session.add_all([away, notice])
        feed_address.renew(session, expert, actor="x", now=at)
        proof = registrar.want_proof(session, expert, now=at, way=stages.BY_LINK)
        paper = _paper(session, expert)
        session.flush()
        feed = feed_address.address_of(session, expert).removesuffix(".ics")
        entry = {"public_id": expert.public_id, "number": away.id}
        return {
            "roster": entry, "standing": entry, "trust": entry,
            "phone": {"token": last_of(proof_link(proof))},
            "staying": {"token": last_of(notice_link(notice))},
            "papers": {"public_id": paper.public_id},
            "me.show_paper": {"public_id": paper.public_id},
            "me.end_absence": {"number": away.id},
            "me.show_feed": {"public_id": expert.public_id, "token": last_of(feed)},
        }  # fmt: skip


def _paper(session: Session, expert: Expert) -> Paper:
    name = f"{PLANTED['paper.name']}.pdf"
    paper = hand_in(session, A_PDF, name, kind=stages.CV, owner=expert, actor="x", now=now(session))
    paper.verdict = stages.CLEAN
    return paper


def _case_about(world: World, expert: Expert) -> VettingCase:
    """An open case with a finding and a reference that was answered."""
    kind = stages.APPLICATION if expert.status == "applicant" else stages.REVIEW
    case = open_case(world.session, expert, kind)
    said = {"evidence": PLANTED["step.evidence"], "comment": PLANTED["step.comment"]}
    examiner = make_vetters(world.session, 1)[0]
    find(world.session, case, stages.COMPLETENESS, examiner, stages.MORE_NEEDED, **said)
    return case


def _of_case(case: VettingCase, expert: Expert) -> Named:
    with writing() as session:
        case = session.get_one(VettingCase, case.id)
        case.declared = PLANTED["case.declared"]
        who = {part: PLANTED[f"referee.{part}"] for part in ("name", "email")}
        words = {"known_for": PLANTED["referee.answers"]}
        at = now(session)
        heard = Reference(**who, asked_at=at, answered_at=at, recommends=True, answers=words)
        waiting = Reference(name="A referee", email="waiting@zq.example", asked_at=at)
        case.references += [heard, waiting]
        session.flush()
        named = {"public_id": case.public_id, "reference": waiting.public_id}
        token = links.sign("reference", waiting.public_id)
        return {"vetting": named, "casework": named, "referee": {"token": token}}


def _refusal(world: World, user: User) -> VettingCase:
    """Somebody's application, refused with reasons."""
    session = world.session
    said = {"name": PLANTED["refused.name"], "email": PLANTED["refused.email"]}
    case = open_case(session, make_applicant(session, user_id=user.id, **said))
    examiner, decider = make_vetters(session, 2)
    find(session, case, stages.COMPLETENESS, examiner, stages.FAILED)
    words = {"reasons": PLANTED["refused.reasons"], "comment": PLANTED["refused.comment"]}
    decide(session, case, decider, qualified=False, **words)
    return world.session.get_one(VettingCase, case.id)


def _of_dispatch(world: World, offer: Offer) -> Named:
    with writing() as session:
        at = now(session)
        incidents.record(session, "delivery", "delivery", at)
        text = {"sid": "1", "sender": "+1", "body": "?", "received_at": at, "outcome": "unclear"}
        session.add(InboundMessage(**text))
    return {
        "offer": {"token": last_of(link_of(offer))},
        "api": {"public_id": offer.public_id},
        "moves": {"public_id": offer.public_id},
        "offices": {"code": "UA"},
    }


def _of_accounts(world: World, account: User) -> Named:
    invited = world.person("auditor")
    with writing() as session:
        at = now(session)
        create_token(session, account, actor="x", now=at)
        sessions.begin(session, account, at, way="password", proved_at=at)
        row = session.scalars(select(OpenSession)).one()
        number = account_token(session, account)
    change = preview([], kind="edit", by=vetter(world.session, "maker@example.org").id,
                     actor="x", now=world.now)  # fmt: skip
    return {
        "accounts": {"token": links.sign("invitation", invited.public_id)},
        "admin": {"public_id": account.public_id, "number": number, "verb": "enable"},
        "sessions": {"public_id": row.public_id},
        "bulk": {"public_id": change},
    }


def account_token(session: Session, account: User) -> int:
    """The number of the account's API token."""
    found = select(ApiToken.id).where(ApiToken.user_id == account.id)
    return session.scalars(found.order_by(ApiToken.id)).first() or 0


def _drafts(world: World) -> Named:
    by = world.focal_point("FR")
    with writing() as session:
        at = now(session)
        draft = Application(
            email="draft@zq.example", answers={"person": {"name": PLANTED["draft.answers"]}},
            started_at=at, updated_at=at,
        )  # fmt: skip
        named = Nomination(name="A Nominee", email="named@zq.example", by=by.id, at=at)
        session.add_all([draft, named])
        session.flush()
        return {
            "apply": {"token": links.sign("application", draft.public_id), "step": "person"},
            "apply.nominated": {"token": links.sign("nomination", named.public_id)},
        }
