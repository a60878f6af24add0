"""All that the pure rules need to know of experts, read afresh from the database.

Two statements, however many they are: one for the experts' own columns, one for all of their lists
(`roster.directory.belongings`).
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import Session, lazyload

from roster.claims import ended_among
from roster.directory.belongings import Belongings, belongings_of
from roster.directory.frame import Rows
from roster.directory.where import place_of
from roster.held import note_held
from roster.models import Expert
from roster.rules import terms
from roster.rules.availability import end_of_day
from roster.rules.suitability import reason_against
from roster.rules.terms import Away, Hours, Need, Profile, Rhythm

# Their lists are no part of the objects: all of them are read at once, after any lock.
LEAN = lazyload("*")
SOME = select(Expert).where(Expert.id.in_(bindparam("ids", expanding=True))).options(LEAN)


def _one_held(*, wait: bool) -> Select[Expert]:
    return (
        select(Expert)
        .where(Expert.id == bindparam("who", type_=Integer))
        .with_for_update(of=Expert, read=True, skip_locked=not wait)
        .options(LEAN)
        .execution_options(populate_existing=True)
    )


WAITING, PASSING = _one_held(wait=True), _one_held(wait=False)


def is_deployable(
    session: Session, expert_id: int, need: Need, now: datetime, *, busy: Rows, load: Rows
) -> str | None:
    """The first reason not to ask this expert now, None when there is none.

    Asked again inside the transaction that creates an offer: on PostgreSQL the expert's row is
    held against changes until it ends, so that nobody is suspended in between.
    """
    expert = hold_expert(session, expert_id)
    if expert is None:
        return terms.NOT_VETTED
    known = profiles_of(session, [expert], now, busy=busy, load=load)
    return reason_against(known[expert_id], need, now)


def hold_expert(session: Session, expert_id: int, *, wait: bool = True) -> Expert | None:
    """The expert read afresh and held against changes until the transaction ends (PostgreSQL).

    None when there is no such expert, or none to be had without a `wait` for whoever changes them.
    """
    query = WAITING if wait else PASSING
    expert = session.scalars(query, {"who": expert_id}).one_or_none()
    note_held(session)
    return expert


def profiles(
    session: Session, ids: Collection[int], now: datetime, *, busy: Rows, load: Rows
) -> dict[int, Profile]:
    """The profile of each of `ids` (a few hundred at most), as of `now`."""
    experts = session.scalars(SOME, {"ids": list(ids)}).all()
    return profiles_of(session, experts, now, busy=busy, load=load)


def profiles_of(
    session: Session, experts: Collection[Expert], now: datetime, *, busy: Rows, load: Rows
) -> dict[int, Profile]:
    """The same of `experts` who have just been read."""
    ids = [expert.id for expert in experts]
    known = belongings_of(session, ids, busy=busy, load=load)
    return {expert.id: _profile(expert, known[expert.id], now) for expert in experts}


def rhythm_of(expert: Expert) -> Rhythm:
    """When this expert may be asked."""
    return Rhythm(
        time_zone=expert.time_zone,
        away=tuple(Away(absence.starts_at, absence.ends_at) for absence in expert.absences),
        weekly=tuple(Hours(span.weekday, span.start, span.end) for span in expert.weekly),
        quiet=_quiet(expert),
    )


def _quiet(expert: Expert) -> tuple[int, int] | None:
    if expert.quiet_from is None or expert.quiet_until is None:
        return None
    return expert.quiet_from, expert.quiet_until


def _profile(expert: Expert, has: Belongings, now: datetime) -> Profile:
    lat, lon = place_of(expert, now)
    accepts = ((terms.REMOTE, expert.remote), (terms.ON_SITE, expert.on_site))
    ended = ended_among(((code, last) for code, _level, last in has.claims), now)
    last_day = expert.valid_until
    return Profile(
        id=expert.id,
        status=expert.status,
        valid_until=end_of_day(last_day, "UTC") if last_day else None,
        opted_out=expert.opted_out_at is not None,
        has_channel=bool(expert.phone or expert.email),
        rhythm=Rhythm(expert.time_zone, tuple(has.away), tuple(has.weekly), _quiet(expert)),
        lat=lat,
        lon=lon,
        country=expert.country,
        languages=frozenset(has.languages),
        skills={code: level for code, level, _last in has.claims if code not in ended},
        ended=ended,
        modes=frozenset(mode for mode, accepted in accepts if accepted),
        max_missions=expert.max_missions,
        region=expert.region,
        scope=expert.scope,
        conflicts=frozenset(has.conflicts),
        missions=has.missions,
        offered=has.offered,
    )
