"""How I am reached: phone, mail, a test text, and what became of the last messages."""

from flask import flash, render_template
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.access import may
from core.accounts import throttle
from core.clock import now
from core.db import db, writing
from dispatch import messages
from dispatch.forms import MoveForm
from dispatch.me.blueprint import back_to, bp, own_expert
from dispatch.me.forms import PhoneForm
from dispatch.messages.recipients import channels_of, settings
from dispatch.models import Attempt
from roster.models import Expert

LAST = 10
MOST_TESTS, TEST_WINDOW_S = 3, 60 * 60


@bp.get("/channels")
@may("own")
def show_channels() -> str:
    """Phone and mail, whether they work, and the last messages."""
    return _page(own_expert())


@bp.post("/test-text")
@may("own")
def send_test_text() -> Response:
    """Sends a text to my own phone; three an hour."""
    expert = own_expert()
    with writing() as session:
        moment = now()
        key = throttle.key_of("test-text", expert.public_id)
        often = throttle.tries(session, key, moment, TEST_WINDOW_S) >= MOST_TESTS
        sent = None if often else messages.send_test_text(session, expert, moment)
        if sent is not None:
            throttle.count_try(session, key, moment, TEST_WINDOW_S)
    if often:
        flash(_("You have had three test texts within an hour. Try again later."), "error")
    elif sent is None:
        flash(_("No text can be sent to you: see below."), "error")
    else:
        flash(_("A test text is on its way to %(phone)s.", phone=expert.phone), "success")
    return back_to("me.show_channels")


def _page(expert: Expert, phone: PhoneForm | None = None) -> str:
    sender = settings().twilio_sender
    return render_template(
        "me/channels.html",
        expert=expert,
        channels=channels_of(expert, sender),
        sender=sender if sender.startswith("+") else "",
        attempts=_last_messages(expert),
        phone=phone or PhoneForm(formdata=None),
        move=MoveForm(formdata=None),
    )


def _last_messages(expert: Expert) -> list[Attempt]:
    own = select(Attempt).where(Attempt.expert_id == expert.id)
    return list(db.session.scalars(own.order_by(Attempt.id.desc()).limit(LAST)).unique())
