"""How many texts and calls a day go to the phones of applicants: anybody can type any number.

What is over it waits; the duty officers are told once, and see on the board that it does.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from core.db import writing
from dispatch import incidents
from dispatch.messages import tell_duty_officers
from dispatch.wording.duty import PROOF_CAP
from roster.joining.limits import count_proof, proofs_left
from roster.models import Expert, PhoneProof
from roster.rules.terms import APPLICANT

KEY = "cap:proofs"


def within_allowance(session: Session, now: datetime) -> ColumnElement[bool]:
    """Which proofs may be taken further at `now`: all, or once it is used up those of experts.

    What is over is ended in any case, as that sends nothing.
    """
    if proofs_left(session, now) > 0:
        return PhoneProof.id.is_not(None)
    applicants = exists().where(Expert.id == PhoneProof.expert_id, Expert.status == APPLICANT)
    return or_(~applicants, PhoneProof.expires_at <= now)


def may_send(session: Session, expert: Expert, now: datetime) -> bool:
    """Counts one more message to `expert`, if an applicant; False: not today."""
    return expert.status != APPLICANT or count_proof(session, now)


def tend_alarm(session: Session, now: datetime) -> None:
    """Raises the alarm when applicants wait for want of allowance; ends it when there is room.

    Opens a transaction only for one of the two.
    """
    is_empty, is_told = proofs_left(session, now) <= 0, incidents.find(session, KEY) is not None
    if is_told and not is_empty:
        with writing() as changing:
            incidents.settle(changing, KEY, now)
    elif is_empty and not is_told and _anybody_waits(session):
        with writing() as changing:
            if incidents.record(changing, KEY, PROOF_CAP, now):
                tell_duty_officers(changing, None, PROOF_CAP, now)


def _anybody_waits(session: Session) -> bool:
    query = (
        select(PhoneProof.id)
        .join(Expert, Expert.id == PhoneProof.expert_id)
        .where(PhoneProof.ended_at.is_(None), PhoneProof.sent_at.is_(None))
        .where(Expert.status == APPLICANT)
    )
    return session.scalar(query.limit(1)) is not None
