"""Does what a policy asks for besides offers: tells duty officers and the office, once a search."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core import audit
from dispatch.messages import tell_duty_officers, tell_office
from dispatch.models import CrisisRequest, EscalationStep
from dispatch.rules.escalation import TELL_UNFILLED
from dispatch.wording.offices import UNFILLED

DONE = insert(EscalationStep)


def do_steps(session: Session, request: CrisisRequest, steps: Iterable[str], now: datetime) -> None:
    """Does `steps` of rules.escalation, and remembers that they are done.

    The internal specialist is no account of their own: duty officers are told to ask them.
    """
    for step in steps:
        session.connection().execute(
            DONE, {"request_id": request.id, "search": request.search, "step": step, "at": now}
        )
        audit.record(
            session, actor="system", action=f"step.{step}", subject=f"request:{request.ref}",
            now=now, search=request.search,
        )  # fmt: skip
        tell_duty_officers(session, request, step, now)
        if step == TELL_UNFILLED:
            tell_office(session, request, UNFILLED, now)
