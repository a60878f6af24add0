"""Where I am just now, if not at my base: found, shown on a map, confirmed, and cleared again."""

from collections.abc import Sequence
from datetime import date

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.access import current_actor, may
from core.clock import now
from core.db import writing
from core.places import PlaceFound, find_place
from dispatch.forms import MoveForm
from dispatch.me.blueprint import back_to, bp, own_expert
from dispatch.me.forms import PlaceChoiceForm, PlaceForm
from dispatch.views.map import draw_places
from roster.models import Expert
from roster.registrar import profile
from roster.rules.availability import end_of_day, last_day

MOST = 5


@bp.get("/place")
@may("own")
def show_place() -> ResponseReturnValue:
    """Asks for a place; once one is named, shows what it may mean on the map."""
    expert, form = own_expert(), PlaceForm(request.args)
    if "where" not in request.args:
        return _page(expert, PlaceForm())
    if not form.validate():
        return _page(expert, form), 422
    found = find_place(form.where.data or "", expert.country, MOST)
    if not found:
        form.where.errors = [
            _("We do not know this place. Try a larger town nearby, or coordinates.")
        ]
        return _page(expert, form), 422
    return _page(expert, form, found)


@bp.post("/place")
@may("own")
def set_place() -> ResponseReturnValue:
    """I am there until that day; the nearest is counted from there at once."""
    expert, form = own_expert(), PlaceChoiceForm()
    typed = PlaceForm(data={"where": form.where.data or "", "until": form.until.data})
    found = find_place(form.where.data or "", expert.country, MOST) if form.where.data else []
    chosen = next((place for place in found if key_of(place) == form.chosen.data), None)
    if not form.validate_on_submit() or chosen is None:
        typed.where.errors = [_("Choose the place.")]
        return _page(expert, typed, found), 422
    try:
        with writing() as session:
            _store(session, expert, chosen, form.until.data)
    except profile.ProfileError as error:
        typed.until.errors = [str(error)]
        return _page(own_expert(), typed, found), 422
    flash(_("Noted. While you are there, distances are counted from %(place)s.", place=chosen.name),
          "success")  # fmt: skip
    return back_to("me.show_availability")


@bp.post("/place/clear")
@may("own")
def clear_place() -> ResponseReturnValue:
    """I am back at my base."""
    expert = own_expert()
    with writing() as session:
        profile.clear_present_place(session, expert, actor=current_actor(), now=now())
    flash(_("Noted. Distances are counted from your base again."), "success")
    return back_to("me.show_availability")


def key_of(place: PlaceFound) -> str:
    """What tells one place found from another, as the form sends it back."""
    return f"{place.lat:.5f},{place.lon:.5f}"


def _store(session: Session, expert: Expert, place: PlaceFound, until: date | None) -> None:
    end = end_of_day(until, expert.time_zone) if until else None
    profile.set_present_place(
        session, expert, place.name, place.lat, place.lon,
        actor=current_actor(), now=now(), until=end,
    )  # fmt: skip


def _page(expert: Expert, form: PlaceForm, found: Sequence[PlaceFound] = ()) -> str:
    moment = now()
    there = expert.present_until is not None and expert.present_until > moment
    return render_template(
        "me/place.html",
        expert=expert,
        form=form,
        move=MoveForm(formdata=None),
        found=found,
        key_of=key_of,
        countries=get_locale().territories,
        map=draw_places([(place.lat, place.lon, place.name) for place in found]) if found else None,
        there_until=last_day(expert.present_until, expert.time_zone)
        if there and expert.present_until
        else None,
    )
