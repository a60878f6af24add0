"""What time it is for each expert, as a table that the database can join: zone, minute of the week.

Daylight saving is Python's to know (zoneinfo): the two databases would each judge for themselves.
"""

import json
from datetime import datetime

from sqlalchemy import CTE, JSON, Integer, Select, String, cast, func, literal, select
from sqlalchemy.orm import Session

from roster.models import Expert
from roster.rules.availability import DAY, local_minute


def minutes_by_zone(session: Session, now: datetime) -> dict[str, int]:
    """Each time zone in use, with its minute of the week at `now` (0 = midnight to Monday)."""
    minutes = {}
    for zone in session.scalars(_zones_in_use()):
        weekday, minute = local_minute(now, zone)
        minutes[zone] = weekday * DAY + minute
    return minutes


def zone_table(session: Session, minutes: dict[str, int]) -> CTE:
    """`minutes` as a table with the columns `zone` and `minute`.

    It travels as one JSON parameter, so that the statement stays the same at any time.
    """
    given = json.dumps(minutes)
    if session.get_bind().dialect.name == "sqlite":
        rows = func.json_each(given).table_valued("key", "value")
    else:
        rows = func.json_each_text(cast(literal(given, String), JSON)).table_valued("key", "value")
    columns = (cast(rows.c.key, String).label("zone"), cast(rows.c.value, Integer).label("minute"))
    return select(*columns).cte("local_time")


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
