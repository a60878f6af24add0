"""What experts say of themselves: each verb is audited and leaves news, or refuses and says why."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit import AuditRow
from core.db import writing
from roster.directory.where import place_of
from roster.models import Expert, RosterChange
from roster.registrar import profile
from roster.registrar.profile import ProfileError
from roster.rules.terms import Hours
from tests.factories import make_expert

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEEK = [Hours(0, 840, 1080), Hours(0, 540, 720), Hours(6, 0, 1440)]
Verb = Callable[..., None]
SAID: list[tuple[Verb, tuple[Any, ...], str]] = [
    (profile.set_weekly_hours, (WEEK,), "hours_set"),
    (profile.set_quiet_hours, ((1320, 390),), "quiet_hours_set"),
    (profile.set_limit, (3,), "limit_set"),
    (profile.set_modes, ({"remote"},), "modes_set"),
    (profile.set_time_zone, ("Asia/Tokyo",), "time_zone_set"),
    (profile.set_language, ("fr",), "language_set"),
]
REFUSED: list[tuple[Verb, tuple[Any, ...]]] = [
    (profile.set_weekly_hours, ([Hours(0, 1320, 360)],)),
    (profile.set_weekly_hours, ([Hours(7, 60, 120)],)),
    (profile.set_weekly_hours, ([Hours(0, 60, 1441)],)),
    (profile.set_quiet_hours, ((60, 60),)),
    (profile.set_quiet_hours, ((60, 1440),)),
    (profile.set_limit, (-1,)),
    (profile.set_limit, (11,)),
    (profile.set_modes, (set(),)),
    (profile.set_modes, ({"by_boat"},)),
    (profile.set_time_zone, ("Mars/Olympus",)),
    (profile.set_language, ("tlh",)),
    (profile.set_present_place, ("Nowhere", 91.0, 0.0)),
]


def say(session: Session, verb: Verb, *words: Any, **more: Any) -> Expert:
    with writing():
        expert = session.scalars(select(Expert)).one()
        verb(session, expert, *words, actor="them", now=NOW, **more)
    return expert


def left(session: Session) -> tuple[list[str], int]:
    """The audit of the expert, and how many pieces of news there are."""
    actions = session.scalars(
        select(AuditRow.action).where(AuditRow.subject.startswith("expert:")).order_by(AuditRow.id)
    )
    news = session.scalar(select(func.count(RosterChange.id)))
    return [action.removeprefix("expert.") for action in actions], news or 0


def test_each_change_is_audited_and_told_once(session: Session) -> None:
    make_expert(session)
    for verb, words, _action in SAID:
        say(session, verb, *words)
    for verb, words, _action in SAID:  # the same again changes nothing
        say(session, verb, *words)
    assert left(session) == ([action for *_, action in SAID], len(SAID))
    expert = session.scalars(select(Expert)).one()
    weekly = sorted((one.weekday, one.start, one.end) for one in expert.weekly)
    assert weekly == [(0, 540, 720), (0, 840, 1080), (6, 0, 1440)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("verb", "words"), REFUSED)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    session: Session, verb: Verb, words: tuple[Any, ...]
) -> None:
    make_expert(session)
    with pytest.raises(ProfileError):
        say(session, verb, *words)
    assert left(session) == ([], 0)


def test_a_present_place_lasts_a_fortnight_unless_said(session: Session) -> None:
    make_expert(session)
    expert = say(session, profile.set_present_place, "Nairobi", -1.28, 36.82)
    assert expert.present_until == NOW + timedelta(days=14)
    assert place_of(expert, NOW) == (-1.28, 36.82)
    assert place_of(expert, NOW + timedelta(days=14)) == (expert.lat, expert.lon)
    for until in (NOW, NOW + timedelta(days=400)):
        with pytest.raises(ProfileError):
            say(session, profile.set_present_place, "Nairobi", -1.28, 36.82, until=until)
    say(session, profile.clear_present_place)
    say(session, profile.clear_present_place)
    assert left(session) == (["present_place_set", "present_place_cleared"], 2)
    assert session.scalars(select(Expert)).one().present_x is None
