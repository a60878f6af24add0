"""The beginning of an application: an address, and a link to it; and the same link once more."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import links
from core.access import open_to_all
from core.accounts.throttle import place_of
from core.clock import now
from core.db import db, writing
from core.i18n import current_language
from core.web import checks_own_token, lost_token
from roster.joining.drafts import latest_draft, owned_draft
from roster.joining.forms import BeginForm
from roster.joining.letters import NOMINATED, VALID_DAYS, begun_token_of, mail_link
from roster.joining.limits import HOUR_S, TooManyError, count_draft, may_ask_for_link
from roster.joining.views.blueprint import bp
from roster.joining.views.reader import has_read_mails_of
from roster.models import Application, Nomination


@bp.get("/apply")
@open_to_all
def start() -> str:
    """What is asked, and the address to begin with."""
    return _page(BeginForm())


@bp.get("/apply/nominated/<token>")
@open_to_all
def nominated(token: str) -> str:
    """The same for somebody whom a coordinator has named."""
    nomination = _nomination(db.session(), token)
    form = BeginForm()
    if nomination is not None:
        form.email.data, form.nomination.data = nomination.email, token
    return _page(form, nomination=nomination)


@bp.post("/apply")
@open_to_all
@checks_own_token
def begin() -> ResponseReturnValue:
    """A new draft; its link goes by mail, and the first page opens at once."""
    form = BeginForm()
    if not form.validate_on_submit():
        expired = lost_token(form)
        return _page(form, expired=expired), 400 if expired else 422
    try:
        with writing() as session:
            moment = now(session)
            count_draft(session, place_of(request.remote_addr), moment)
            nomination = _nomination(session, form.nomination.data or "")
            application = Application(
                email=form.email.data, language=current_language(), answers={},
                nomination_id=nomination.id if nomination else None,
                started_at=moment, updated_at=moment,
            )  # fmt: skip
            session.add(application)
            session.flush()
            token = begun_token_of(application)
            if _may_mail(session, application.email, moment):
                earlier = owned_draft(session, application.email)
                mail_link(session, application, moment, earlier)
    except TooManyError:
        return _page(form, held_up=True), 429, {"Retry-After": str(HOUR_S)}
    flash(_("We have sent you a mail with a link, so that you can stop and go on later."))
    return redirect(url_for("apply.overview", token=token), 303)


@bp.post("/apply/again")
@open_to_all
@checks_own_token
def again() -> ResponseReturnValue:
    """Mails the link of a draft once more; says nothing of whether there is one."""
    form = BeginForm()
    if not form.validate_on_submit():
        expired = lost_token(form)
        return _page(form, expired=expired), 400 if expired else 422
    with writing() as session:
        email, moment = form.email.data or "", now(session)
        draft = owned_draft(session, email) or latest_draft(session, email)
        if draft is not None and _may_mail(session, email, moment):
            mail_link(session, draft, moment)
    return render_template("joining/mailed.html")


def _may_mail(session: Session, email: str, moment: datetime) -> bool:
    place = place_of(request.remote_addr)
    return may_ask_for_link(session, email, place, moment, is_reader=has_read_mails_of(email))


def _nomination(session: Session, token: str) -> Nomination | None:
    public_id = links.read(NOMINATED, token, max_age_s=VALID_DAYS * 86_400) if token else None
    if public_id is None:
        return None
    return session.scalar(select(Nomination).where(Nomination.public_id == public_id))


def _page(form: BeginForm, **shown: object) -> str:
    return render_template("joining/start.html", form=form, **shown)
