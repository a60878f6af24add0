"""The second way to answer an offer: its signed link. GET shows, POST answers."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core.access import open_to_all
from core.clock import now
from core.db import db, writing
from core.doors import back_to_door, language_at_door
from core.i18n import speaking
from core.look import local_time
from core.web import checks_own_token
from dispatch import answers
from dispatch.forms import AnswerForm
from dispatch.lookup import not_found
from dispatch.models import Offer
from dispatch.offer_link import offer_behind
from dispatch.rules import terms
from dispatch.rules.escalation import is_late
from dispatch.wording.offers import works_remotely

bp = Blueprint("offer", __name__)
ACCEPT, DECLINE = "accept", "decline"


@bp.get("/offer/<token>")
@open_to_all
def show_offer(token: str) -> str:
    """What is asked, until when, and two buttons; in the expert's language unless they chose."""
    return _page(_find(token), token)


@bp.post("/offer/<token>")
@open_to_all
@checks_own_token
def answer_offer(token: str) -> ResponseReturnValue:
    """Takes the answer; what it led to is shown on the page again."""
    moment, form = now(), AnswerForm()
    choice = request.form.get("answer")
    if not form.validate_on_submit() or choice not in {ACCEPT, DECLINE}:
        return _page(_find(token), token, retry=True), 400
    offer = _find(token)
    with writing() as session:
        outcome = answers.answer_offer(
            session, offer, accept=choice == ACCEPT, received_at=moment, via="link"
        )
    return back_to_door("offer.show_offer", token, answered=outcome)


def _find(token: str) -> Offer:
    return offer_behind(db.session(), token) or not_found()


def _page(offer: Offer, token: str, *, retry: bool = False) -> str:
    with speaking(language_at_door(offer.expert.language)):
        return render_template(
            "dispatch/offer.html",
            offer=offer,
            crisis=offer.request,
            token=token,
            form=AnswerForm(),
            local_deadline=local_time(offer.deadline, offer.expert.time_zone),
            live=offer.status == terms.OPEN and not is_late(now(), offer.deadline),
            remotely=works_remotely(offer),
            state=_state(offer),
            retry=retry,
        )


def _state(offer: Offer) -> str:
    """What has become of the offer, as its expert should read it."""
    if offer.status == terms.WITHDRAWN and offer.request.status == terms.CANCELLED:
        return "cancelled"
    if offer.status == terms.WITHDRAWN and offer.request.status in {terms.ASSIGNED, terms.CLOSED}:
        return "taken"
    mission = offer.mission
    if mission is not None and mission.status not in terms.ACTIVE:
        return "mission_over"
    return offer.status
