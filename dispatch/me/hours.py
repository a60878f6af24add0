"""The hours in which I may be asked, my quiet hours, and whose clock that is."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import current_actor, may
from core.clock import now
from core.db import writing
from core.look import local_time
from dispatch.me.blueprint import back_to, bp, own_expert
from dispatch.me.forms import DAYS, QuietForm, WeekForm, ZoneForm
from roster.models import Expert
from roster.registrar import profile


@bp.get("/hours")
@may("own")
def show_hours() -> str:
    """All three forms, filled in."""
    return _page(own_expert())


@bp.post("/hours")
@may("own")
def change_hours() -> ResponseReturnValue:
    """Stores the weekly hours."""
    expert, form = own_expert(), WeekForm()
    if not form.validate_on_submit():
        return _page(expert, week=form), 422
    with writing() as session:
        profile.set_weekly_hours(session, expert, form.hours, actor=current_actor(), now=now())
    if form.hours:
        flash(_("Your hours are saved."), "success")
    else:
        flash(_("Saved. You may be asked at any time of the week."), "success")
    return back_to("me.show_availability")


@bp.post("/quiet")
@may("own")
def change_quiet_hours() -> ResponseReturnValue:
    """Stores the quiet hours, or that there are none."""
    expert, form = own_expert(), QuietForm()
    if not form.validate_on_submit():
        return _page(expert, quiet=form), 422
    try:
        with writing() as session:
            profile.set_quiet_hours(session, expert, form.quiet(), actor=current_actor(), now=now())
    except profile.ProfileError as error:
        form.quiet_until.errors = [str(error)]
        return _page(own_expert(), quiet=form), 422
    flash(_("Your quiet hours are saved."), "success")
    return back_to("me.show_availability")


@bp.post("/zone")
@may("own")
def change_zone() -> ResponseReturnValue:
    """From now on all my hours are read on another clock."""
    expert, form = own_expert(), ZoneForm()
    form.offer(expert.time_zone)
    if not form.validate_on_submit():
        return _page(expert, zone=form), 422
    with writing() as session:
        profile.set_time_zone(
            session, expert, form.time_zone.data, actor=current_actor(), now=now()
        )
    flash(_("Your time zone is saved."), "success")
    return back_to("me.show_availability")


def _page(
    expert: Expert,
    week: WeekForm | None = None,
    quiet: QuietForm | None = None,
    zone: ZoneForm | None = None,
) -> str:
    if week is None:
        week = WeekForm(formdata=None)
        week.show(expert)
    if quiet is None:
        quiet = QuietForm(formdata=None)
        quiet.show(expert)
    if zone is None:
        zone = ZoneForm(formdata=None, data={"time_zone": expert.time_zone})
        zone.offer(expert.time_zone)
    here = local_time(now(), expert.time_zone)
    return render_template(
        "me/hours.html", expert=expert, week=week, days=DAYS, quiet=quiet, zone=zone, here=here
    )
