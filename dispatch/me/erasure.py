"""Being forgotten: explained first, then confirmed by a word and the password, then done."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import logout_user

from core.access import current_actor, may
from core.accounts import throttle
from core.clock import now
from core.db import db, writing
from dispatch.me.blueprint import bp, own_expert
from dispatch.me.forms import ErasureForm
from dispatch.me.own_missions import running_of
from roster import registrar
from roster.models import Expert

MOST_FAILURES, FAILURE_WINDOW_S = 5, 15 * 60


@bp.get("/erase")
@may("own")
def show_erasure() -> str:
    """What goes, what stays and why."""
    return _page(own_expert(), ErasureForm(formdata=None))


@bp.post("/erase")
@may("own")
def erase() -> ResponseReturnValue:
    """Forgets me, at once and for good; whoever is on a mission ends it first."""
    expert, form = own_expert(), ErasureForm()
    if not form.validate_on_submit() or not _is_me(form):
        return _page(expert, form), 422
    try:
        with writing() as session:
            registrar.erase(session, expert, actor=current_actor(), now=now())
    except registrar.ErasureRefusedError:
        form.word.errors = [_("You are on a mission. End it first, then erase your data.")]
        return _page(own_expert(), form), 422
    logout_user()
    return render_template("me/erased.html")


def _is_me(form: ErasureForm) -> bool:
    """Whether the password is right; after five wrong ones nobody may try for a while.

    Compared before any write transaction begins, since that takes a while on purpose.
    """
    key = throttle.key_of("erase", current_user.public_id)
    if throttle.tries(db.session(), key, now(), FAILURE_WINDOW_S) >= MOST_FAILURES:
        form.password.errors = [_("Too many attempts. Wait 15 minutes.")]
        return False
    good: bool = current_user.verify_and_update_password(form.password.data or "")
    with writing() as session:
        if good:
            throttle.forget_tries(session, key)
        else:
            throttle.count_try(session, key, now(), FAILURE_WINDOW_S)
    if not good:
        form.password.errors = [_("This is not your password.")]
    return good


def _page(expert: Expert, form: ErasureForm) -> str:
    running = bool(running_of(db.session(), expert))
    return render_template("me/erase.html", expert=expert, form=form, running=running)
