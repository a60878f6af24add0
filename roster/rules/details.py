"""What a reason against an expert needs to become a sentence: JSON-ready facts, no wording.

The wording in the reader's language is made above, by whoever shows them.
"""

from collections.abc import Callable
from datetime import datetime

from roster.rules import terms
from roster.rules.availability import absence_at, last_day, next_available
from roster.rules.geodesy import geodesic_km
from roster.rules.suitability import conflicts_with, missing_skills
from roster.rules.terms import Need, Profile

Detail = dict[str, object]


def detail_of(reason: str, profile: Profile, need: Need, now: datetime) -> Detail:
    """The facts behind `reason` (of terms.REASONS): times are ISO 8601 UTC, distances km;
    `valid_until` is the last valid day, `ended` has the last days of claims that ran out."""
    tell = TELL.get(reason)
    return tell(profile, need, now) if tell else {}


def _status(profile: Profile, need: Need, now: datetime) -> Detail:
    return {"status": profile.status}


def _validity(profile: Profile, need: Need, now: datetime) -> Detail:
    end = profile.valid_until
    return {"valid_until": last_day(end, "UTC").isoformat() if end else None}


def _absence(profile: Profile, need: Need, now: datetime) -> Detail:
    away = absence_at(profile.rhythm.away, now)
    return {"until": _iso(away.end if away else None), "time_zone": profile.rhythm.time_zone}


def _hours(profile: Profile, need: Need, now: datetime) -> Detail:
    until = next_available(profile.rhythm, need.hours, now)
    return {"until": _iso(until), "time_zone": profile.rhythm.time_zone}


def _limit(profile: Profile, need: Need, now: datetime) -> Detail:
    return {"missions": profile.missions, "limit": profile.max_missions}


def _skills(profile: Profile, need: Need, now: datetime) -> Detail:
    missing = missing_skills(profile, need)
    ended = {code: profile.ended[code].isoformat() for code, _ in missing if code in profile.ended}
    return {"missing": [[code, level] for code, level in missing], "ended": ended}


def _languages(profile: Profile, need: Need, now: datetime) -> Detail:
    return {"wanted": sorted(need.languages), "speaks": sorted(profile.languages)}


def _modes(profile: Profile, need: Need, now: datetime) -> Detail:
    return {"wanted": need.mode, "accepts": sorted(profile.modes)}


def _scope(profile: Profile, need: Need, now: datetime) -> Detail:
    return {"scope": profile.scope}


def _conflicts(profile: Profile, need: Need, now: datetime) -> Detail:
    return {"with": sorted(conflicts_with(profile, need))}


def _area(profile: Profile, need: Need, now: datetime) -> Detail:
    area = need.affected
    if area is None or (area.country and area.country == profile.country):
        return {"country": profile.country}
    centre = (area.lat or 0.0, area.lon or 0.0)
    return {"distance_km": round(geodesic_km(*centre, profile.lat, profile.lon), 1)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


TELL: dict[str, Callable[[Profile, Need, datetime], Detail]] = {
    terms.NOT_VETTED: _status,
    terms.NOT_VALID: _validity,
    terms.AWAY: _absence,
    terms.RESTING: _hours,
    terms.OFF_HOURS: _hours,
    terms.BUSY: _limit,
    terms.NO_SKILL: _skills,
    terms.NO_LANGUAGE: _languages,
    terms.NO_MODE: _modes,
    terms.NO_SCOPE: _scope,
    terms.CONFLICT: _conflicts,
    terms.AFFECTED: _area,
}
