"""A text of an expert as far as the grammar goes, and which offer or mission of theirs it means.

Finds only; what follows is done by `commands` and `replying`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from dispatch import wording
from dispatch.answers.held import hold_offer
from dispatch.answers.said import UNCLEAR, Arrived, Said
from dispatch.choosing.occupied import OPEN
from dispatch.models import InboundMessage, Mission, Offer
from dispatch.rules import terms
from dispatch.rules.escalation import is_late
from dispatch.rules.replies import Reply
from roster.directory.profiles import LEAN
from roster.models import Expert
from roster.registrar.phones import Texter

ASK_AGAIN = timedelta(hours=1)
REMEMBERED = timedelta(days=7)  # how long a bare answer may mean the last offer

OWN = select(Offer.id, Offer.request_id, Offer.status).where(Offer.expert_id == bindparam("expert"))
LIVE = OWN.where(Offer.status == OPEN)
LATEST = OWN.order_by(Offer.id.desc()).limit(1)
WITH_CODE = LATEST.where(Offer.code == bindparam("code"))
LAST = LATEST.where(Offer.created_at > bindparam("since"))


@dataclass(frozen=True)
class Heard:
    """A text of an expert, understood as far as the grammar goes."""

    session: Session
    message: Arrived
    texter: Texter
    reply: Reply
    now: datetime

    @property
    def expert(self) -> Expert:
        """Who writes, as an object; an answer to an offer can do without."""
        return self.session.get_one(Expert, self.texter.id, options=[LEAN])

    @property
    def language(self) -> str:
        """The expert's."""
        return self.texter.language

    @property
    def actor(self) -> str:
        """As the audit names the expert."""
        return f"expert:{self.texter.public_id}"


@dataclass(frozen=True)
class Meant:
    """The offer that a text is about, as it stood before its request was held."""

    id: int
    request_id: int
    status: str


def question_back(session: Session, message: Arrived, language: str, offer: Offer | None) -> Said:
    """Asks what was meant: once an hour about the same offer, so that two machines never talk on.

    The text is on the duty board either way.
    """
    message.offer_id = offer.id if offer else None
    asked = select(InboundMessage.id).where(
        InboundMessage.sender == message.sender,
        InboundMessage.outcome == UNCLEAR,
        InboundMessage.answer != "",
        InboundMessage.offer_id.is_not_distinct_from(message.offer_id),
        InboundMessage.received_at > message.received_at - ASK_AGAIN,
    )
    if session.scalar(asked.limit(1)) is not None:
        return Said(UNCLEAR)
    return Said(UNCLEAR, wording.unclear_text(language, offer.code if offer else None))


def meant(heard: Heard) -> Meant | None:
    """The offer with the code given; without one the live offer, else the last one there was."""
    if heard.reply.code:
        return _find(heard, WITH_CODE, code=heard.reply.code)
    return _find(heard, LIVE) or _find(heard, LAST, since=heard.now - REMEMBERED)


def live_offer(heard: Heard) -> Offer | None:
    """The open offer of this phone, of which there is one at most."""
    found = _find(heard, LIVE)
    return heard.session.get_one(Offer, found.id) if found else None


def answerable_offer(heard: Heard) -> Offer | None:
    """The live offer, unless its deadline has passed and nobody has noticed yet."""
    offer = live_offer(heard)
    return None if offer is None or is_late(heard.now, offer.deadline) else offer


def hold_live_offer(heard: Heard) -> Offer | None:
    """The live offer, its request held; None when there is none, or none any more."""
    found = _find(heard, LIVE)
    if found is None:
        return None
    _request, offer = hold_offer(heard.session, found.id, found.request_id)
    return offer if offer.status == terms.OPEN else None


def own_mission(heard: Heard) -> Mission | None:
    """The expert's own running mission with the code given."""
    query = (
        select(Mission)
        .join(Offer, Offer.id == Mission.offer_id)
        .where(Mission.expert_id == heard.texter.id, Mission.status.in_(terms.ACTIVE))
        .where(Offer.code == heard.reply.code)
    )
    return heard.session.scalar(query.order_by(Mission.id.desc()).limit(1))


def _find(heard: Heard, which: Select[int, int, str], **given: object) -> Meant | None:
    heard.session.flush()
    found = heard.session.connection().execute(which, {"expert": heard.texter.id, **given})
    row = found.first()
    return Meant(*row) if row else None
