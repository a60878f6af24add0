"""Frozen candidates from ids and distances: what dispatch may know of an expert before asking."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, bindparam, func, null, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from core.db import UTCDateTime
from roster.claims import counts_on
from roster.directory.frame import Rows
from roster.directory.given import gathered, ids_for, is_one_of, kind_of
from roster.directory.written import reader_of, rows_of
from roster.models import Expert, ExpertLanguage, SkillClaim
from roster.rules import terms
from roster.rules.availability import is_awake
from roster.rules.terms import Candidate, Need, Rhythm

NEVER = datetime.min.replace(tzinfo=UTC)
RAW = NullType()  # as the driver has it, whichever way the statement is sent
IDS_AT_ONCE = 5_000  # SQLite takes 32,766 parameters, PostgreSQL 65,535


@dataclass(frozen=True)
class Found:
    """An expert who was found: exact km, seats taken, and what ranks first (higher is better)."""

    id: int
    distance_km: float
    load: int
    rank: tuple[int, ...] = ()


def in_order(session: Session, found: Sequence[Found], offered: Rows | None) -> list[Found]:
    """`found` with ties broken: by load, then by the longest time since the last offer, then id."""
    places = {_place(one) for one in found}
    tied = len(places) < len(found)
    latest = latest_offers(session, [one.id for one in found], offered) if tied else {}
    return sorted(found, key=lambda one: (*_place(one), latest.get(one.id, NEVER), one.id))


def _place(one: Found) -> tuple[Any, ...]:
    return tuple(-value for value in one.rank), one.distance_km, one.load


def candidates(
    session: Session, found: Sequence[Found], need: Need, now: datetime, offered: Rows | None
) -> list[Candidate]:
    """The candidates of `found`, in the order given, with the skills that count at `now`."""
    if not found:
        return []
    ids, kind = [one.id for one in found], kind_of(session)
    given = {"ids": ids_for(kind, ids), "today": now.astimezone(UTC).date()}
    people = {row.id: row for row in rows_of(session, _people(kind, offered), given)}
    skills = {who: json.loads(row.skills or "{}") for who, row in people.items()}
    languages = {who: json.loads(row.languages or "[]") for who, row in people.items()}
    moment = reader_of(session, UTCDateTime())
    return [
        Candidate(
            id=one.id,
            public_id=people[one.id].public_id,
            name=people[one.id].name,
            distance_km=one.distance_km,
            load=one.load,
            last_offered=moment(people[one.id].last_offered),
            desired=desired_of(need, skills[one.id]),
            speaks_own_language=need.own_language in languages[one.id],
            awake=_awake(people[one.id], now),
            facts=_facts(people[one.id], skills[one.id], languages[one.id], one.load),
        )
        for one in found
    ]


def latest_offers(
    session: Session, ids: Sequence[int], offered: Rows | None
) -> dict[int, datetime]:
    """When each of `ids` was last offered anything; who never was is missing."""
    if offered is None:
        return {}
    kind = kind_of(session)
    given = {"ids": ids_for(kind, ids)}
    rows = session.connection().execute(_offers(kind, offered), given).all()
    return {row[0]: row[1] for row in rows}


def desired_of(need: Need, skills: dict[str, int]) -> tuple[str, ...]:
    """The desired skills that somebody has at the usual level, the most wanted first."""
    return tuple(code for code in need.desired if skills.get(code, 0) >= terms.DEFAULT_LEVEL)


def portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """`ids` in lists that fit into one statement."""
    for start in range(0, len(ids), IDS_AT_ONCE):
        yield ids[start : start + IDS_AT_ONCE]


def _awake(row: Row[*tuple[Any, ...]], now: datetime) -> bool:
    quiet = None if row.quiet_from is None else (row.quiet_from, row.quiet_until)
    return is_awake(Rhythm(row.time_zone, quiet=quiet), now)


def _facts(
    row: Row[*tuple[Any, ...]], skills: dict[str, int], languages: list[str], load: int
) -> dict[str, object]:
    accepts = ((terms.REMOTE, row.remote), (terms.ON_SITE, row.on_site))
    return {
        "base": row.base,
        "country": row.country,
        "region": row.region,
        "time_zone": row.time_zone,
        "skills": dict(sorted(skills.items())),
        "languages": sorted(languages),
        "modes": [mode for mode, accepted in accepts if accepted],
        "load": load,
        "max_missions": row.max_missions,
    }


# Each of these is built once.


@lru_cache(maxsize=20)
def _people(kind: str, offered: Rows | None) -> Rows:
    counts = counts_on(bindparam("today", type_=Date))
    skills = select(gathered(kind, SkillClaim.level, SkillClaim.skill))
    spoken = select(gathered(kind, ExpertLanguage.code))
    last: ColumnElement[Any] = null()
    if offered is not None:
        known = offered.subquery("offered")
        expert_id, at = list(known.c)[:2]
        latest = type_coerce(func.max(at), RAW)
        last = select(latest).where(expert_id == Expert.id).scalar_subquery()
    return select(
        Expert.id, Expert.public_id, Expert.name, Expert.base, Expert.country, Expert.region,
        Expert.time_zone, Expert.quiet_from, Expert.quiet_until, Expert.remote, Expert.on_site,
        Expert.max_missions,
        skills.where(SkillClaim.expert_id == Expert.id, counts).scalar_subquery().label("skills"),
        spoken.where(ExpertLanguage.expert_id == Expert.id).scalar_subquery().label("languages"),
        last.label("last_offered"),
    ).where(is_one_of(kind, Expert.id))  # fmt: skip


@lru_cache(maxsize=20)
def _offers(kind: str, offered: Rows) -> Rows:
    known = offered.subquery("offered")
    expert_id, at = list(known.c)[:2]
    return select(expert_id, func.max(at)).where(is_one_of(kind, expert_id)).group_by(expert_id)
