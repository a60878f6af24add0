"""A text that reached us: who sent it, what it says, what comes of it, and what we answer.

Every text is kept with its outcome, and each MessageSid acts once. A sender whom we do not know
gets silence.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from core.accounts.models import User
from dispatch import incidents
from dispatch.answers.commands import COMMANDS
from dispatch.answers.crisis import file_by_text
from dispatch.answers.heard import Heard, question_back
from dispatch.answers.said import FAILED, UNKNOWN, Said
from dispatch.answers.staying import hear_stay
from dispatch.faults import FAULTS
from dispatch.models import InboundMessage
from dispatch.proving.hearing import asked_with, hear_code, newcomer
from dispatch.rules import vocabulary
from dispatch.rules.replies import Reply, parse
from roster import registrar
from roster.models import Expert
from roster.registrar.phones import experts_with

TRIES = 2


@dataclass(frozen=True)
class Sender:
    """Whose phone it is: an expert's, an account's, both, or nobody's that we know.

    `wanting` is an expert who answers from it with the code that we sent there, to have it.
    """

    expert: Expert | None
    user: User | None
    wanting: Expert | None = None


def record_reply(
    session: Session, sid: str, sender: str, recipient: str, body: str, *, received_at: datetime
) -> str | None:
    """Takes in the text `sid` from `sender` (E.164) and returns the answer, None for silence.

    `received_at` (UTC) is when it reached us, before any lock. A text that came before gives the
    stored answer again and does nothing.
    """
    message = InboundMessage(
        sid=sid, sender=sender, recipient=recipient, body=body.replace("\x00", ""),
        received_at=received_at,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(message)
            session.flush()
    except IntegrityError:
        stored = select(InboundMessage.answer).where(InboundMessage.sid == sid)
        return session.scalars(stored).one() or None
    said = _handle(session, message, received_at)
    message.outcome = said.outcome
    message.answer = said.answer or ""
    session.flush()
    return said.answer


def _handle(session: Session, message: InboundMessage, now: datetime) -> Said:
    """What comes of `message`; a fault undoes all but the text, which is then a human's."""
    for _ in range(TRIES):
        try:
            with session.begin_nested():
                return _act(session, message, now)
        except OperationalError as fault:  # two transactions in each other's way: once more
            trouble: Exception = fault
        except FAULTS as fault:
            trouble = fault
            break
    incidents.record(
        session, f"text:{message.sid}"[:80], "dead_letter", now, error=type(trouble).__name__
    )
    return Said(FAILED)


def _act(session: Session, message: InboundMessage, now: datetime) -> Said:
    reply = parse(message.body)
    sender = _who_is(session, message, reply)
    if sender.user is not None and reply.kind == vocabulary.CRISIS:
        return file_by_text(session, sender.user, reply.argument, now)
    if sender.expert is not None:
        message.expert_id = sender.expert.id
        heard = (
            hear_code(session, message, sender.expert, reply, now)
            or hear_stay(session, sender.expert, reply, now)
            or _of_expert(session, message, sender.expert, reply, now)
        )
        registrar.hear_phone(session, sender.expert, now)
        if reply.kind == vocabulary.STOP:
            _stop_others(session, sender.expert, now)
        return heard
    wanting = sender.wanting or newcomer(session, message.sender, now)
    proof = hear_code(session, message, wanting, reply, now) if wanting else None
    if proof is not None and wanting is not None:
        message.expert_id = wanting.id  # their new phone, once it has proved itself
        return proof
    if sender.user is not None:
        return question_back(session, message, sender.user.language, None)
    return Said(UNKNOWN)


def _stop_others(session: Session, expert: Expert, now: datetime) -> None:
    """Whoever typed this number is not written to there any more, either."""
    for other in experts_with(session, expert.phone):
        registrar.opt_out(session, other, actor=f"expert:{expert.public_id}", now=now)


def _of_expert(
    session: Session, message: InboundMessage, expert: Expert, reply: Reply, now: datetime
) -> Said:
    heard = Heard(session, message, expert, reply, now)
    return COMMANDS[reply.kind](heard)


def _who_is(session: Session, message: InboundMessage, reply: Reply) -> Sender:
    """Who writes: of several who gave the number, the one whose code it is, else its holder."""
    experts = experts_with(session, message.sender)
    asked = asked_with(session, message, reply)
    users = select(User).where(User.phone == message.sender, User.active).order_by(User.id)
    known = [
        user for user in session.scalars(users).unique() if user.is_a("focal_point", "duty_officer")
    ]
    user = known[0] if known else None
    if asked is not None and asked.expert not in experts:
        return Sender(None, user, wanting=asked.expert)
    meant = asked.expert if asked else next(iter(experts), None)
    return Sender(meant, user)
