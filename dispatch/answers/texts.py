"""A text that reached us: who sent it, what it says, what comes of it, and what we answer.

Every text is kept with its outcome, and each MessageSid acts once. A sender whom we do not know
gets silence.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.inserting import for_kind, unless_there
from dispatch import incidents
from dispatch.answers.commands import COMMANDS
from dispatch.answers.crisis import file_by_text
from dispatch.answers.heard import Heard, question_back
from dispatch.answers.said import FAILED, UNKNOWN, Arrived, Said
from dispatch.answers.staying import hear_stay
from dispatch.faults import FAULTS
from dispatch.models import InboundMessage
from dispatch.proving.hearing import asked_with, hear_code, newcomer
from dispatch.rules import vocabulary
from dispatch.rules.replies import Reply, parse
from roster import registrar
from roster.models import Expert
from roster.registrar.phones import Texter, experts_with, texters
from roster.registrar.renewal import was_proved_a_day_ago

TRIES = 2
# A text that is known already is not kept again, and holds nothing up.
KEEP = unless_there(InboundMessage, InboundMessage.id)
CAME_OF_IT = (
    update(InboundMessage)
    .where(InboundMessage.id == bindparam("kept"))
    .values({name: bindparam(name) for name in ("outcome", "answer", "expert_id", "offer_id")})
)
ANSWERED = select(InboundMessage.answer).where(InboundMessage.sid == bindparam("sid"))
ACCOUNTS = select(User).where(User.phone == bindparam("phone"), User.active).order_by(User.id)


def record_reply(
    session: Session, sid: str, sender: str, recipient: str, body: str, *, received_at: datetime
) -> str | None:
    """Takes in the text `sid` from `sender` (E.164) and returns the answer, None for silence.

    `received_at` (UTC) is when it reached us, before any lock. A text that came before gives the
    stored answer again and does nothing.
    """
    text = Arrived(sid, sender, body.replace("\x00", ""), received_at)
    kept = _keep(session, text, recipient)
    if kept is None:
        return session.scalars(ANSWERED, {"sid": sid}).one() or None
    said, text = _handle(session, text)
    session.flush()
    session.connection().execute(
        CAME_OF_IT,
        {
            "kept": kept, "outcome": said.outcome, "answer": said.answer or "",
            "expert_id": text.expert_id, "offer_id": text.offer_id,
        },
    )  # fmt: skip
    return said.answer


def _keep(session: Session, text: Arrived, recipient: str) -> int | None:
    """The number under which `text` is kept from now on; None when it came before."""
    values = {
        "sid": text.sid, "sender": text.sender, "recipient": recipient, "body": text.body,
        "received_at": text.received_at,
    }  # fmt: skip
    return session.connection().execute(for_kind(session, KEEP), values).scalar_one_or_none()


def _handle(session: Session, text: Arrived) -> tuple[Said, Arrived]:
    """What comes of `text`; a fault undoes all but the text, which is then a human's."""
    for _ in range(TRIES):
        found = replace(text)
        try:
            with session.begin_nested():
                return _act(session, found, text.received_at), found
        except OperationalError as fault:  # two transactions in each other's way: once more
            trouble: Exception = fault
            session.expire_all()  # what was undone
        except FAULTS as fault:
            trouble = fault
            break
    session.expire_all()  # what was undone
    incidents.record(
        session, f"text:{text.sid}"[:80], "dead_letter", text.received_at,
        error=type(trouble).__name__,
    )  # fmt: skip
    return Said(FAILED), text


def _act(session: Session, text: Arrived, now: datetime) -> Said:
    reply = parse(text.body)
    if reply.kind == vocabulary.CRISIS and (user := _account(session, text)):
        return file_by_text(session, user, reply.argument, now)
    texter, wanting = _who_is(session, text, reply)
    if texter is not None:
        return _of_expert(Heard(session, text, texter, reply, now))
    wanting = wanting or newcomer(session, text.sender, now)
    proof = hear_code(session, text, wanting, reply, now) if wanting else None
    if proof is not None and wanting is not None:
        text.expert_id = wanting.id  # their new phone, once it has proved itself
        return proof
    if user := _account(session, text):
        return question_back(session, text, user.language, None)
    return Said(UNKNOWN)


def _of_expert(heard: Heard) -> Said:
    session, texter, kind = heard.session, heard.texter, heard.reply.kind
    heard.message.expert_id = texter.id
    said = _of_the_roster(heard) or COMMANDS[kind](heard)
    if was_proved_a_day_ago(texter.phone_proved_at, heard.now):
        registrar.hear_phone(session, heard.expert, heard.now)
    if kind == vocabulary.STOP:
        _stop_others(session, heard.expert, heard.now)
    return said


def _of_the_roster(heard: Heard) -> Said | None:
    """What comes of a text that answers a question of the roster's, and not about a case."""
    if heard.reply.kind == vocabulary.UNCLEAR:
        return hear_code(heard.session, heard.message, heard.expert, heard.reply, heard.now)
    if heard.texter.was_asked:
        return hear_stay(heard.session, heard.expert, heard.reply, heard.now)
    return None


def _stop_others(session: Session, expert: Expert, now: datetime) -> None:
    """Whoever typed this number is not written to there any more, either."""
    for other in experts_with(session, expert.phone):
        registrar.opt_out(session, other, actor=f"expert:{expert.public_id}", now=now)


def _who_is(session: Session, text: Arrived, reply: Reply) -> tuple[Texter | None, Expert | None]:
    """The expert who writes, or else an expert who wants to have this phone, by the code we sent.

    Of several who gave the number it is the one whose code it is, else its holder.
    """
    known = {texter.id: texter for texter in texters(session, text.sender, reply.code)}
    asked = asked_with(session, text, reply)
    if asked is None:
        return next(iter(known.values()), None), None
    if asked.expert_id not in known:
        return None, asked.expert
    return known[asked.expert_id], None


def _account(session: Session, text: Arrived) -> User | None:
    """The account of a focal point or a duty officer whose phone it is."""
    users = session.scalars(ACCOUNTS, {"phone": text.sender})
    return next((user for user in users if user.is_a("focal_point", "duty_officer")), None)
