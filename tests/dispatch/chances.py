"""What random histories of dispatch are made of, and how one leaves the database for the next."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import Base, writing
from dispatch.models import CrisisRequest, Offer
from roster import registrar
from roster.models import Expert

BEGIN = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
KEPT = {"audit_row", "office", "region", "language", "skill", "crisis_kind", "kind_skill",
        "service", "place", "place_name", "reference_stamp", "escalation_policy", "role",
        "user_account", "user_role"}  # fmt: skip
EXPERTS = st.integers(0, 3)
REQUESTS = st.integers(0, 3)
SEVERITIES = st.sampled_from((1, 1, 2, 3))
TRUSTED = st.sampled_from((True, True, True, False))
VERBS = st.sampled_from(("suspend", "away", "opt_out", "expire", "reinstate", "back", "opt_in"))
WORDS = ("AWAY 3", "BACK", "STOP", "START", "STATUS", "?", "maybe", "1 or 2", "YES", "DONE",
         "WITHDRAW")  # fmt: skip


def wipe() -> None:
    """Forgets all that earlier histories left, but for people, reference rows and the audit."""
    with writing() as session:
        session.execute(update(CrisisRequest).values(filed_by=None, confirmed_by=None))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in KEPT:
                session.execute(table.delete())


def change(session: Session, expert: Expert, verb: str, now: datetime) -> None:
    """What HR or the expert changes on the roster; raises WrongStandingError."""
    said: dict[str, Any] = {"actor": "hr", "now": now}
    if verb == "suspend":
        registrar.suspend(session, expert, "complaint", **said)
    elif verb == "away":
        registrar.set_away(session, expert, now + timedelta(hours=2), **said)
    elif verb == "back":
        registrar.end_absences(session, expert, **said)
    elif verb in {"expire", "renew"}:
        days = -1 if verb == "expire" else 400
        expert.valid_until = (now + timedelta(days=days)).date()
        registrar.tell(session, expert, verb, **said)
    else:
        getattr(registrar, verb)(session, expert, **said)


def last_code(session: Session, expert: Expert) -> str | None:
    """The code of the newest offer that `expert` had, open or not."""
    codes = select(Offer.code).where(Offer.expert_id == expert.id)
    return session.scalar(codes.order_by(Offer.id.desc()).limit(1))


def words_of(session: Session, expert: Expert, accept: bool, form: str) -> str:
    """A yes or a no of `expert`: bare, or with their own code, an old one, or somebody else's."""
    digit = "1" if accept else "2"
    if form == "bare":
        return digit
    own = select(Offer.code).order_by(Offer.id.desc()).limit(1)
    wanted = {
        "code": own.where(Offer.expert_id == expert.id, Offer.status == "open"),
        "old": own.where(Offer.expert_id == expert.id, Offer.status != "open"),
        "other": own.where(Offer.expert_id != expert.id, Offer.status == "open"),
    }[form]
    return f"{digit} {session.scalar(wanted) or 'Z9Z9'}"
