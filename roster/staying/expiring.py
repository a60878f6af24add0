"""The turn that ends the standing of those whose last valid day is over.

Nobody could be asked since midnight anyway: the searches look at the date.
"""

import logging
from datetime import UTC, datetime

from sqlalchemy import Select, and_, or_, select

from core.db import db, writing
from roster import registrar
from roster.models import Expert
from roster.registrar.reach import SYSTEM
from roster.rules.terms import SUSPENDED, VETTED
from roster.staying.looking import FAULTS, LOST

log = logging.getLogger(__name__)
AT_ONCE = 500
WHY = "validity_over"


def expire_due(now: datetime) -> int:
    """Makes `expired` of everybody qualified or listed whose validity has ended; how many."""
    ids = db.session().scalars(_over(now)).all()
    return sum(_expire(expert_id, now) for expert_id in ids)


def _over(now: datetime) -> Select[int]:
    standing = or_(
        Expert.status.in_(VETTED),
        and_(Expert.status == SUSPENDED, Expert.status_before.in_(VETTED)),
    )
    # Named one by one, so that the index on status and date is used.
    possible = Expert.status.in_((*VETTED, SUSPENDED))
    ended = Expert.valid_until < now.astimezone(UTC).date()
    return select(Expert.id).where(possible, ended, standing).limit(AT_ONCE)


def _expire(expert_id: int, now: datetime) -> bool:
    """Whether it was done: another worker may be at it. Who cannot be expired stops nobody else."""
    try:
        with writing() as session:
            query = select(Expert).where(Expert.id.in_(_over(now).where(Expert.id == expert_id)))
            expert = session.scalar(query.with_for_update(of=Expert, skip_locked=True))
            if expert is None:
                return False
            registrar.expire(session, expert, WHY, actor=SYSTEM, now=now)
    except LOST:
        raise
    except FAULTS as fault:
        log.error("an expert was not expired", extra={"expert": expert_id}, exc_info=fault)
        return False
    return True
