"""The network in figures: how large and how alive it is, and its milestones by quarter.

For the founding documents' rows A06 (identified and validated, by date) and A09 (the network).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.reference.models import Region
from roster.coverage.counting import is_qualified
from roster.models import Expert, ExpertLanguage
from roster.rules import terms

A_YEAR = timedelta(days=365)
AT_ONCE = 2000


@dataclass(frozen=True)
class Network:
    """Those who are qualified now: how many, how many of them said within a year that they stay (or
    were validated within it), members of the panel, listed in IP-ROC; countries and languages."""

    size: int
    active: int
    panel: int
    listed: int
    countries: int
    languages: int
    regions: dict[str, tuple[int, int]]

    @property
    def regions_covered(self) -> int:
        """In how many regions there is somebody."""
        return sum(size > 0 for size, _active in self.regions.values())


@dataclass(frozen=True)
class Quarter:
    """How many experts were identified, and how many validated, in one quarter of a year (UTC)."""

    year: int
    quarter: int
    identified: int
    validated: int


def read_network(session: Session, now: datetime) -> Network:
    """The network at `now`; `regions` are (size, active) by code."""
    qualified, active = is_qualified(now), _is_active(now)
    columns = (
        func.count(), _how_many(active), _how_many(Expert.panel_since.is_not(None)),
        _how_many(Expert.status == terms.LISTED),
    )  # fmt: skip
    rows = session.execute(select(Expert.region, *columns).where(qualified).group_by(Expert.region))
    found: dict[str, tuple[int, ...]] = {row[0]: tuple(row[1:]) for row in rows}
    codes = session.scalars(select(Region.code).order_by(Region.code))
    size, active_ones, panel, listed = (
        sum(counts[place] for counts in found.values()) for place in range(len(columns))
    )
    countries = select(func.count(Expert.country.distinct())).where(qualified)
    spoken = select(func.count(ExpertLanguage.code.distinct())).join(
        Expert, Expert.id == ExpertLanguage.expert_id
    )
    return Network(
        size,
        active_ones,
        panel,
        listed,
        countries=session.scalar(countries) or 0,
        languages=session.scalar(spoken.where(qualified)) or 0,
        regions={
            code: (found[code][0], found[code][1]) if code in found else (0, 0) for code in codes
        },
    )


def read_quarters(session: Session) -> list[Quarter]:
    """Every quarter in which somebody was identified or validated, the latest first."""
    identified = _by_quarter(session, Expert.identified_at)
    validated = _by_quarter(session, Expert.validated_at)
    return [
        Quarter(*when, identified.get(when, 0), validated.get(when, 0))
        for when in sorted({*identified, *validated}, reverse=True)
    ]


def milestones(session: Session) -> Iterator[tuple[str, str, datetime, datetime | None]]:
    """Each expert's public id, name and two dates, in the order in which they were identified."""
    last = 0
    columns = (Expert.id, Expert.public_id, Expert.name, Expert.identified_at, Expert.validated_at)
    while True:
        some = select(*columns).where(Expert.id > last).order_by(Expert.id).limit(AT_ONCE)
        rows = session.execute(some).all()
        if not rows:
            return
        yield from ((row[1], row[2], row[3], row[4]) for row in rows)
        last = rows[-1][0]


def _by_quarter(
    session: Session,
    column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
) -> dict[tuple[int, int], int]:
    at = func.timezone("UTC", column) if _is_postgresql(session) else column
    month = func.substr(cast(at, String), 1, 7)  # both write 2026-11-22 …
    rows = session.execute(select(month, func.count()).where(column.is_not(None)).group_by(month))
    found: dict[tuple[int, int], int] = {}
    for when, count in rows:
        year, _, number = when.partition("-")
        quarter = int(year), (int(number) + 2) // 3
        found[quarter] = found.get(quarter, 0) + count
    return found


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _is_active(now: datetime) -> ColumnElement[bool]:
    since = now - A_YEAR
    reconfirmed = and_(Expert.reconfirmed_at.is_not(None), Expert.reconfirmed_at >= since)
    return or_(reconfirmed, and_(Expert.validated_at.is_not(None), Expert.validated_at >= since))


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
