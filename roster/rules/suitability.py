"""Whether one expert may be asked for one need, and if not, the first reason why.

This is the judge: `roster.directory` filters in SQL and a test holds it equal to this.
"""

from collections.abc import Iterator
from datetime import datetime

from roster.rules import terms
from roster.rules.availability import absence_at, objection
from roster.rules.geodesy import geodesic_km
from roster.rules.terms import Area, Need, Profile


def reason_against(profile: Profile, need: Need, now: datetime) -> str | None:
    """The first of terms.REASONS that speaks against asking `profile` at `now`; None if none does.

    Whether this expert was already asked for the same request is not known here.
    """
    return next((why for why, holds in _checks(profile, need, now) if not holds), None)


def reason_but_time(profile: Profile, need: Need, now: datetime) -> str | None:
    """Like `reason_against`, but what the clock alone will mend is not held against anybody."""
    passing = (terms.AWAY, terms.RESTING, terms.OFF_HOURS)
    checks = _checks(profile, need, now)
    return next((why for why, holds in checks if not holds and why not in passing), None)


def modes_for(mode: terms.Mode) -> frozenset[str]:
    """The modes of which an expert must accept one: `either` is content with any."""
    return frozenset(terms.MODES) if mode == terms.EITHER else frozenset({mode})


def missing_skills(profile: Profile, need: Need) -> tuple[tuple[str, int], ...]:
    """The required (code, least level) that this expert does not have."""
    return tuple(
        (code, level) for code, level in need.skills if profile.skills.get(code, 0) < level
    )


def conflicts_with(profile: Profile, need: Need) -> frozenset[str]:
    """The codes (country, office) for which this expert must not work, among those of `need`."""
    return profile.conflicts & {code for code in (need.country, need.office) if code}


def is_in_scope(profile: Profile, need: Need) -> bool:
    """Whether the office is as near to home as this expert works: their country, region, or all."""
    if profile.scope == terms.NATIONAL:
        return profile.country == need.country
    return profile.scope != terms.REGIONAL or profile.region == need.region


def is_inside(area: Area, lat: float, lon: float, country: str) -> bool:
    """Whether somebody at this place (degrees), based in `country`, is inside `area`.

    A circle counts with its edge, by geodesic distance; a country counts by the base.
    """
    if area.country and area.country == country:
        return True
    if area.lat is None or area.lon is None or area.radius_km is None:
        return False
    return geodesic_km(area.lat, area.lon, lat, lon) <= area.radius_km


def _checks(profile: Profile, need: Need, now: datetime) -> Iterator[tuple[str, bool]]:
    # In the order of terms.REASONS; lazy, so that the geodesic is computed for few.
    yield terms.NOT_VETTED, profile.status in terms.VETTED
    yield terms.NOT_VALID, profile.valid_until is not None and now < profile.valid_until
    yield terms.OPTED_OUT, not profile.opted_out
    yield terms.NO_CHANNEL, profile.has_channel
    yield terms.AWAY, absence_at(profile.rhythm.away, now) is None
    when = objection(profile.rhythm, need.hours, now)
    yield terms.RESTING, when != terms.RESTING
    yield terms.OFF_HOURS, when != terms.OFF_HOURS
    yield terms.BUSY, profile.missions < profile.max_missions
    yield terms.OFFERED, not profile.offered
    yield terms.NO_SKILL, not missing_skills(profile, need)
    yield terms.NO_LANGUAGE, not need.languages or bool(profile.languages & need.languages)
    yield terms.NO_MODE, bool(profile.modes & modes_for(need.mode))
    yield terms.NO_SCOPE, is_in_scope(profile, need)
    yield terms.CONFLICT, not conflicts_with(profile, need)
    area = need.affected
    inside = area is not None and is_inside(area, profile.lat, profile.lon, profile.country)
    yield terms.AFFECTED, not inside
