"""Reads who is qualified and where the offices are, and asks the rules what follows from it.

Where somebody is based counts, not where they are today: this is for planning.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.reference.models import Office
from roster.coverage.counting import is_led, is_qualified, lead_skills
from roster.models import Conflict, Expert, ExpertLanguage, SkillClaim
from roster.rules import gaps
from roster.rules.gaps import Cover, Crew, Indispensable, Site
from roster.rules.recruiting import Pick, Town, recruit

DISTANCES = (1000, 2500, 5000)  # km
USUAL = 2500
# Nobody for any kind, nobody for some kind, only one expert for some kind, two or more for each.
NOBODY, PARTLY, ONE, ENOUGH = "none", "part", "one", "enough"
STANDINGS = (NOBODY, PARTLY, ONE, ENOUGH)


@dataclass(frozen=True)
class Outlook:
    """What a roster leaves open, at one moment, for some kinds (code → lead skill).

    `gaps`, those of `indispensable` and those that `picks` close are (place in `offices`, kind);
    a pick's town is the site of the office at that place in `towns`.
    """

    offices: list[Office]
    kinds: dict[str, str]
    within_km: int
    covered: Cover
    gaps: list[tuple[int, str]]
    indispensable: list[Indispensable]
    towns: list[Office]
    picks: tuple[Pick, ...]

    @property
    def pairs(self) -> int:
        """How many (office, kind) there are in all."""
        return len(self.offices) * len(self.kinds)

    def standing_of(self, office: int) -> str:
        """How the office at this place is covered, over all kinds: a word of STANDINGS."""
        counts = self.covered.counts[:, office]
        if not counts.any():
            return NOBODY
        return (PARTLY, ONE, ENOUGH)[int(counts.min())]


def look_out(session: Session, now: datetime, within_km: int = USUAL, kind: str = "") -> Outlook:
    """The outlook at `now` for all kinds of crisis, or for `kind` alone."""
    kinds = lead_skills(session)
    if kind:
        kinds = {kind: kinds[kind]}
    offices = list(session.scalars(select(Office).order_by(Office.code)))
    sites = [_site(office) for office in offices]
    skills = sorted({*kinds.values()})
    covered = gaps.cover(sites, skills, read_crew(session, now, skills), within_km)
    pairs = list(kinds.items())
    towns = _towns(offices)
    return Outlook(
        offices,
        kinds,
        within_km,
        covered,
        gaps.open_gaps(covered, pairs),
        gaps.indispensable(covered, pairs),
        towns,
        recruit(covered, pairs, [Town(town.lat, town.lon) for town in towns]),
    )


def read_crew(session: Session, now: datetime, skills: Collection[str]) -> Crew:
    """Everybody who is qualified at `now`, and who has which of `skills`, in four statements."""
    counts = is_qualified(now)
    everybody = select(Expert.id, Expert.lat, Expert.lon).where(counts).order_by(Expert.id)
    claims = _of(SkillClaim.expert_id, SkillClaim.skill, counts, is_led(skills, now))
    spoken = _of(ExpertLanguage.expert_id, ExpertLanguage.code, counts)
    barred = _of(Conflict.expert_id, Conflict.code, counts)
    return Crew(
        [(row[0], row[1], row[2]) for row in session.execute(everybody)],
        *(
            [(row[0], row[1]) for row in session.execute(query)]
            for query in (claims, spoken, barred)
        ),
    )


def _of(
    key: InstrumentedAttribute[int], code: InstrumentedAttribute[str], *where: ColumnElement[bool]
) -> Select[int, str]:
    return select(key, code).join(Expert, Expert.id == key).where(*where)


def _site(office: Office) -> Site:
    codes = frozenset(code for code in (office.code, office.country) if code)
    return Site(office.lat, office.lon, frozenset(office.spoken), codes)


def _towns(offices: Collection[Office]) -> list[Office]:
    """One office for each place where there is a site."""
    return list({(office.lat, office.lon): office for office in reversed([*offices])}.values())[
        ::-1
    ]
