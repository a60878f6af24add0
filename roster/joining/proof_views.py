"""The last way to prove a phone: the page behind the link in a text. GET shows, POST proves."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from core.access import open_to_all
from core.clock import now
from core.db import db, writing
from core.doors import back_to_door, language_at_door
from core.i18n import speaking
from core.web import checks_own_token
from roster import registrar
from roster.joining.proof_link import proof_behind
from roster.models import PhoneProof
from roster.registrar.phones import PhoneTakenError
from roster.registrar.proof import is_open
from roster.rules import stages

bp = Blueprint("phone", __name__)


@bp.get("/phone/<token>")
@open_to_all
def show(token: str) -> str:
    """The question and a button; in the language of whoever was asked, unless they chose."""
    return _page(_find(token), token)


@bp.post("/phone/<token>")
@open_to_all
@checks_own_token
def prove(token: str) -> ResponseReturnValue:
    """Notes that the phone is theirs; a link shows nothing of texts that can be answered."""
    if not FlaskForm().validate_on_submit():
        return _page(_find(token), token, retry=True), 400
    try:
        with writing() as session:
            proof = _find(token)
            registrar.prove_phone(session, proof, way=stages.BY_LINK, now=now(session))
    except PhoneTakenError as taken:
        return _page(_find(token), token, taken=str(taken)), 409
    return back_to_door("phone.show", token)


def _find(token: str) -> PhoneProof:
    proof = proof_behind(db.session(), token)
    if proof is None or proof.way != stages.BY_LINK:
        abort(404)
    return proof


def _page(proof: PhoneProof, token: str, **shown: object) -> str:
    with speaking(language_at_door(proof.expert.language)):
        return render_template(
            "joining/phone.html", proof=proof, token=token, form=FlaskForm(formdata=None),
            is_open=is_open(proof, now()), **shown,
        )  # fmt: skip
