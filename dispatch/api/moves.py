"""The duty officer's moves over the API, and the office's own: cancel and close."""

from flask import Response, jsonify
from flask_babel import gettext as _
from flask_login import current_user

from core.access import current_actor, may
from core.clock import now
from core.db import db, writing
from dispatch import advance, answers, intake
from dispatch.api.blueprint import bp
from dispatch.api.crises import shown
from dispatch.api.reading import FieldError, number_argument, text_field
from dispatch.api.representation import represent_offer
from dispatch.choosing import candidates
from dispatch.lookup import find_expert, find_offer, find_request
from dispatch.views.reasons import reason_sentence


@bp.post("/crises/<ref>/confirm")
@may("desk.act")
def confirm(ref: str) -> Response:
    """The duty officer has called back: the search begins."""
    found = find_request(ref)
    with writing() as session:
        intake.confirm(session, found, officer=current_user, now=now())
    return shown(ref)


@bp.post("/crises/<ref>/pause")
@may("desk.act")
def pause(ref: str) -> Response:
    """Nobody new is asked until it is resumed."""
    found = find_request(ref)
    with writing() as session:
        intake.pause(session, found, actor=current_actor(), now=now())
    return shown(ref)


@bp.post("/crises/<ref>/resume")
@may("desk.act")
def resume(ref: str) -> Response:
    """The search goes on."""
    found = find_request(ref)
    with writing() as session:
        intake.resume(session, found, actor=current_actor(), now=now())
    return shown(ref)


@bp.post("/crises/<ref>/cancel")
@may("crisis.change")
def cancel(ref: str) -> Response:
    """Help is no longer needed: open offers are withdrawn and their experts told."""
    found, reason = find_request(ref), text_field("reason")
    with writing() as session:
        intake.cancel(session, found, reason, actor=current_actor(), now=now())
    return shown(ref)


@bp.post("/crises/<ref>/close")
@may("crisis.change")
def close(ref: str) -> Response:
    """The crisis is over."""
    found = find_request(ref)
    with writing() as session:
        intake.close(session, found, actor=current_actor(), now=now())
    return shown(ref)


@bp.post("/offers/<public_id>/withdraw")
@may("desk.act")
def withdraw(public_id: str) -> Response:
    """Takes one open offer back; the next expert is asked at once."""
    found, reason = find_offer(public_id), text_field("reason")
    with writing() as session:
        answers.withdraw_offer(session, found, actor=current_actor(), reason=reason, now=now())
    return jsonify(represent_offer(find_offer(public_id), staff=True))


@bp.post("/crises/<ref>/offers")
@may("desk.act")
def choose(ref: str) -> Response:
    """Offers the request to the expert whom the duty officer has chosen."""
    found, wanted, reason = find_request(ref), text_field("expert", 26), text_field("reason")
    expert = find_expert(wanted)
    if expert is None:
        raise FieldError("expert", _("There is no expert with this id."))
    with writing() as session:
        made = advance.offer_to(
            session, found, expert, actor=current_actor(), reason=reason, now=now()
        )
        public_id = made.public_id
    answer = jsonify(represent_offer(find_offer(public_id), staff=True))
    answer.status_code = 201
    return answer


@bp.get("/crises/<ref>/candidates")
@may("desk.see")
def list_candidates(ref: str) -> Response:
    """Who would be asked now, nearest first, and why others would not."""
    found, limit = find_request(ref), number_argument("limit", 50, 1000)
    seen = candidates.describe(db.session(), found, now(), limit=limit)
    for one in seen["excluded"]["nearest"]:
        one["sentence"] = reason_sentence(one["reason"], one["detail"])
    return jsonify(seen)
