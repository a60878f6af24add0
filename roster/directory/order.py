"""The nearest experts who pass every filter, in an order that is exact to the last bit.

Where a need has lists, they are looked for among what is posted near (`nearby`); else, or where
those who pass are thin there, among everybody, ordered by chord. Either way the database is asked
for a few; `nearest_exact` proves that these few suffice, or more are asked for.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from roster.directory.frame import Rows
from roster.directory.lists import has_lists
from roster.directory.nearby import nearby
from roster.directory.sieve import Qualified, Sieve
from roster.directory.snapshots import Found, candidates, in_order
from roster.rules.geodesy import Placed, nearest_exact
from roster.rules.terms import Candidate, Need

FIRST_BATCH = 128
GROWTH = 4
FEW = 4


def nearest(
    session: Session,
    need: Need,
    now: datetime,
    limit: int,
    *,
    busy: Rows,
    load: Rows,
    offered: Rows | None = None,
    exclude: Collection[int] = (),
) -> list[Candidate]:
    """The first `limit` of all who may be asked for `need` at `now`, the first to ask first.

    Ordered by geodesic km (remote: by desired skills, the office's language and waking hours
    before that), then load, then the longest time since the last offer, then id. `busy` selects
    the ids of experts with a live offer, `load` (id, seats taken), `offered` (id, moment), a row
    for each offer; `exclude` are ids not to be asked again.
    """
    sieve = Sieve(session, need, now, busy, load, exclude)
    size = max(FIRST_BATCH, GROWTH * limit)
    if session.autoflush:
        session.flush()  # what is read below goes past the ORM
    rows = nearby(sieve, limit, FEW + 2 * limit) if has_lists(need) else None
    found = first_of(rows, need, limit, complete=True) if rows is not None else None
    while found is None:
        rows, complete = sieve.first(size)
        found = first_of(rows, need, limit, complete=complete)
        size *= GROWTH
    first = in_order(session, found, offered)[:limit]
    return candidates(session, first, need, now, offered)


def first_of(
    rows: Sequence[Qualified], need: Need, limit: int, *, complete: bool
) -> list[Found] | None:
    """The first `limit` of `rows` and all who tie with the last of them; None if unsure.

    `rows` come by rank and ascending chord; they are all there are when `complete`, else what
    follows might still be nearer than the last.
    """
    found: list[Found] = []
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.rank)]
    for number, group in enumerate(groups, 1):
        wanted = limit - len(found)
        if wanted <= 0:
            break
        placed = (Placed(row.chord_sq, row.lat, row.lon, row) for row in group)
        result = nearest_exact(placed, (need.lat, need.lon), wanted)
        if result.exhausted and number == len(groups) and not complete:
            return None
        found += [Found(row.id, km, row.load, row.rank) for km, row in result.found]
    return found if complete or len(found) >= limit else None
