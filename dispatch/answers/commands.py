"""What an expert may say by text besides yes and no, one function for each kind of reply.

A request is always held before its expert's row is touched, as everywhere.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dispatch import missions, wording
from dispatch.advance import advance
from dispatch.answers import offers
from dispatch.answers.heard import (
    Heard,
    answerable_offer,
    hold_live_offer,
    meant,
    own_mission,
    question_back,
)
from dispatch.answers.replying import answer
from dispatch.answers.said import WRONG_CODE, Said
from dispatch.models import Mission
from dispatch.rules import terms, vocabulary
from dispatch.rules.replies import back_on
from roster import registrar
from roster.directory.profiles import rhythm_of
from roster.rules.availability import absence_at


def _unclear(heard: Heard) -> Said:
    return question_back(heard.session, heard.message, heard.language, answerable_offer(heard))


def _away(heard: Heard) -> Said:
    """Away from now; a live offer is taken back, since they cannot go."""
    zone = ZoneInfo(heard.expert.time_zone)
    day = back_on(heard.reply.argument, heard.now.astimezone(zone).date())
    if day is None:
        return _unclear(heard)
    until = datetime.combine(day, time(), zone).astimezone(UTC)
    offer = hold_live_offer(heard)
    registrar.set_away(heard.session, heard.expert, until, actor=heard.actor, now=heard.now)
    if offer is not None:
        advance(heard.session, offer.request, heard.now)
    return Said("away", wording.away_text(heard.language, until, heard.expert.time_zone))


def _back(heard: Heard) -> Said:
    registrar.end_absences(heard.session, heard.expert, actor=heard.actor, now=heard.now)
    return Said("back", wording.back_text(heard.language))


def _status(heard: Heard) -> Said:
    absence = absence_at(rhythm_of(heard.expert).away, heard.now)
    query = select(Mission).where(
        Mission.expert_id == heard.texter.id, Mission.status.in_(terms.ACTIVE)
    )
    text = wording.status_text(
        heard.language, heard.expert.time_zone, heard.now, offer=answerable_offer(heard),
        missions=list(heard.session.scalars(query.order_by(Mission.id))),
        away=absence is not None, away_until=absence.end if absence else None,
    )  # fmt: skip
    return Said("status", text)


def _done(heard: Heard) -> Said:
    mission = own_mission(heard)
    if mission is None:
        return Said(WRONG_CODE, wording.wrong_code_text(heard.language))
    missions.done(heard.session, mission, actor=heard.actor, now=heard.now)
    return Said("done", wording.done_text(heard.language, mission.request.number))


def _withdraw(heard: Heard) -> Said:
    mission = own_mission(heard)
    if mission is None and _is_asked(heard):
        return answer(heard)  # not theirs yet: it is a no
    if mission is None:
        return Said(WRONG_CODE, wording.wrong_code_text(heard.language))
    missions.withdraw(
        heard.session, mission, actor=heard.actor, reason="withdrew by text", now=heard.now
    )
    return Said("left", wording.left_text(heard.language, mission.request.number))


def _is_asked(heard: Heard) -> bool:
    offer = meant(heard) if heard.reply.code else None
    return offer is not None and offer.status == terms.OPEN


def _stop(heard: Heard) -> Said:
    """Not texted again until START, and declined; the carrier itself answers.

    In this order: what follows from an answer may be to ask those who were never reached once more.
    """
    offer = hold_live_offer(heard)
    registrar.opt_out(heard.session, heard.expert, actor=heard.actor, now=heard.now)
    if offer is not None:
        heard.message.offer_id = offer.id
        offers.answer_offer(
            heard.session, offer, accept=False, received_at=heard.now, via=offers.BY_TEXT
        )
    return Said("stop")


def _start(heard: Heard) -> Said:
    """Opts in again; from somebody whose phone always got our texts it is no answer to anything."""
    if heard.expert.opted_out_at is None and heard.expert.sms_failed_at is None:
        return _unclear(heard)
    registrar.opt_in(heard.session, heard.expert, actor=heard.actor, now=heard.now)
    return Said("start", wording.opted_in_text(heard.language))


COMMANDS: Mapping[str, Callable[[Heard], Said]] = {
    vocabulary.ACCEPT: answer,
    vocabulary.DECLINE: answer,
    vocabulary.AWAY: _away,
    vocabulary.BACK: _back,
    vocabulary.STATUS: _status,
    vocabulary.DONE: _done,
    vocabulary.WITHDRAW: _withdraw,
    vocabulary.HELP: lambda heard: Said("help", wording.commands_text(heard.language)),
    vocabulary.STOP: _stop,
    vocabulary.START: _start,
    vocabulary.CARRIER_HELP: lambda heard: Said("carrier_help"),
    vocabulary.CRISIS: _unclear,
    vocabulary.UNCLEAR: _unclear,
}
