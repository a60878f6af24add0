"""Where experts say whether they stay: a signed link, no account. GET shows, POST answers."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from core.access import open_to_all
from core.clock import now
from core.db import db, writing
from core.doors import back_to_door, language_at_door
from core.i18n import speaking
from core.web import checks_own_token, lost_token
from roster import registrar
from roster.models import Expert, Notice
from roster.rules.terms import REMOVED
from roster.staying.forms import LEAVE, STAY, StayForm
from roster.staying.notices import is_answerable, notice_behind

bp = Blueprint("staying", __name__)


@bp.get("/stay/<token>")
@open_to_all
def show_notice(token: str) -> str:
    """The question, or what was answered; in the expert's language unless they chose another."""
    return _page(_find(token), token, None)


@bp.post("/stay/<token>")
@open_to_all
@checks_own_token
def answer_notice(token: str) -> ResponseReturnValue:
    """Takes the answer; sent twice, it is the same answer."""
    notice = _find(token)
    if not is_answerable(notice, now()):
        return _page(notice, token, None), 410
    with speaking(_language(notice)):
        form = StayForm()
        if not form.validate_on_submit():
            status = 400 if lost_token(form) else 422
            return _page(notice, token, form, retry=lost_token(form)), status
    answered = _act(notice, stays=form.answer.data == STAY, why=form.why.data or "")
    return back_to_door("staying.show_notice", token, answered=answered)


def _act(notice: Notice, *, stays: bool, why: str) -> str:
    """Does what was answered; the word for it, or that the entry does not allow it."""
    try:
        with writing() as session:
            expert = session.get_one(Expert, notice.expert_id)
            actor, moment = f"expert:{expert.public_id}", now()
            if stays:
                registrar.reconfirm(session, expert, actor=actor, now=moment)
            else:
                registrar.withdraw_expert(session, expert, why, actor=actor, now=moment)
    except registrar.WrongStandingError:
        return "over"
    return STAY if stays else LEAVE


def _find(token: str) -> Notice:
    return notice_behind(db.session(), token) or abort(404)


def _language(notice: Notice) -> str:
    return language_at_door(notice.expert.language)


def _page(notice: Notice, token: str, form: StayForm | None, *, retry: bool = False) -> str:
    with speaking(_language(notice)):
        return render_template(
            "staying/notice.html",
            expert=notice.expert,
            token=token,
            form=form or StayForm(formdata=None),
            retry=retry,
            has_left=notice.expert.status == REMOVED,
            open=is_answerable(notice, now()),
            answered=request.args.get("answered", ""),
        )
