"""A yes or a no to the yearly question whether somebody stays, by the code of our text.

The code is of one notice to one phone, and of no offer to it: nothing else can be meant.
"""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from dispatch import wording as all_wording
from dispatch.answers.said import Said
from dispatch.rules import vocabulary
from dispatch.rules.replies import Reply
from dispatch.wording import staying as wording
from roster import registrar
from roster.models import Expert, Notice
from roster.staying.notices import is_answerable, link_of

WITH_CODE = select(Notice).where(
    Notice.expert_id == bindparam("expert"), Notice.code == bindparam("code")
)
STAYS, LEAVES, OVER = "stays", "asks_to_leave", "stay_over"


def hear_stay(session: Session, expert: Expert, reply: Reply, now: datetime) -> Said | None:
    """What comes of `reply` when its code is that of a notice to `expert`; None: of something else.

    A yes reconfirms, and shows that the phone is theirs; leaving is for the page behind the link.
    """
    if reply.kind not in {vocabulary.ACCEPT, vocabulary.DECLINE, vocabulary.WITHDRAW}:
        return None
    notice = _notice(session, expert, reply.code)
    if notice is None:
        return None
    if not is_answerable(notice, now):
        return Said(OVER, all_wording.over_text(expert.language))
    if reply.kind != vocabulary.ACCEPT:
        return Said(LEAVES, wording.leave_text(expert.language, link_of(notice)))
    registrar.hear_phone(session, expert, now, proves=True)
    if notice.answered_at is None:
        try:
            registrar.reconfirm(session, expert, actor=f"expert:{expert.public_id}", now=now)
        except registrar.WrongStandingError:
            return Said(OVER, all_wording.over_text(expert.language))
    return Said(STAYS, wording.stayed_text(expert.language))


def _notice(session: Session, expert: Expert, code: str | None) -> Notice | None:
    if not code:
        return None
    return session.scalar(WITH_CODE, {"expert": expert.id, "code": code})
