"""The door of the calendar feed: the signed address alone opens it, and nothing can be changed.

The other two doors make a new address, and close it.
"""

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.access import current_actor, may, open_to_all
from core.clock import now
from core.db import db, writing
from core.i18n import nearest_language, speaking
from dispatch.lookup import PUBLIC_ID
from dispatch.me import feed_address
from dispatch.me.blueprint import back_to, bp, own_expert
from dispatch.me.ical import calendar_of
from dispatch.me.own_missions import missions_of

MEDIA_TYPE = "text/calendar"


@bp.get("/calendar/<public_id>/<token>.ics")
@open_to_all
def show_feed(public_id: str, token: str) -> Response:
    """The calendar, unless the reader has it already (304)."""
    known = PUBLIC_ID.fullmatch(public_id)
    expert = feed_address.expert_behind(db.session(), public_id, token) if known else None
    if expert is None:
        abort(404)
    with speaking(nearest_language(expert.language)):
        made = calendar_of(expert, missions_of(db.session(), expert), now())
    answer = Response(made.content, mimetype=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = 'inline; filename="ip-roc.ics"'
    # Readers must ask each time, and may then hear that nothing is new.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.last_modified = made.changed_at
    answer.add_etag()
    return answer.make_conditional(request)


@bp.post("/calendar/renew")
@may("own")
def renew_feed() -> Response:
    """A new address; the one before leads nowhere any more."""
    expert = own_expert()
    with writing() as session:
        feed_address.renew(session, expert, actor=current_actor(), now=now())
    flash(_("Here is your new address. Any address from before no longer works."), "success")
    return back_to("me.show_availability")


@bp.post("/calendar/close")
@may("own")
def close_feed() -> Response:
    """No address leads to the calendar any more."""
    expert = own_expert()
    with writing() as session:
        feed_address.close(session, expert, actor=current_actor(), now=now())
    flash(_("The address no longer works."), "success")
    return back_to("me.show_availability")
