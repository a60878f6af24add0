"""`advance`: looks at one request as it stands and does the next thing that its policy says.

How to decide is `rules.escalation`'s; here are only the rows.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.facts import is_noted, note
from core.wake import wake
from dispatch.advance.steps import do_steps
from dispatch.advance.unfit import take_back_unfit
from dispatch.case import hold, need_for, open_offers, view_of, view_of_new
from dispatch.choosing.asked import OTHERS_ACCEPTED, asked_already, never_reached
from dispatch.choosing.kept import as_kept
from dispatch.choosing.occupied import busy, load
from dispatch.choosing.offering import Call, Made, make_offers
from dispatch.messages import notify_expert
from dispatch.models import CrisisRequest, Decision
from dispatch.policies import policy_for
from dispatch.rules import terms
from dispatch.rules.escalation import ENDED, CaseView, Outcome, Plan, Supply, conclude, plan
from dispatch.rules.policy import Policy
from dispatch.transitions import begin_search, move_offer, move_request, put
from dispatch.wording.notices import OTHERS_TOLD, WITHDRAWN
from roster.directory.waking import next_available

ACTOR = "system"
UNSEEN = "nobody sees yet that it is unfilled"
DECIDED = insert(Decision)


def advance(
    session: Session, request: CrisisRequest, now: datetime, spared: Collection[int] = ()
) -> None:
    """Does what `request` needs done at `now`, within the transaction of `session`.

    Holds the request's row. Offers end that are over, unfit or no longer wanted; steps that are
    due are done; the next candidates are asked; the state and `wake_at` follow. The experts
    `spared` are left to other requests, unless there is nobody else.
    """
    advance_held(session, hold(session, request.id), now, spared)


def advance_held(
    session: Session, request: CrisisRequest, now: datetime, spared: Collection[int] = ()
) -> None:
    """The same for whoever holds the row of `request` already, and has read it since."""
    case = view_of(session, request)
    if take_back_unfit(session, request, case, now):
        case = view_of(session, request)
    if case.status == terms.ASSIGNED and case.open_slots:
        begin_search(session, request, actor=ACTOR, now=now)
        case = view_of(session, request)
    _go_on(session, request, case, now, spared)


def advance_new(session: Session, request: CrisisRequest, now: datetime) -> None:
    """The same for a request that this transaction has filed a moment ago."""
    _go_on(session, request, view_of_new(request), now)


def _go_on(
    session: Session,
    request: CrisisRequest,
    case: CaseView,
    now: datetime,
    spared: Collection[int] = (),
) -> None:
    policy = policy_for(session, request.severity)
    planned = plan(policy, case, now)
    _end_offers(session, request, planned, now)
    do_steps(session, request, planned.steps, now)
    supply = _ask(session, request, case, policy, planned, now=now, spared=spared)
    outcome = conclude(policy, case, planned, supply, now)
    wake_at = now if _looks_again(session, request, outcome) else outcome.wake_at
    later = {"wake_at": wake_at}
    if request.wake_at != wake_at:
        wake(session)
    for status in outcome.moves:
        move_request(session, request, status, actor=ACTOR, now=now, along=later)
    do_steps(session, request, outcome.steps, now)
    if request.wake_at != wake_at:
        put(session, request, **later)
    session.flush()


def _looks_again(session: Session, request: CrisisRequest, outcome: Outcome) -> bool:
    """Whether `request` is unfilled since this transaction: then another looks once more.

    Until the commit nobody sees that it is, and whoever becomes free meanwhile wakes those only
    that are seen (docs/adr/0006).
    """
    if terms.UNFILLED in outcome.moves:
        note(session, (UNSEEN, request.id))
    status = outcome.moves[-1] if outcome.moves else request.status
    return status == terms.UNFILLED and is_noted(session, (UNSEEN, request.id))


def _end_offers(session: Session, request: CrisisRequest, planned: Plan, now: datetime) -> None:
    if not planned.expire and not planned.withdraw:
        return
    over = request.status in ENDED
    reason = f"request {request.status}" if over else OTHERS_ACCEPTED
    for offer in open_offers(session, request):
        if offer.id in planned.expire:
            move_offer(session, offer, terms.LAPSED, actor=ACTOR, now=now, reason="no answer")
        elif offer.id in planned.withdraw:
            move_offer(session, offer, terms.WITHDRAWN, actor=ACTOR, now=now, reason=reason)
            purpose = WITHDRAWN if over else OTHERS_TOLD
            notify_expert(session, offer.expert, purpose, now, request=request, offer=offer)


def _ask(
    session: Session,
    request: CrisisRequest,
    case: CaseView,
    policy: Policy,
    planned: Plan,
    *,
    now: datetime,
    spared: Collection[int],
) -> Supply:
    """Makes the offers that are wanted, as far as there is somebody to ask."""
    if not planned.wanted:
        return Supply()
    need, skills = need_for(session, request, policy.hours)
    asked = asked_already(session, request) if case.offers else set()
    call = Call(request, need, skills, planned.wave, policy, now)
    made = make_offers(session, call, planned.wanted, asked, spared)
    if not made.offers and spared:
        made = make_offers(session, call, planned.wanted, asked)
    if not made.offers and asked and (unheard := never_reached(session, request)):
        made = make_offers(session, call, planned.wanted, asked - unheard)
    if made.offers:
        _keep(session, call, made, len(asked) + 1)
        return Supply(len(made.offers))
    if made.elsewhere:  # who are free perhaps, and whoever holds them need not say so
        note(session, (UNSEEN, request.id))
    later = next_available(session, need, now, busy=busy(), load=load(), exclude=asked)
    return Supply(0, later)


def _keep(session: Session, call: Call, made: Made, first_rank: int) -> None:
    """Keeps what this choice looked at; the rest of the list comes after the texts have left."""
    asked = {offer.expert_id for offer in made.offers}
    candidates = [
        as_kept(candidate, rank, asked=candidate.id in asked)
        for rank, candidate in enumerate(made.pool, first_rank)
    ]
    session.connection().execute(
        DECIDED,
        {
            "request_id": call.request.id,
            "wave": call.wave,
            "at": call.now,
            "candidates": candidates,
        },
    )
