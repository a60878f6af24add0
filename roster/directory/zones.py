"""What time it is for each expert, as a table that the database can join: zone, minute of the week.

Daylight saving is Python's to know (zoneinfo): the two databases would each judge for themselves.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import CTE, BindParameter, Select, String, cast, func, select
from sqlalchemy.orm import Session

from roster.directory.given import ids_for, is_one_of, kind_of, number, table_of
from roster.models import Expert
from roster.rules.availability import DAY, local_minute


def minutes_by_zone(session: Session, now: datetime) -> str:
    """As JSON, the minute of the week (0 = midnight to Monday) in each time zone in use."""
    return _minutes(session.scalars(_zones_in_use()), now)


def minutes_of(session: Session, ids: Sequence[int], now: datetime) -> str:
    """The same in the time zones of the experts of `ids`."""
    kind = kind_of(session)
    given = {"ids": ids_for(kind, ids)}
    return _minutes(session.connection().scalars(_zones_of(kind), given), now)


def _minutes(zones: Iterable[str], now: datetime) -> str:
    local = {zone: local_minute(now, zone) for zone in zones}
    return json.dumps({zone: weekday * DAY + minute for zone, (weekday, minute) in local.items()})


def zone_table(kind: str, minutes: BindParameter[str]) -> CTE:
    """`minutes` as a table with the columns `zone` and `minute`; `kind` of database."""
    rows = table_of(kind, minutes)
    columns = (cast(rows.c.key, String).label("zone"), number(rows.c.value).label("minute"))
    return select(*columns).cte("local_time")


@cache
def _zones_of(kind: str) -> Select[str]:
    return select(Expert.time_zone).distinct().where(is_one_of(kind, Expert.id))


def _zones_in_use() -> Select[str]:
    # Leaps from zone to zone through the index: DISTINCT would read an entry for each expert.
    first = select(func.min(Expert.time_zone).label("zone")).cte("zones", recursive=True)
    further = (
        select(func.min(Expert.time_zone))
        .where(Expert.time_zone > first.c.zone)
        .correlate(first)
        .scalar_subquery()
    )
    zones = first.union_all(select(further).where(first.c.zone.is_not(None)))
    return select(zones.c.zone).where(zones.c.zone.is_not(None))
