"""When I can be asked: the month at a glance, absences to add and to end, and the rest in brief."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from core.access import current_actor, may
from core.clock import now
from core.db import db, writing
from dispatch.forms import MoveForm
from dispatch.me.blueprint import back_to, bp, own_expert
from dispatch.me.feed_address import address_of
from dispatch.me.own_missions import days_of, missions_of
from dispatch.me.standing import standing_of
from roster import registrar
from roster.directory.profiles import rhythm_of
from roster.forms import AbsenceForm
from roster.hours import hours, weekly_hours
from roster.models import Absence, Expert
from roster.rules.availability import first_day, last_day
from roster.rules.month import month_of, next_month, read_month


@bp.get("/availability")
@may("own")
def show_availability() -> str:
    """The month that the address names, or the present one."""
    return _page(own_expert())


@bp.post("/absences")
@may("own")
def add_absence() -> ResponseReturnValue:
    """I am away: what I am being asked is taken back, and nothing else is asked."""
    expert, form = own_expert(), AbsenceForm()
    if not form.validate_on_submit() or form.first_day.data is None:
        return _page(expert, form), 422
    with writing() as session:
        registrar.add_absence(
            session, expert, form.first_day.data, form.last_day.data, form.why.data or "",
            actor=current_actor(), now=now(),
        )  # fmt: skip
    flash(_("Noted. You are not asked while you are away."), "success")
    return back_to("me.show_availability")


@bp.post("/absences/<int(max=2147483647):number>/end")
@may("own")
def end_absence(number: int) -> ResponseReturnValue:
    """I am back, or shall not go."""
    expert = own_expert()
    with writing() as session:
        absence = session.get(Absence, number)
        if absence is None or absence.expert_id != expert.id:
            abort(404)
        registrar.end_absence(session, expert, absence, actor=current_actor(), now=now())
    flash(_("The absence is ended."), "success")
    return back_to("me.show_availability")


def _page(expert: Expert, absence: AbsenceForm | None = None) -> str:
    moment, zone = now(), ZoneInfo(expert.time_zone)
    today = moment.astimezone(zone).date()
    year, month = read_month(request.args.get("month", ""), today)
    weeks = month_of(
        rhythm_of(expert), year, month, get_locale().first_week_day,
        [days_of(mission, zone, moment) for mission in missions_of(db.session(), expert)],
    )  # fmt: skip
    return render_template(
        "me/availability.html",
        expert=expert,
        standing=standing_of(db.session(), expert, moment),
        weeks=weeks,
        today=today,
        month=date(year, month, 1),
        before=next_month(year, month, -1),
        after=next_month(year, month),
        weekdays=get_locale().days["stand-alone"],
        absences=_to_come(expert, moment),
        first_day=first_day,
        last_day=last_day,
        weekly=weekly_hours(expert),
        quiet=hours(expert.quiet_from, expert.quiet_until),
        feed=address_of(db.session(), expert),
        absence=absence or AbsenceForm(formdata=None),
        move=MoveForm(formdata=None),
        now=moment,
    )


def _to_come(expert: Expert, now: datetime) -> list[Absence]:
    still = [one for one in expert.absences if one.ends_at is None or one.ends_at > now]
    return sorted(still, key=lambda one: one.starts_at)
