"""Nominations by a coordinator: the person named is invited by mail, and applies for themself."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from core.access import may
from core.clock import now
from core.db import writing
from core.i18n import current_language
from core.web import checks_own_token, lost_token
from roster import registrar
from roster.joining.forms import NominationForm
from roster.joining.letters import mail_nominated, mail_nominated_known
from roster.joining.limits import DAY_S, TooManyError, count_nomination
from roster.models import Expert
from roster.registrar.nominating import NominationError

bp = Blueprint("nominations", __name__)


@bp.get("/nominate")
@may("roster.nominate")
def form() -> str:
    """Whom, and why."""
    asked = NominationForm()
    asked.language.data = current_language()
    return _page(asked)


@bp.post("/nominate")
@may("roster.nominate")
@checks_own_token
def nominate() -> ResponseReturnValue:
    """Invites them; whether they are on the roster already is told to them alone."""
    asked = NominationForm()
    if not asked.validate_on_submit():
        expired = lost_token(asked)
        return _page(asked, expired=expired), 400 if expired else 422
    try:
        _invite(asked)
    except NominationError as fault:
        asked.email.errors = [str(fault)]
        return _page(asked), 422
    except TooManyError:
        return _page(asked, held_up=True), 429, {"Retry-After": str(DAY_S)}
    return redirect(url_for("nominations.thanks"), 303)


@bp.get("/nominate/thanks")
@may("roster.nominate")
def thanks() -> str:
    """What happens now."""
    return render_template("joining/nominated.html")


def _invite(asked: NominationForm) -> None:
    with writing() as session:
        moment, by = now(session), current_user._get_current_object()
        count_nomination(session, by.public_id, moment)
        nomination = registrar.nominate(
            session, by, name=asked.name.data or "", email=asked.email.data or "",
            language=asked.language.data, reason=asked.reason.data or "", now=moment,
        )  # fmt: skip
        name = by.name or by.email
        there = session.scalar(select(Expert).where(Expert.email == nomination.email))
        if there is None or registrar.may_apply_again(session, there, nomination.email):
            mail_nominated(session, nomination, name, moment)
        else:
            mail_nominated_known(session, there, name, moment)


def _page(asked: NominationForm, **shown: object) -> str:
    return render_template("joining/nominate.html", form=asked, **shown)
