"""What experts say of themselves: hours, place, limit, modes, zone, language. HR may say it too.

All of it counts for the very next match, and for what they are being asked at the moment.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.i18n import LANGUAGES
from roster.models import Expert, WeeklyHours
from roster.registrar.news import tell
from roster.rules import terms
from roster.rules.spans import SpanError, join_spans
from roster.rules.terms import Hours

MOST_MISSIONS = 10
MINUTES = 24 * 60
LONGEST_PLACE = 200
LONGEST_STAY = timedelta(days=366)


class ProfileError(ValueError):
    """Something that cannot be so; its text says why, to a person."""


def set_weekly_hours(
    session: Session, expert: Expert, hours: Iterable[Hours], *, actor: str, now: datetime
) -> None:
    """The hours in which the expert may be asked, where they live; none at all means always.

    Raises ProfileError for a span that goes over midnight or leaves the week.
    """
    wanted = sorted(_joined(list(hours)))
    have = sorted(Hours(span.weekday, span.start, span.end) for span in expert.weekly)
    if wanted == have:
        return
    expert.weekly = [
        WeeklyHours(weekday=span.weekday, start=span.start, end=span.end) for span in wanted
    ]
    said = [[span.weekday, span.start, span.end] for span in wanted]
    tell(session, expert, "hours_set", actor=actor, now=now, hours=said)


def set_quiet_hours(
    session: Session, expert: Expert, quiet: tuple[int, int] | None, *, actor: str, now: datetime
) -> None:
    """Local minutes from and until which only the gravest cases may wake the expert; None: never.

    They may go over midnight. Raises ProfileError when they are no hours of a day.
    """
    start, end = quiet or (None, None)
    if start is not None and end is not None and (
        start == end or not (0 <= start < MINUTES and 0 <= end < MINUTES)
    ):  # fmt: skip
        raise ProfileError(_("Quiet hours need a beginning and another end, such as 22:00–07:00."))
    if (expert.quiet_from, expert.quiet_until) == (start, end):
        return
    expert.quiet_from, expert.quiet_until = start, end
    tell(session, expert, "quiet_hours_set", actor=actor, now=now, quiet=[start, end])


def set_present_place(
    session: Session,
    expert: Expert,
    place: str,
    lat: float,
    lon: float,
    *,
    actor: str,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """Where the expert is until `until` (UTC, excluded), in degrees; 14 days unless said.

    Raises ProfileError for what is no place, or a stay that is over or longer than a year.
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ProfileError(_("This is no place on earth."))
    until = until or now + timedelta(days=terms.PRESENT_PLACE_DAYS)
    if not now < until <= now + LONGEST_STAY:
        raise ProfileError(_("The last day there must be today or later, within a year."))
    expert.present_place = place.strip()[:LONGEST_PLACE]
    expert.present_lat, expert.present_lon, expert.present_until = lat, lon, until
    tell(
        session, expert, "present_place_set", actor=actor, now=now, place=expert.present_place,
        lat=lat, lon=lon, until=until.isoformat(),
    )  # fmt: skip


def clear_present_place(session: Session, expert: Expert, *, actor: str, now: datetime) -> None:
    """The expert is at their base again."""
    if expert.present_until is None and expert.present_lat is None:
        return
    expert.present_place = ""
    expert.present_lat = expert.present_lon = expert.present_until = None
    tell(session, expert, "present_place_cleared", actor=actor, now=now)


def set_limit(
    session: Session, expert: Expert, missions: int, *, actor: str, now: datetime
) -> None:
    """On how many missions at a time the expert goes; 0 is none. Raises ProfileError."""
    if not 0 <= missions <= MOST_MISSIONS:
        raise ProfileError(_("Choose a number from 0 to %(most)d.", most=MOST_MISSIONS))
    if expert.max_missions != missions:
        before, expert.max_missions = expert.max_missions, missions
        tell(session, expert, "limit_set", actor=actor, now=now, limit=missions, before=before)


def set_modes(
    session: Session, expert: Expert, modes: Collection[str], *, actor: str, now: datetime
) -> None:
    """In which of `terms.MODES` the expert helps; at least one. Raises ProfileError."""
    if not modes or set(modes) - set(terms.MODES):
        raise ProfileError(_("Choose at least one way in which you can help."))
    wanted = terms.REMOTE in modes, terms.ON_SITE in modes
    if (expert.remote, expert.on_site) != wanted:
        expert.remote, expert.on_site = wanted
        tell(session, expert, "modes_set", actor=actor, now=now, modes=sorted(set(modes)))


def set_time_zone(
    session: Session, expert: Expert, zone: str, *, actor: str, now: datetime
) -> None:
    """The IANA zone of the expert's clock; absences stay at the moments they are at.

    Raises ProfileError for a zone that nobody knows.
    """
    if zone not in available_timezones():
        raise ProfileError(_("There is no such time zone. Choose one of the list."))
    if expert.time_zone != zone:
        before, expert.time_zone = expert.time_zone, zone
        tell(session, expert, "time_zone_set", actor=actor, now=now, zone=zone, before=before)


def set_language(
    session: Session, expert: Expert, language: str, *, actor: str, now: datetime
) -> None:
    """The one of the six languages in which we write to the expert. Raises ProfileError."""
    if language not in LANGUAGES:
        raise ProfileError(_("Choose one of the six languages."))
    if expert.language != language:
        before, expert.language = expert.language, language
        tell(session, expert, "language_set", actor=actor, now=now, language=language,
             before=before)  # fmt: skip


def _joined(hours: list[Hours]) -> list[Hours]:
    try:
        return [
            Hours(weekday, start, end)
            for weekday in sorted({span.weekday for span in hours})
            for start, end in join_spans(
                (span.start, span.end) for span in hours if span.weekday == weekday
            )
            if _is_weekday(weekday)
        ]
    except SpanError as error:
        raise ProfileError(
            _("%(hours)s goes over midnight. Split it: one part until 24:00, and the rest from "
              "00:00 on the next day.", hours=error.said)
        ) from error  # fmt: skip


def _is_weekday(weekday: int) -> bool:
    if not 0 <= weekday <= 6:
        raise ProfileError(_("A week has seven days."))
    return True
