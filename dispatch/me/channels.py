"""How I am reached: phone, mail, a test text, and what became of the last messages."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.access import may
from core.accounts import throttle
from core.clock import now
from core.db import db, writing
from core.i18n import left_to_right
from dispatch import messages
from dispatch.forms import MoveForm
from dispatch.me.blueprint import back_to, bp, own_expert
from dispatch.me.forms import PhoneForm
from dispatch.messages.recipients import channels_of, settings
from dispatch.models import Attempt
from roster import registrar
from roster.models import Expert, PhoneProof
from roster.registrar.phones import holder_of

LAST = 10
MOST_TESTS, TEST_WINDOW_S = 3, 60 * 60
MOST_PROOFS, PROOF_WINDOW_S = 3, 24 * 60 * 60 - 60  # what is older than a day is forgotten


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
        sent = not often and messages.send_test_text(session, expert, moment)
        if sent:
            throttle.count_try(session, key, moment, TEST_WINDOW_S)
    if often:
        flash(_("You have had three test texts within an hour. Try again later."), "error")
    elif not sent:
        flash(_("No text can be sent to you: see below."), "error")
    else:
        flash(
            _("A test text is on its way to %(phone)s.", phone=left_to_right(expert.phone)),
            "success",
        )
    return back_to("me.show_channels")


@bp.post("/phone")
@may("own")
def change_phone() -> ResponseReturnValue:
    """Sends a code to another number; the old one stays until that is answered."""
    expert, form = own_expert(), PhoneForm()
    if not form.validate_on_submit():
        return _page(expert, form), 422
    if expert.opted_out_at is not None:
        form.phone.errors = [_("You said STOP. Text START first, then change the number.")]
        return _page(expert, form), 422
    if holder_of(db.session(), form.number(), besides=expert) is not None:
        # Counted, too: or somebody could ask for every number whether it is on the roster.
        if not _count_proof(expert):
            return _refuse_more()
        form.phone.errors = [_("This number cannot be used. Ask us by mail, please.")]
        return _page(expert, form), 422
    return _ask_for_proof(expert, form.number())


@bp.post("/phone/prove")
@may("own")
def prove_phone() -> Response:
    """Sends a code to the number that I have."""
    expert = own_expert()
    return _ask_for_proof(expert, expert.phone)


def _ask_for_proof(expert: Expert, phone: str) -> Response:
    """Three a day: a code is a text to a phone that may be somebody else's."""
    with writing() as session:
        may_ask = _count_proof(expert)
        if may_ask:
            registrar.want_proof(session, expert, now=now(), phone=phone)
    if not may_ask:
        return _refuse_more()
    shown = left_to_right(phone)
    flash(_("A code is on its way to %(phone)s. Answer that text with it.", phone=shown), "success")
    return back_to("me.show_channels")


def _count_proof(expert: Expert) -> bool:
    """Counts one more number that is asked for; False when there were too many today."""
    with writing() as session:
        moment, key = now(), throttle.key_of("prove-phone", expert.public_id)
        if throttle.tries(session, key, moment, PROOF_WINDOW_S) >= MOST_PROOFS:
            return False
        throttle.count_try(session, key, moment, PROOF_WINDOW_S)
        return True


def _refuse_more() -> Response:
    flash(_("Three codes were sent within a day. Try again tomorrow."), "error")
    return back_to("me.show_channels")


def _page(expert: Expert, phone: PhoneForm | None = None) -> str:
    sender = settings().twilio_sender
    return render_template(
        "me/channels.html",
        expert=expert,
        channels=channels_of(expert, sender),
        sender=sender if sender.startswith("+") else "",
        awaited=_awaited(expert),
        attempts=_last_messages(expert),
        phone=phone or PhoneForm(formdata=None),
        move=MoveForm(formdata=None),
    )


def _awaited(expert: Expert) -> str:
    """The number from which the answer to a code is waited for, if any."""
    proofs = select(PhoneProof).where(
        PhoneProof.expert_id == expert.id, PhoneProof.ended_at.is_(None),
        PhoneProof.expires_at > now(),
    )  # fmt: skip
    latest = db.session.scalar(proofs.order_by(PhoneProof.id.desc()).limit(1))
    return latest.phone if latest else ""


def _last_messages(expert: Expert) -> list[Attempt]:
    own = select(Attempt).where(Attempt.expert_id == expert.id)
    return list(db.session.scalars(own.order_by(Attempt.id.desc()).limit(LAST)).unique())
