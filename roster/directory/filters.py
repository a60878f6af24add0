"""Every hard filter as a condition of the database, keyed by its reason, in the order of REASONS.

Held equal to `roster.rules.suitability` by a test. No condition is ever NULL, so that its
negation names the excluded.
"""

from collections.abc import Collection
from datetime import UTC, date

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true

from roster.claims import counts_on
from roster.directory.frame import Frame
from roster.directory.where import surely_inside
from roster.models import Absence, Conflict, Expert, ExpertLanguage, SkillClaim, WeeklyHours
from roster.rules import terms
from roster.rules.availability import DAY, WORKING_WEEK
from roster.rules.suitability import modes_for
from roster.rules.terms import Need

Conditions = dict[str, ColumnElement[bool]]


def conditions(frame: Frame, edge: Collection[int] = ()) -> Conditions:
    """What must hold for an expert to be a candidate, by the reason given when it does not.

    `edge` are the ids that only the geodesic could tell to be inside the affected circle; without
    them those near its edge pass, and the caller must judge each.
    """
    need, today = frame.need, frame.now.astimezone(UTC).date()
    return {
        terms.NOT_VETTED: Expert.status.in_(terms.VETTED),
        terms.NOT_VALID: and_(Expert.valid_until.is_not(None), Expert.valid_until >= today),
        terms.OPTED_OUT: Expert.opted_out_at.is_(None),
        terms.NO_CHANNEL: or_(Expert.phone != "", Expert.email != ""),
        **at_this_time(frame),
        terms.BUSY: frame.missions < Expert.max_missions,
        terms.OFFERED: Expert.id.not_in(frame.busy),
        terms.NO_SKILL: and_(true(), *(_has_skill(*wanted, today) for wanted in need.skills)),
        terms.NO_LANGUAGE: speaks(need.languages) if need.languages else true(),
        terms.NO_MODE: _accepts(need.mode),
        terms.NO_SCOPE: _is_in_scope(need),
        terms.CONFLICT: _has_no_conflict({need.country, need.office} - {""}),
        terms.AFFECTED: _is_outside(frame, edge),
    }


def at_this_time(frame: Frame) -> Conditions:
    """The three conditions that the clock alone can mend."""
    return {
        terms.AWAY: Expert.id.not_in(
            select(Absence.expert_id).where(
                Absence.starts_at <= frame.now,
                or_(Absence.ends_at.is_(None), Absence.ends_at > frame.now),
            )
        ),
        terms.RESTING: true() if frame.need.hours == "any" else not_(is_quiet(frame)),
        terms.OFF_HOURS: _within_hours(frame),
    }


def is_quiet(frame: Frame) -> ColumnElement[bool]:
    """Whether it is in the expert's quiet hours; false without any."""
    start, end, minute = Expert.quiet_from, Expert.quiet_until, frame.minute_of_day
    return and_(
        start.is_not(None),
        end.is_not(None),
        or_(
            and_(start <= end, start <= minute, minute < end),
            and_(start > end, or_(start <= minute, minute < end)),
        ),
    )


def speaks(languages: Collection[str]) -> ColumnElement[bool]:
    """Whether the expert can work in at least one of `languages`."""
    return Expert.id.in_(
        select(ExpertLanguage.expert_id).where(ExpertLanguage.code.in_(sorted(languages)))
    )


def _within_hours(frame: Frame) -> ColumnElement[bool]:
    if frame.minute is None:
        return true()  # nobody has set weekly hours
    own = select(WeeklyHours.id).where(WeeklyHours.expert_id == Expert.id)
    own = own.correlate_except(WeeklyHours)
    since = frame.minute - WeeklyHours.weekday * DAY
    open_now = own.where(WeeklyHours.start <= since, since < WeeklyHours.end)
    otherwise = _working(frame.minute) if frame.need.hours == "working" else true()
    return or_(and_(not_(own.exists()), otherwise), open_now.exists())


def _working(minute: ColumnElement[int]) -> ColumnElement[bool]:
    spans = ((span.weekday * DAY + span.start, span.weekday * DAY + span.end)
             for span in WORKING_WEEK)  # fmt: skip
    return or_(false(), *(and_(start <= minute, minute < end) for start, end in spans))


def _has_skill(code: str, level: int, today: date) -> ColumnElement[bool]:
    return Expert.id.in_(
        select(SkillClaim.expert_id).where(
            SkillClaim.skill == code, SkillClaim.level >= level, counts_on(today)
        )
    )


def _accepts(mode: terms.Mode) -> ColumnElement[bool]:
    columns = {terms.REMOTE: Expert.remote, terms.ON_SITE: Expert.on_site}
    return or_(*(columns[one].is_(True) for one in sorted(modes_for(mode))))


def _is_in_scope(need: Need) -> ColumnElement[bool]:
    return or_(
        Expert.scope == terms.GLOBAL,
        and_(Expert.scope == terms.REGIONAL, Expert.region == need.region),
        and_(Expert.scope == terms.NATIONAL, Expert.country == need.country),
    )


def _has_no_conflict(codes: Collection[str]) -> ColumnElement[bool]:
    if not codes:
        return true()
    return Expert.id.not_in(select(Conflict.expert_id).where(Conflict.code.in_(sorted(codes))))


def _is_outside(frame: Frame, edge: Collection[int]) -> ColumnElement[bool]:
    area = frame.need.affected
    if area is None:
        return true()
    outside = [Expert.country != area.country] if area.country else []
    inside = surely_inside(area, frame.place)
    if inside is not None:
        outside.append(not_(inside))
    if edge:
        outside.append(Expert.id.not_in(sorted(edge)))
    return and_(true(), *outside)
