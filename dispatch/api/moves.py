"""The duty officer's moves over the API, and the office's own: cancel and close."""

from flask import Response, jsonify
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from core.access import current_actor, may
from core.clock import now
from core.db import db, writing
from core.web import problem
from dispatch import advance, answers, candidates, intake
from dispatch.api.blueprint import BodyError, bp, number_argument, text_field
from dispatch.api.crises import shown
from dispatch.api.representation import offer as represent_offer
from dispatch.lookup import find_offer, find_request
from roster.models import Expert


@bp.post("/crises/<ref>/confirm")
@may("desk.act")
def confirm(ref: str) -> Response:
    """The duty officer has called back: the search begins."""
    with writing() as session:
        found = find_request(ref, lock=True)
        intake.confirm(session, found, officer=current_user, now=now())
    return shown(ref)


@bp.post("/crises/<ref>/pause")
@may("desk.act")
def pause(ref: str) -> Response:
    """Nobody new is asked until it is resumed."""
    with writing() as session:
        intake.pause(session, find_request(ref, lock=True), actor=current_actor(), now=now())
    return shown(ref)


@bp.post("/crises/<ref>/resume")
@may("desk.act")
def resume(ref: str) -> Response:
    """The search goes on."""
    with writing() as session:
        intake.resume(session, find_request(ref, lock=True), actor=current_actor(), now=now())
    return shown(ref)


@bp.post("/crises/<ref>/cancel")
@may("crisis.change")
def cancel(ref: str) -> Response:
    """Help is no longer needed: open offers are withdrawn and their experts told."""
    reason = text_field("reason")
    with writing() as session:
        found = find_request(ref, lock=True)
        intake.cancel(session, found, reason, actor=current_actor(), now=now())
    return shown(ref)


@bp.post("/crises/<ref>/close")
@may("crisis.change")
def close(ref: str) -> Response:
    """The crisis is over."""
    with writing() as session:
        intake.close(session, find_request(ref, lock=True), actor=current_actor(), now=now())
    return shown(ref)


@bp.post("/offers/<public_id>/withdraw")
@may("desk.act")
def withdraw(public_id: str) -> Response:
    """Takes one open offer back; the next expert is asked at once."""
    reason = text_field("reason")
    with writing() as session:
        found = find_offer(public_id)
        answers.withdraw_offer(session, found, actor=current_actor(), reason=reason, now=now())
    return jsonify(represent_offer(find_offer(public_id), staff=True))


@bp.post("/crises/<ref>/offers")
@may("desk.act")
def choose(ref: str) -> Response:
    """Offers the request to the expert whom the duty officer has chosen."""
    wanted, reason = text_field("expert", 26), text_field("reason")
    with writing() as session:
        found = find_request(ref, lock=True)
        expert = session.scalar(select(Expert).where(Expert.public_id == wanted))
        if expert is None:
            raise BodyError("expert", _("There is no expert with this id."))
        made = advance.offer_to(
            session, found, expert, actor=current_actor(), reason=reason, now=now()
        )
        public_id = made.public_id
    answer = jsonify(represent_offer(find_offer(public_id), staff=True))
    answer.status_code = 201
    return answer


@bp.errorhandler(advance.NotDeployableError)
def refuse_choice(error: advance.NotDeployableError) -> Response:
    """409: a hard filter stands against the chosen expert."""
    return problem(409, _("This expert cannot be asked"), str(error), reason=error.reason)


@bp.get("/crises/<ref>/candidates")
@may("desk.see")
def list_candidates(ref: str) -> Response:
    """Who would be asked now, nearest first, and why others would not."""
    limit = number_argument("limit", 50, 1000)
    found = find_request(ref)
    return jsonify(candidates.describe(db.session(), found, now(), limit=limit))
