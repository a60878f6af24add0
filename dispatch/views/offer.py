"""The second way to answer an offer: its signed link. GET shows and changes nothing; POST answers."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.access import open_to_all
from core.clock import now
from core.db import db, writing
from core.i18n import speaking
from core.links import read as read_link
from dispatch import answers
from dispatch.forms import AnswerForm
from dispatch.lookup import not_found
from dispatch.models import Offer
from dispatch.rules import terms
from dispatch.views.words import kind_name, local_time

bp = Blueprint("offer", __name__)
LINK = "offer"


@bp.get("/offer/<token>")
@open_to_all
def show_offer(token: str) -> str:
    """What is asked, until when, and two buttons; in the expert's language unless they chose."""
    return _page(_find(token), token)


@bp.post("/offer/<token>")
@open_to_all
def answer_offer(token: str) -> Response | tuple[str, int]:
    """Takes the answer; what it led to is shown on the page again."""
    moment = now()
    form = AnswerForm()
    choice = request.form.get("answer")
    if not form.validate_on_submit() or choice not in {"accept", "decline"}:
        return _page(_find(token), token, retry=True), 400
    with writing() as session:
        outcome = answers.answer_offer(
            session, _find(token), accept=choice == "accept", received_at=moment, via="link"
        )
    return redirect(
        url_for("offer.show_offer", token=token, answered=outcome, lang=request.args.get("lang")),
        303,
    )


def _find(token: str) -> Offer:
    public_id = read_link(LINK, token)
    if public_id is None:
        not_found()
    query = select(Offer).where(Offer.public_id == public_id)
    return db.session.scalars(query).unique().one_or_none() or not_found()


def _page(offer: Offer, token: str, *, retry: bool = False) -> str:
    moment = now()
    with speaking(request.args.get("lang") or offer.expert.language):
        return render_template(
            "dispatch/offer.html",
            offer=offer,
            crisis=offer.request,
            token=token,
            form=AnswerForm(),
            kind_name=kind_name(offer.request.kind),
            local_deadline=local_time(offer.deadline, offer.expert.time_zone),
            live=offer.status == terms.OPEN and moment < offer.deadline,
            answered=request.args.get("answered"),
            retry=retry,
        )
