"""Every hard filter as a condition of the database, keyed by its reason, in the order of REASONS.

Held equal to `roster.rules.suitability` by a test. No condition is ever NULL, so that its
negation names the excluded.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from roster.claims import counts_on
from roster.directory.asked import Slot
from roster.directory.frame import Frame
from roster.models import Absence, Conflict, Expert, ExpertLanguage, SkillClaim, WeeklyHours
from roster.rules import terms
from roster.rules.availability import DAY, WORKING_WEEK
from roster.rules.suitability import modes_for

Conditions = dict[str, ColumnElement[bool]]
ONE: ColumnElement[int] = literal_column("1")


def conditions(frame: Frame, edge: Collection[int] = ()) -> Conditions:
    """What must hold for an expert to be a candidate, by the reason given when it does not.

    `edge` are the ids that only the geodesic could tell to be inside the affected circle; without
    them those near its edge pass, and the caller must judge each.
    """
    told = frame.told
    # Of a few, the id is the way to the row; the index on the status would read everybody.
    status = func.coalesce(Expert.status, _word("")) if frame.is_for_few else Expert.status
    return {
        terms.NOT_VETTED: or_(*(status == _word(one) for one in terms.VETTED)),
        terms.NOT_VALID: and_(Expert.valid_until.is_not(None), Expert.valid_until >= told.today),
        terms.OPTED_OUT: Expert.opted_out_at.is_(None),
        terms.NO_CHANNEL: or_(Expert.phone != _word(""), Expert.email != _word("")),
        **at_this_time(frame),
        terms.BUSY: frame.missions < Expert.max_missions,
        terms.OFFERED: Expert.id.not_in(frame.busy),
        terms.NO_SKILL: and_(true(), *(_has_skill(frame, *one) for one in told.skills)),
        terms.NO_LANGUAGE: true() if told.languages is None else speaks(frame, told.languages),
        terms.NO_MODE: _accepts(told.mode),
        terms.NO_SCOPE: _is_in_scope(told.region, told.country),
        terms.CONFLICT: _has_no_conflict(frame),
        terms.AFFECTED: _is_outside(frame, edge),
    }


def at_this_time(frame: Frame) -> Conditions:
    """The three conditions that the clock alone can mend."""
    return {
        terms.AWAY: not_(
            has_row(
                frame,
                Absence.expert_id,
                Absence.starts_at <= frame.told.now,
                or_(Absence.ends_at.is_(None), Absence.ends_at > frame.told.now),
            )
        ),
        terms.RESTING: true() if frame.told.hours == "any" else not_(is_quiet(frame)),
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


def speaks(frame: Frame, languages: Sequence[str] | Sequence[Slot]) -> ColumnElement[bool]:
    """Whether the expert can work in at least one of `languages`."""
    spoken = ExpertLanguage.code.in_(languages)
    return has_row(frame, ExpertLanguage.expert_id, spoken)


def has_row(
    frame: Frame, owner: InstrumentedAttribute[int], *which: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Whether the expert owns a row for which `which` is true.

    Looked up for each of a few. For everybody the database may gather such rows once; where they
    are too many for that it looks each up, too (an IN would go through all of them for each).
    """
    if not frame.is_for_few:
        return exists().where(owner == Expert.id, *which).correlate(Expert)
    one = select(ONE).where(owner == Expert.id, *which).limit(ONE)
    # No EXISTS: PostgreSQL might gather all such rows for it once, of everybody on the roster.
    return one.correlate(Expert).scalar_subquery().is_not(None)


def _within_hours(frame: Frame) -> ColumnElement[bool]:
    if frame.minute is None:
        return true()  # nobody has set weekly hours
    own = select(WeeklyHours.id).where(WeeklyHours.expert_id == Expert.id)
    own = own.correlate_except(WeeklyHours)
    since = frame.minute - WeeklyHours.weekday * DAY
    open_now = own.where(WeeklyHours.start <= since, since < WeeklyHours.end)
    otherwise = _working(frame.minute) if frame.told.hours == "working" else true()
    return or_(and_(not_(own.exists()), otherwise), open_now.exists())


def _working(minute: ColumnElement[int]) -> ColumnElement[bool]:
    spans = ((span.weekday * DAY + span.start, span.weekday * DAY + span.end)
             for span in WORKING_WEEK)  # fmt: skip
    return or_(false(), *(and_(start <= minute, minute < end) for start, end in spans))


def _has_skill(frame: Frame, code: str | Slot, level: int | Slot) -> ColumnElement[bool]:
    counts = counts_on(frame.told.today)
    return has_row(
        frame, SkillClaim.expert_id, SkillClaim.skill == code, SkillClaim.level >= level, counts
    )


def _accepts(mode: terms.Mode) -> ColumnElement[bool]:
    columns = {terms.REMOTE: Expert.remote, terms.ON_SITE: Expert.on_site}
    return or_(*(columns[one].is_(True) for one in sorted(modes_for(mode))))


def _is_in_scope(region: str | Slot, country: str | Slot) -> ColumnElement[bool]:
    return or_(
        Expert.scope == _word(terms.GLOBAL),
        and_(Expert.scope == _word(terms.REGIONAL), Expert.region == region),
        and_(Expert.scope == _word(terms.NATIONAL), Expert.country == country),
    )


def _word(ours: str) -> ColumnElement[str]:
    # Written out: a parameter would be a value to send each time, for what never changes.
    return literal_column(f"'{ours}'", String)


def _has_no_conflict(frame: Frame) -> ColumnElement[bool]:
    codes = frame.told.conflicts
    if codes is None:
        return true()
    return not_(has_row(frame, Conflict.expert_id, Conflict.code.in_(codes)))


def _is_outside(frame: Frame, edge: Collection[int]) -> ColumnElement[bool]:
    told = frame.told
    hit = told.affected_country
    outside = [Expert.country != hit] if hit is not None else []
    if told.circle is not None:
        centre, bound = told.circle
        outside.append(frame.place.chord_sq(centre) > bound)
    if edge:
        outside.append(Expert.id.not_in(sorted(edge)))
    return and_(true(), *outside)
