"""All that the pure rules need to know of experts, read afresh from the database."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from roster.claims import ended_at, skills_at
from roster.directory.frame import Rows
from roster.directory.where import place_of
from roster.models import Expert
from roster.rules import terms
from roster.rules.availability import end_of_day
from roster.rules.suitability import reason_against
from roster.rules.terms import Away, Hours, Need, Profile, Rhythm


def is_deployable(
    session: Session, expert_id: int, need: Need, now: datetime, *, busy: Rows, load: Rows
) -> str | None:
    """The first reason not to ask this expert now, None when there is none.

    Asked again inside the transaction that creates an offer: on PostgreSQL the expert's row is
    held against changes until it ends, so that nobody is suspended in between.
    """
    held = {"read": True}
    expert = session.get(Expert, expert_id, populate_existing=True, with_for_update=held)
    if expert is None:
        return terms.NOT_VETTED
    known = profiles(session, [expert_id], now, busy=busy, load=load)
    return reason_against(known[expert_id], need, now)


def profiles(
    session: Session, ids: Collection[int], now: datetime, *, busy: Rows, load: Rows
) -> dict[int, Profile]:
    """The profile of each of `ids` (a few hundred at most), as of `now`."""
    experts = session.scalars(select(Expert).where(Expert.id.in_(ids))).all()
    return profiles_of(session, experts, now, busy=busy, load=load)


def profiles_of(
    session: Session, experts: Collection[Expert], now: datetime, *, busy: Rows, load: Rows
) -> dict[int, Profile]:
    """The same of `experts` who have just been read."""
    ids = [expert.id for expert in experts]
    seats = load.subquery("seats")
    expert_id, taken = list(seats.c)[:2]
    missions = {
        row[0]: row[1]
        for row in session.execute(select(expert_id, taken).where(expert_id.in_(ids)))
    }
    live = busy.subquery("live")
    offered = next(iter(live.c))
    taken_now = set(session.scalars(select(offered).where(offered.in_(ids))))
    return {
        expert.id: _profile(expert, now, missions.get(expert.id, 0), expert.id in taken_now)
        for expert in experts
    }


def rhythm_of(expert: Expert) -> Rhythm:
    """When this expert may be asked."""
    quiet = None
    if expert.quiet_from is not None and expert.quiet_until is not None:
        quiet = expert.quiet_from, expert.quiet_until
    return Rhythm(
        time_zone=expert.time_zone,
        away=tuple(Away(absence.starts_at, absence.ends_at) for absence in expert.absences),
        weekly=tuple(Hours(span.weekday, span.start, span.end) for span in expert.weekly),
        quiet=quiet,
    )


def _profile(expert: Expert, now: datetime, missions: int, offered: bool) -> Profile:
    lat, lon = place_of(expert, now)
    accepts = ((terms.REMOTE, expert.remote), (terms.ON_SITE, expert.on_site))
    last_day = expert.valid_until
    return Profile(
        id=expert.id,
        status=expert.status,
        valid_until=end_of_day(last_day, "UTC") if last_day else None,
        opted_out=expert.opted_out_at is not None,
        has_channel=bool(expert.phone or expert.email),
        rhythm=rhythm_of(expert),
        lat=lat,
        lon=lon,
        country=expert.country,
        languages=frozenset(language.code for language in expert.languages),
        skills=skills_at(expert, now),
        ended=ended_at(expert, now),
        modes=frozenset(mode for mode, accepted in accepts if accepted),
        max_missions=expert.max_missions,
        region=expert.region,
        scope=expert.scope,
        conflicts=frozenset(conflict.code for conflict in expert.conflicts),
        missions=missions,
        offered=offered,
    )
