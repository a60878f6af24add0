"""Am I asked just now, and if not, why: one plain sentence to the expert themself.

The judge is the roster's own (`roster.rules.suitability`), put to a need that asks for nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import format_date
from sqlalchemy.orm import Session

from core.look import local_time
from dispatch.choosing.occupied import busy, load
from dispatch.messages.recipients import channels_of, settings
from dispatch.wording.catalogue import _
from roster.directory.profiles import profiles
from roster.models import Expert
from roster.rules import terms
from roster.rules.availability import absence_at, last_day, next_available, objection
from roster.rules.suitability import reason_against
from roster.rules.terms import Need, Profile

ANYTHING = Need(lat=0.0, lon=0.0, skills=())
BY_THE_CLOCK = (terms.RESTING, terms.OFF_HOURS)  # what is asked already, no clock takes back
ASKABLE, GRAVEST_ONLY, NOT_ASKABLE = "askable", "gravest", "no"


@dataclass(frozen=True)
class Standing:
    """ASKABLE, GRAVEST_ONLY or NOT_ASKABLE, the reason (of roster's REASONS), and the sentence."""

    level: str
    reason: str
    sentence: str


def standing_of(session: Session, expert: Expert, now: datetime) -> Standing:
    """How it stands with `expert` at `now`."""
    profile = profiles(session, [expert.id], now, busy=busy(), load=load())[expert.id]
    # A need that is nowhere is in nobody's country or region: how far from home is left aside.
    reason = reason_against(replace(profile, scope=terms.GLOBAL), ANYTHING, now) or ""
    if not reason and not channels_of(expert, settings().twilio_sender):
        reason = terms.NO_CHANNEL
    if profile.offered and reason in {*BY_THE_CLOCK, terms.OFFERED}:
        return Standing(ASKABLE, terms.OFFERED, _("You are being asked now. Please answer."))
    if reason:
        return Standing(NOT_ASKABLE, reason, _sentence(reason, expert, profile, now))
    if objection(profile.rhythm, "waking", now) == terms.RESTING:
        return Standing(GRAVEST_ONLY, terms.RESTING, _sentence(terms.RESTING, expert, profile, now))
    return Standing(ASKABLE, "", _("You can be asked now. Keep your phone on."))


def _sentence(reason: str, expert: Expert, profile: Profile, now: datetime) -> str:
    tell = SENTENCES.get(reason)
    return tell(expert, profile, now) if tell else _("You cannot be asked just now.")


def _status(expert: Expert, _profile: Profile, _now: datetime) -> str:
    return {
        terms.APPLICANT: _("Your application is not decided yet. You are asked once it is."),
        terms.SUSPENDED: _("You are suspended: nobody asks you until that is lifted."),
        terms.EXPIRED: _("Your time on the roster is over, so you are not asked."),
        terms.REMOVED: _("You have left the roster, so you are not asked."),
    }.get(expert.status, _("You cannot be asked just now."))


def _validity(expert: Expert, _profile: Profile, _now: datetime) -> str:
    if expert.valid_until is None:
        return _("Your time on the roster has not begun, so you are not asked.")
    day = format_date(expert.valid_until, "d MMMM y")
    return _("Your time on the roster ended on %(day)s, so you are not asked.", day=day)


def _opted_out(_expert: Expert, _profile: Profile, _now: datetime) -> str:
    return _("You said STOP to our texts, so you are not asked.")


def _no_channel(_expert: Expert, _profile: Profile, _now: datetime) -> str:
    return _("No text and no mail reaches you, so you are not asked. Check your phone number.")


def _away(_expert: Expert, profile: Profile, now: datetime) -> str:
    away = absence_at(profile.rhythm.away, now)
    if away is None or away.end is None:
        return _("You are away until you say that you are back. Nobody asks you.")
    day = format_date(last_day(away.end, profile.rhythm.time_zone), "d MMMM y")
    return _("You are away until %(day)s. Nobody asks you before that day is over.", day=day)


def _off_hours(_expert: Expert, profile: Profile, now: datetime) -> str:
    start = next_available(profile.rhythm, "any", now)
    if start is None:
        return _("It is outside your hours, so you are not asked.")
    when = local_time(start, profile.rhythm.time_zone)
    return _("It is outside your hours. You may be asked again from %(when)s.", when=when)


def _resting(_expert: Expert, profile: Profile, now: datetime) -> str:
    end = next_available(profile.rhythm, "waking", now)
    if end is None:
        return _("It is in your quiet hours: only the gravest cases reach you.")
    when = local_time(end, profile.rhythm.time_zone)
    return _(
        "It is in your quiet hours: only the gravest cases reach you until %(when)s.", when=when
    )


def _busy(_expert: Expert, profile: Profile, _now: datetime) -> str:
    if profile.max_missions == 0:
        return _("You have said that you accept no missions, so you are not asked.")
    return _(
        "You are on as many missions as you accept at a time (%(most)d), so you are not asked.",
        most=profile.max_missions,
    )


def _no_mode(_expert: Expert, _profile: Profile, _now: datetime) -> str:
    return _("You accept neither remote work nor travel, so you are not asked.")


SENTENCES: dict[str, Callable[[Expert, Profile, datetime], str]] = {
    terms.NOT_VETTED: _status,
    terms.NOT_VALID: _validity,
    terms.OPTED_OUT: _opted_out,
    terms.NO_CHANNEL: _no_channel,
    terms.AWAY: _away,
    terms.OFF_HOURS: _off_hours,
    terms.RESTING: _resting,
    terms.BUSY: _busy,
    terms.NO_MODE: _no_mode,
}
