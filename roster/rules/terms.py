"""The words of the roster: states, modes, and the frozen values it hands to dispatch."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

APPLICANT, QUALIFIED, LISTED = "applicant", "qualified", "listed"
SUSPENDED, EXPIRED, REMOVED = "suspended", "expired", "removed"
STATUSES = (APPLICANT, QUALIFIED, LISTED, SUSPENDED, EXPIRED, REMOVED)
VETTED = (QUALIFIED, LISTED)

# How far from home somebody works: A01 of the founding documents.
NATIONAL, REGIONAL, GLOBAL = "national", "regional", "global"
SCOPES = (NATIONAL, REGIONAL, GLOBAL)

REMOTE, ON_SITE, EITHER = "remote", "on_site", "either"
MODES = (REMOTE, ON_SITE)
Mode = Literal["remote", "on_site", "either"]

DEFAULT_LEVEL = 2
VALID_MONTHS = 36
PRESENT_PLACE_DAYS = 14

# Why somebody is not a candidate, in the order in which reasons are given.
NOT_VETTED, NOT_VALID, OPTED_OUT, NO_CHANNEL = "not_vetted", "not_valid", "opted_out", "no_channel"
AWAY, RESTING, OFF_HOURS, BUSY, OFFERED = "away", "resting", "off_hours", "at_limit", "other_offer"
NO_SKILL, NO_LANGUAGE, NO_MODE, NO_SCOPE, CONFLICT, AFFECTED = (
    "skill",
    "language",
    "mode",
    "scope",
    "conflict",
    "affected_area",
)
ASKED = "already_asked"
REASONS = (
    NOT_VETTED, NOT_VALID, OPTED_OUT, NO_CHANNEL, AWAY, RESTING, OFF_HOURS, BUSY, OFFERED,
    NO_SKILL, NO_LANGUAGE, NO_MODE, NO_SCOPE, CONFLICT, AFFECTED, ASKED,
)  # fmt: skip

# The hours in which somebody is taken to be awake (for the order of remote missions) and at work
# (for `working` requests, Monday to Friday), local time, when they have said nothing else.
WAKING_HOURS = (7, 22)
WORKING_HOURS = (9, 17)


@dataclass(frozen=True)
class Area:
    """Where experts are themselves affected: a circle (km round a point) or a whole country."""

    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    country: str | None = None


@dataclass(frozen=True)
class Need:
    """What a request asks of an expert; all hard filters and the order follow from it.

    `skills` are required (code, least level 1-3); `desired` are codes, the most wanted first.
    `languages`: any one of them will do. `country` and `office` are checked against conflicts,
    `country` and `region` against how far from home somebody works.
    `hours` says whom the clock protects (docs/adr/0003): `any` overrides quiet hours, `waking`
    heeds them, `working` asks in the expert's working hours only.
    """

    lat: float
    lon: float
    skills: tuple[tuple[str, int], ...]
    desired: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()
    own_language: str = ""
    mode: Mode = "either"
    country: str = ""
    office: str = ""
    region: str = ""
    affected: Area | None = None
    hours: Literal["any", "waking", "working"] = "any"


@dataclass(frozen=True, order=True)
class Hours:
    """Weekly hours on one weekday (0 = Monday), local minutes since midnight, end excluded."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True)
class Away:
    """An absence, UTC, end excluded; without an end it lasts until it is ended."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Rhythm:
    """All that decides when somebody may be asked; `quiet` are local minutes, end excluded."""

    time_zone: str
    away: tuple[Away, ...] = ()
    weekly: tuple[Hours, ...] = ()
    quiet: tuple[int, int] | None = None


@dataclass(frozen=True)
class Profile:
    """All that the pure rules need to know of one expert at one moment.

    The SQL filters of `directory` and `rules.availability`/`rules.suitability` must agree on it.
    `missions` and `offered` come from dispatch (seats taken; a live offer on any request).
    `valid_until` is the first moment at which it is no longer valid; `lat`, `lon` are where the
    expert is now; `country` is that of the base. `skills` are those that count at that moment,
    `ended` those that no longer do, with their last day (UTC).
    """

    id: int
    status: str
    valid_until: datetime | None
    opted_out: bool
    has_channel: bool
    rhythm: Rhythm
    lat: float
    lon: float
    country: str
    languages: frozenset[str]
    skills: dict[str, int]
    modes: frozenset[str]
    max_missions: int
    conflicts: frozenset[str]
    region: str = ""
    scope: str = GLOBAL
    missions: int = 0
    offered: bool = False
    last_offered: datetime | None = None
    ended: dict[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """A frozen snapshot of a deployable expert, handed by the roster to dispatch.

    `distance_km` is the WGS-84 geodesic from the need to where the expert is now. Order: see
    `dispatch.rules.matching`.
    """

    id: int
    public_id: str
    name: str
    distance_km: float
    load: int
    last_offered: datetime | None
    desired: tuple[str, ...] = ()
    speaks_own_language: bool = False
    awake: bool = True
    facts: dict[str, object] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Exclusion:
    """Why one expert is not asked: a reason of REASONS and its details for a sentence."""

    id: int
    public_id: str
    distance_km: float
    reason: str
    detail: dict[str, object] = field(default_factory=dict, compare=False)
