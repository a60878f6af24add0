"""The last look at an application, and its sending."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from core.access import open_to_all
from core.accounts.throttle import place_of
from core.clock import now
from core.db import db, writing
from core.i18n import current_language
from core.web import checks_own_token
from roster.joining.limits import DAY_S, TooManyError, count_sent
from roster.joining.reading import IncompleteApplicationError, read_filled
from roster.joining.sending import hold
from roster.joining.sending import send as send_off
from roster.joining.summary import summarise
from roster.joining.views.blueprint import bp, find_draft, page


@bp.get("/apply/<token>/check")
@open_to_all
def check(token: str) -> ResponseReturnValue:
    """All answers, each with a way back to its page."""
    draft = find_draft(token)
    if draft.missing():
        return redirect(url_for("apply.overview", token=token), 303)
    return _page(token)


@bp.post("/apply/<token>/check")
@open_to_all
@checks_own_token
def send(token: str) -> ResponseReturnValue:
    """Sends it, once however often the button is pressed."""
    draft = find_draft(token)
    if not FlaskForm().validate_on_submit():
        return _page(token, expired=True), 400
    application_id = draft.application.id
    try:
        with writing() as session:
            application, moment = hold(session, application_id), now(session)
            if application.sent_at is None:
                phone = read_filled(session, application).phone
                count_sent(session, place_of(request.remote_addr), phone, moment)
            send_off(session, application, moment, by_mail=draft.by_mail)
    except IncompleteApplicationError:
        pass  # the list shows what is missing
    except TooManyError:
        return _page(token, held_up=True), 429, {"Retry-After": str(DAY_S)}
    return redirect(url_for("apply.overview", token=token), 303)


def _page(token: str, **shown: bool) -> str:
    draft = find_draft(token)
    answers = summarise(db.session(), draft, current_language())
    return page("check", draft, token, "", answers=answers, form=FlaskForm(formdata=None), **shown)
