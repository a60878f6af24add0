"""How much I take on, in which ways, and in which language I am written to."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import current_actor, may
from core.clock import now
from core.db import writing
from core.i18n import nearest_language
from dispatch.me.blueprint import back_to, bp, own_expert
from dispatch.me.forms import LimitsForm, shown_limit
from roster.registrar import profile


@bp.get("/limits")
@may("own")
def show_limits() -> str:
    """What is stored, to be changed."""
    form = LimitsForm(formdata=None)
    form.show(own_expert())
    return render_template("me/limits.html", form=form)


@bp.post("/limits")
@may("own")
def change_limits() -> ResponseReturnValue:
    """Stores all three at once."""
    expert, form = own_expert(), LimitsForm()
    if not form.validate_on_submit():
        return render_template("me/limits.html", form=form), 422
    actor = current_actor()
    with writing() as session:
        moment = now()
        # What the lists cannot show, they must not overwrite either.
        if form.limit.data != shown_limit(expert):
            profile.set_limit(session, expert, int(form.limit.data), actor=actor, now=moment)
        profile.set_modes(session, expert, form.modes.data or [], actor=actor, now=moment)
        if form.language.data != nearest_language(expert.language):
            profile.set_language(session, expert, form.language.data, actor=actor, now=moment)
    flash(_("Saved."), "success")
    return back_to("me.show_availability")
