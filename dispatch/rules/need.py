"""What a request asks of an expert, derived from the request, the office and the kind of crisis.

Follows TAXONOMY §4 and DISPATCH "Who is asked"; works on frozen facts and knows no tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.rules.policy import Hours
from roster.rules.terms import DEFAULT_LEVEL, Area, Mode, Need


@dataclass(frozen=True)
class KindFacts:
    """What the kind of crisis says: `skills` are (code, "R" or "D") in the order of the table."""

    lead_skill: str
    skills: tuple[tuple[str, str], ...] = ()
    affected_radius_km: float | None = None
    affected_country: bool = False


@dataclass(frozen=True)
class OfficeFacts:
    """The office that asks. `languages`: all that may be spoken with it, its own one first."""

    code: str
    country: str
    languages: tuple[str, ...]
    region: str = ""


@dataclass(frozen=True)
class RequestFacts:
    """What was filed. `skills` are named (code, level); `services` hold, for each affected
    service, the skills of which any one becomes desired."""

    lat: float
    lon: float
    skills: tuple[tuple[str, int], ...] = ()
    services: tuple[tuple[str, ...], ...] = ()
    languages: tuple[str, ...] = ()
    mode: Mode = "either"
    affected_radius_km: float | None = None
    local_experts_safe: bool = False


@dataclass(frozen=True)
class SkillsWanted:
    """Required (code, least level); desired codes, R before D; and what a team should cover."""

    required: tuple[tuple[str, int], ...]
    desired: tuple[str, ...]
    cover: tuple[frozenset[str], ...]


def required_and_desired(
    kind_skills: Sequence[tuple[str, str]],
    lead: str,
    named: Sequence[tuple[str, int]],
    services: Sequence[Sequence[str]],
) -> SkillsWanted:
    """Required is what the office names, or else the kind's lead skill; all the rest is desired.

    A skill named twice is required at its higher level. What every candidate has, because it is
    required, is not desired as well and need not be covered.
    """
    levels: dict[str, int] = {}
    for code, level in named or [(lead, DEFAULT_LEVEL)]:
        levels[code] = max(level, levels.get(code, 0))
    first = [(lead,), *((code,) for code, weight in kind_skills if weight == "R"), *services]
    second = [code for code, weight in kind_skills if weight != "R"]
    desired = dict.fromkeys([*(code for skills in first for code in skills), *second])
    cover = dict.fromkeys(frozenset(skills) for skills in first if not set(skills) & set(levels))
    return SkillsWanted(
        tuple(levels.items()),
        tuple(code for code in desired if code not in levels),
        tuple(skills for skills in cover if skills),
    )


def affected_area(kind: KindFacts, office: OfficeFacts, request: RequestFacts) -> Area | None:
    """Where experts are affected themselves and not asked: the request's radius (km), else the
    kind's circle or the seat's country; None when there is none or local experts are safe."""
    if request.local_experts_safe:
        return None
    if request.affected_radius_km is not None:
        return _circle(request, request.affected_radius_km)
    if kind.affected_country and office.country:
        return Area(country=office.country)
    return _circle(request, kind.affected_radius_km or 0.0)


def _circle(request: RequestFacts, radius_km: float) -> Area | None:
    if radius_km <= 0:
        return None
    return Area(lat=request.lat, lon=request.lon, radius_km=radius_km)


def need_of(
    request: RequestFacts, office: OfficeFacts, kind: KindFacts, hours: Hours = "any"
) -> tuple[Need, SkillsWanted]:
    """The need that the roster filters and orders by, and the skills that it came from."""
    wanted = required_and_desired(kind.skills, kind.lead_skill, request.skills, request.services)
    need = Need(
        lat=request.lat,
        lon=request.lon,
        skills=wanted.required,
        desired=wanted.desired,
        languages=frozenset(request.languages or office.languages),
        own_language=office.languages[0] if office.languages else "",
        mode=request.mode,
        country=office.country,
        office=office.code,
        region=office.region,
        affected=affected_area(kind, office, request),
        hours=hours,
    )
    return need, wanted
