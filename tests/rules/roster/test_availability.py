"""When an expert may be asked: against a minute-by-minute search, over changes of clocks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roster.rules import terms
from roster.rules.availability import (
    end_of_day,
    is_awake,
    is_quiet,
    last_day,
    local_minute,
    next_available,
    objection,
)
from roster.rules.terms import Away, Hours, Rhythm

ZONES = ("UTC", "Europe/Paris", "Asia/Beirut", "Asia/Kathmandu", "Pacific/Kiritimati",
         "America/St_Johns", "Australia/Lord_Howe", "Pacific/Pago_Pago")  # fmt: skip
# Around the changes of clocks of Europe and Lebanon in spring and of Europe in autumn 2026.
STARTS = (datetime(2026, 3, 27, 20, tzinfo=UTC), datetime(2026, 10, 24, 21, 30, tzinfo=UTC))
MINUTE = timedelta(minutes=1)


def somebody(**facts: Any) -> Rhythm:
    return Rhythm(**{"time_zone": "Europe/Paris"} | facts)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the week of Monday 1 June 2026 (UTC)."""
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("hours", ["any", "waking"])
def test_who_set_no_hours_is_always_available(hours: str) -> None:
    for hour in range(24):
        assert objection(somebody(), hours, at(7, hour)) is None


def test_preparedness_asks_only_from_monday_to_friday_nine_to_five() -> None:
    paris = somebody()
    assert objection(paris, "working", at(1, 6, 59)) == terms.OFF_HOURS  # 08:59 in Paris
    assert objection(paris, "working", at(1, 7)) is None
    assert objection(paris, "working", at(5, 14, 59)) is None
    assert objection(paris, "working", at(5, 15)) == terms.OFF_HOURS
    assert objection(paris, "working", at(6, 10)) == terms.OFF_HOURS  # Saturday


def test_own_weekly_hours_stand_in_for_working_hours_and_bind_every_severity() -> None:
    sunday = somebody(weekly=(Hours(6, 600, 660),))
    for hours in ("any", "waking", "working"):
        assert objection(sunday, hours, at(7, 8, 30)) is None  # 10:30 in Paris
        assert objection(sunday, hours, at(7, 9)) == terms.OFF_HOURS
        assert objection(sunday, hours, at(1, 8, 30)) == terms.OFF_HOURS


def test_quiet_hours_go_over_midnight_and_yield_to_the_gravest() -> None:
    sleeper = somebody(quiet=(22 * 60, 6 * 60))
    assert objection(sleeper, "waking", at(1, 20)) == terms.RESTING
    assert objection(sleeper, "waking", at(1, 3, 59)) == terms.RESTING
    assert objection(sleeper, "waking", at(1, 4)) is None
    assert objection(sleeper, "any", at(1, 20)) is None


def test_an_absence_counts_from_its_first_moment_to_before_its_end() -> None:
    away = somebody(away=(Away(at(2, 0), at(3, 0)),))
    assert objection(away, "any", at(1, 23, 59)) is None
    assert objection(away, "any", at(2, 0)) == terms.AWAY
    assert objection(away, "any", at(3, 0) - timedelta(microseconds=1)) == terms.AWAY
    assert objection(away, "any", at(3, 0)) is None


def test_an_absence_without_end_never_ends_by_itself() -> None:
    gone = somebody(away=(Away(at(2, 0), at(3, 0)), Away(at(1, 0))))
    assert next_available(gone, "any", at(2, 12)) is None


def test_away_until_a_day_includes_that_day_where_the_expert_lives() -> None:
    for zone in ZONES:
        end = end_of_day(date(2026, 3, 28), zone)
        assert last_day(end, zone) == date(2026, 3, 28)
        assert local_minute(end - MINUTE, zone) == (5, 24 * 60 - 1)
    # In Lebanon that night has no midnight: clocks go from 0:00 to 1:00.
    assert end_of_day(date(2026, 3, 28), "Asia/Beirut") == datetime(2026, 3, 28, 22, tzinfo=UTC)


def test_awake_means_outside_quiet_hours_or_seven_to_ten_at_night() -> None:
    assert not is_awake(somebody(), at(1, 4, 59))
    assert is_awake(somebody(), at(1, 5))
    assert is_awake(somebody(quiet=(600, 660)), at(1, 1))
    assert not is_awake(somebody(quiet=(600, 660)), at(1, 8, 30))


def test_empty_quiet_hours_are_never_quiet() -> None:
    assert not any(is_quiet((480, 480), minute) for minute in range(24 * 60))


moments = st.builds(
    lambda start, minutes: start + minutes * MINUTE,
    st.sampled_from(STARTS),
    st.integers(-600, 5000),
)
minutes_of_day = st.integers(0, 95).map(lambda quarter: quarter * 15)
spans = st.builds(
    lambda weekday, start, length: Hours(weekday, start, min(start + length, 1440)),
    st.integers(0, 6),
    minutes_of_day,
    st.sampled_from((15, 60, 480)),
)
absences = st.builds(
    lambda start, length: Away(start, None if length is None else start + length * MINUTE),
    moments,
    st.one_of(st.none(), st.integers(1, 4000)),
)
people = st.builds(
    lambda zone, quiet, weekly, away: somebody(
        time_zone=zone, quiet=quiet, weekly=tuple(weekly), away=tuple(away)
    ),
    st.sampled_from(ZONES),
    st.one_of(st.none(), st.tuples(minutes_of_day, minutes_of_day)),
    st.lists(spans, max_size=3),
    st.lists(absences, max_size=3),
)


@settings(max_examples=60)
@given(people, st.sampled_from(("any", "waking", "working")), moments)
def test_next_available_is_what_a_search_minute_by_minute_finds(
    rhythm: Rhythm, hours: str, now: datetime
) -> None:
    found = next_available(rhythm, hours, now)
    limit = found or now + timedelta(days=15)
    moment = now
    while moment < limit:
        assert objection(rhythm, hours, moment) is not None
        moment += 5 * MINUTE
    if found is not None:
        assert objection(rhythm, hours, found) is None
        assert found == now or objection(rhythm, hours, found - MINUTE) is not None
