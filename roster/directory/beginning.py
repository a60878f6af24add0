"""Where a search begins: in which list, and how far its first dozens reach.

Knows nothing of who may be asked. Whatever it says, the nearest are found, sooner or later.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from math import hypot, sqrt
from typing import Any

from sqlalchemy import BigInteger, String, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from roster.directory.asked import named_point, named_words, point
from roster.directory.frame import Rows
from roster.directory.given import elements_of, kind_of, slot
from roster.directory.lists import range_by_range, written_out
from roster.directory.where import chord_sq_of
from roster.directory.written import rows_of
from roster.models import Posting
from roster.rules.cells import BITS, EVERYWHERE, cell_of
from roster.rules.circle import inside_chord
from roster.rules.geodesy import unit_vector
from roster.rules.terms import Need

LEAST_REACH = 2**-11  # 3 km; within that many may be at one place


@dataclass(frozen=True)
class Start:
    """The list to read. Within the chord `hole` everybody is affected; within the chord `reach`
    enough of the list are for a first look.
    """

    skill: str
    level: int
    hole: float
    reach: float


def start_of(session: Session, need: Need, wanted: int) -> Start:
    """The required skill that is rarest about the need, and how far `wanted` of its list reach.

    Never less far than they do, and mostly little farther: they are sought among those whose cells
    are numbered next to the need's, either way. Where a list has fewer, it is read everywhere.
    """
    here = unit_vector(need.lat, need.lon)
    given = {
        "cell": cell_of(here),
        "languages": json.dumps(sorted(need.languages)),
        **named_point("centre", here),
        **named_words("skill", [code for code, _ in need.skills]),
    }
    reaching = _reaching(kind_of(session), len(need.skills), wanted)
    far = [EVERYWHERE**2 if sq is None else sq for sq in rows_of(session, reaching, given)[0]]
    reach_sq, (code, level) = max(zip(far, need.skills, strict=True))
    hole = _hole(need)
    return Start(code, level, hole, min(EVERYWHERE, hypot(hole, sqrt(reach_sq), LEAST_REACH)))


def _hole(need: Need) -> float:
    area = need.affected
    if area is None or area.lat is None or area.lon is None or area.radius_km is None:
        return 0.0
    return inside_chord((need.lat, need.lon), (area.lat, area.lon), area.radius_km)


@lru_cache(maxsize=100)
def _reaching(kind: str, skills: int, wanted: int) -> Rows:
    """Of each skill the squared chord within which `wanted` people of its list are, or NULL.

    Of the list in each language as many are read before the need's cell and as many after it. The
    number is written out: as a parameter PostgreSQL would fear the worst of it, and plan anew.
    """
    enough, before, one = written_out(wanted), written_out(wanted - 1), written_out(1)
    here = bindparam("cell", type_=BigInteger)

    def reach(skill: str) -> Any:
        lists = elements_of(kind, slot("languages")).alias(f"lists_{skill}")
        of_list = Posting.skill == bindparam(skill, type_=String), Posting.language == lists.c.value
        cells = select(Posting.cell).where(*of_list).limit(one).offset(enough)
        first = cells.where(Posting.cell < here).order_by(Posting.cell.desc())
        last = cells.where(Posting.cell >= here).order_by(Posting.cell)
        low, high = (
            func.coalesce(end.correlate(lists).scalar_subquery(), written_out(outermost))
            for end, outermost in ((first, 0), (last, 8**BITS))
        )
        chord = chord_sq_of((Posting.x, Posting.y, Posting.z), point("centre")).label("chord")
        some: Rows = select(Posting.expert_id, chord).where(
            *of_list, Posting.cell.between(low, high)
        )
        read = range_by_range(kind, some, lists).subquery()
        far = select(func.min(read.c.chord).label("far")).group_by(read.c.expert_id)
        nth = far.order_by(literal_column("far")).limit(one).offset(before)
        return nth.scalar_subquery()

    return select(*(reach(f"skill{n}") for n in range(skills)))
