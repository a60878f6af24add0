"""A month of somebody's calendar: what each day is, in their own time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.rules.availability import absence_at
from roster.rules.month import month_of, next_month, read_month
from roster.rules.terms import Away, Hours, Rhythm

ZURICH = "Europe/Zurich"


def states(rhythm: Rhythm, year: int = 2027, month: int = 3) -> dict[int, str]:
    return {
        day.date.day: day.state
        for week in month_of(rhythm, year, month)
        for day in week
        if day.inside
    }


def at(day: int, hour: int = 0, month: int = 3) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=ZoneInfo(ZURICH)).astimezone(UTC)


def test_a_day_is_away_when_all_of_it_is() -> None:
    away = (Away(at(10), at(12)), Away(at(20, 9), at(20, 17)), Away(at(28), at(28, 12)))
    found = states(Rhythm(ZURICH, away=away))
    assert {day for day, state in found.items() if state == "away"} == {10, 11}
    # On the 28th the clocks go forward: the first half of the day is still only a half.
    assert {day for day, state in found.items() if state == "partly"} == {20, 28}


def test_absences_that_touch_or_overlap_cover_together() -> None:
    away = (Away(at(5, 12), None), Away(at(4), at(5, 12)), Away(at(4, 6), at(4, 7)))
    found = states(Rhythm(ZURICH, away=away))
    assert [found[day] for day in (3, 4, 5, 31)] == ["free", "away", "away", "away"]


def test_weekly_hours_close_the_other_days() -> None:
    weekly = (Hours(0, 840, 1080), Hours(0, 540, 720))
    [week] = [
        week for week in month_of(Rhythm(ZURICH, weekly=weekly), 2027, 3)
        if date(2027, 3, 8) in {day.date for day in week}
    ]  # fmt: skip
    assert [day.state for day in week] == ["hours", *["closed"] * 6]
    assert week[0].hours == ((540, 720), (840, 1080))


def test_weeks_begin_where_the_reader_has_them_begin() -> None:
    sunday_first = month_of(Rhythm("UTC"), 2027, 3, first_weekday=6)
    assert sunday_first[0][0].date == date(2027, 2, 28)
    assert not sunday_first[0][0].inside
    assert all(len(week) == 7 for week in sunday_first)


def test_days_of_a_mission_are_marked() -> None:
    weeks = month_of(Rhythm("UTC"), 2027, 3, busy=[(date(2027, 2, 20), date(2027, 3, 2))])
    assert [day.date.day for week in weeks for day in week if day.inside and day.busy] == [1, 2]


@pytest.mark.parametrize("text", ["", "2027", "2027-13", "1999-01", "9999-01", "2027-1", "٢٠٢٧-٠٣"])
def test_what_is_no_month_is_the_present_one(text: str) -> None:
    assert read_month(text, date(2026, 11, 22)) == (2026, 11)


def test_months_follow_each_other_over_the_year() -> None:
    assert read_month("2027-03", date(2026, 11, 22)) == (2027, 3)
    assert (next_month(2026, 12), next_month(2027, 1, -1)) == ("2027-01", "2026-12")


@given(
    st.sampled_from(["UTC", ZURICH, "Pacific/Apia", "America/New_York", "Asia/Kathmandu"]),
    st.lists(st.tuples(st.integers(0, 800), st.integers(1, 100)), max_size=4),
)
def test_a_day_is_away_exactly_when_no_moment_of_it_is_free(
    zone: str, spans: list[tuple[int, int]]
) -> None:
    start = datetime(2027, 3, 1, tzinfo=UTC)
    away = tuple(
        Away(start + timedelta(hours=first), start + timedelta(hours=first + length))
        for first, length in spans
    )
    for day, state in states(Rhythm(zone, away=away)).items():
        moment = datetime(2027, 3, day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        end = datetime(2027, 3, day, tzinfo=ZoneInfo(zone)) + timedelta(days=1)
        covered = []
        while moment < end.astimezone(UTC):
            covered.append(absence_at(away, moment) is not None)
            moment += timedelta(minutes=15)
        assert state == ("away" if all(covered) else "partly" if any(covered) else "free")
