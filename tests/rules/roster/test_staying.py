"""What falls due when for one person, told from the dates alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roster.rules import cadences, staying
from roster.rules.staying import Matter, Member, Paper, Told
from roster.rules.terms import (
    APPLICANT,
    EXPIRED,
    LISTED,
    QUALIFIED,
    REMOVED,
    SUSPENDED,
    Away,
    Rhythm,
)
from roster.rules.writing_times import local_day

NOON = datetime(2026, 6, 3, 12, tzinfo=UTC)
TODAY = NOON.date()
FAR = date(2031, 1, 1)
RECENTLY = NOON - timedelta(days=20)
WATCHED = timedelta(days=50)
QUIET = Member(LISTED, Rhythm("UTC"), FAR, RECENTLY, RECENTLY)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def told(*kinds: tuple[str, int]) -> list[tuple[str, int]]:
    return list(kinds)


def due(member: Member, now: datetime = NOON) -> list[tuple[str, int]]:
    return [(one.kind, one.times) for one in staying.sayable(member, now)]


@pytest.mark.parametrize(
    ("left", "times"),
    [(91, 0), (90, 1), (31, 1), (30, 2), (8, 2), (7, 3), (0, 3), (-1, 4), (-14, 4), (-15, 0)],
)
def test_validity_is_told_90_30_and_7_days_before_and_once_it_has_ended(
    left: int, times: int
) -> None:
    member = replace(QUIET, valid_until=TODAY + days(left))
    assert due(member) == ([("validity", times)] if times else [])
    certificate = replace(QUIET, papers=(Paper(5, "CBCI", TODAY + days(left), "BCP"),))
    assert due(certificate) == ([("certificate", times)] if times else [])


def test_each_reminder_is_given_once_and_a_late_start_sends_one_not_three() -> None:
    end = TODAY + days(7)
    member = replace(QUIET, valid_until=end, told={("validity", end): Told(3, NOON)})
    assert not due(member)
    assert due(replace(QUIET, valid_until=end)) == told(("validity", 3))


def test_who_has_answered_is_left_alone_until_it_has_ended() -> None:
    end = TODAY + days(7)
    answered = {("validity", end): Told(1, NOON - days(20), answered=True)}
    assert not due(replace(QUIET, valid_until=end, told=answered))
    over = TODAY - days(1)
    answered = {("validity", over): Told(1, NOON - days(20), answered=True)}
    assert due(replace(QUIET, valid_until=over, told=answered)) == told(("validity", 4))


def test_a_certificate_that_has_a_successor_is_not_spoken_of() -> None:
    old, new = Paper(1, "AMBCI", TODAY + days(5), "BCP"), Paper(2, "AMBCI", FAR, "BCP")
    assert not due(replace(QUIET, papers=(old, new)))
    assert due(replace(QUIET, papers=(old, replace(new, skill="CIR")))) == told(("certificate", 3))


@pytest.mark.parametrize("status", [APPLICANT, SUSPENDED, REMOVED])
def test_who_is_not_on_the_roster_is_told_and_asked_nothing(status: str) -> None:
    member = replace(
        QUIET, status=status, valid_until=TODAY + days(3), confirmed_at=NOON - days(800),
        heard_at=None, papers=(Paper(1, "CBCI", TODAY + days(3)),),
    )  # fmt: skip
    assert not due(member)
    assert not staying.wants_proof(member, NOON)
    assert not staying.wants_renewal(member, NOON)


def test_who_has_expired_hears_that_it_has_ended_and_nothing_before() -> None:
    member = replace(QUIET, status=EXPIRED, valid_until=TODAY - days(1))
    assert due(member) == told(("validity", 4))
    assert not due(replace(member, valid_until=TODAY + days(20)))


def asked(times: int, last: datetime, answered: bool = False) -> Member:
    occasion = date(2026, 5, 1)
    return replace(
        QUIET, confirmed_at=datetime(2025, 5, 1, tzinfo=UTC),
        told={("reconfirmation", occasion): Told(times, last, answered)} if times else {},
    )  # fmt: skip


def test_a_year_after_the_last_word_they_are_asked_and_reminded_after_7_and_14_days() -> None:
    assert due(replace(asked(0, NOON), confirmed_at=NOON - days(364))) == []
    assert due(replace(asked(0, NOON), confirmed_at=NOON - days(365))) == told(
        ("reconfirmation", 1)
    )
    assert due(asked(1, NOON - days(6))) == []
    assert due(asked(1, NOON - days(7))) == told(("reconfirmation", 2))
    assert due(asked(2, NOON - days(7))) == told(("reconfirmation", 3))
    assert due(asked(3, NOON - days(100))) == []
    assert due(asked(1, NOON - days(30), answered=True)) == []


def test_a_leap_day_has_its_anniversary_on_the_last_of_february() -> None:
    member = replace(QUIET, confirmed_at=datetime(2028, 2, 29, 12, tzinfo=UTC))
    assert staying.confirm_on(member) == date(2029, 2, 28)


def test_the_question_goes_by_text_too_unless_the_phone_or_its_owner_takes_none() -> None:
    member = asked(0, NOON)
    question = staying.sayable(member, NOON)
    assert staying.by_text(member, question, NOON)
    for change in (
        {"opted_out": True}, {"failed_at": NOON}, {"has_phone": False},
        {"proof_at": NOON - timedelta(hours=2)},
    ):  # fmt: skip
        assert not staying.by_text(replace(member, **change), question, NOON)
    assert not staying.by_text(member, [Matter("validity", FAR, 1)], NOON)


@pytest.mark.parametrize(
    ("zone", "hour", "allowed"),
    [
        ("UTC", 8, False), ("UTC", 9, True), ("UTC", 16, True), ("UTC", 17, False),
        ("Asia/Tokyo", 0, True), ("Asia/Tokyo", 8, False), ("America/Lima", 13, False),
        ("America/Lima", 14, True),
    ],
)  # fmt: skip
def test_nobody_is_written_to_but_from_9_to_17_where_they_are(
    zone: str, hour: int, allowed: bool
) -> None:
    member = replace(QUIET, rhythm=Rhythm(zone), valid_until=TODAY + days(30))
    now = NOON.replace(hour=hour)
    assert bool(due(member, now)) is allowed
    silent = replace(member, valid_until=FAR, heard_at=NOON - days(200))
    assert staying.wants_proof(silent, now) is allowed


def test_quiet_hours_are_kept_within_the_writing_hours() -> None:
    member = replace(QUIET, valid_until=TODAY + days(30))
    resting = replace(member, rhythm=Rhythm("UTC", quiet=(6 * 60, 14 * 60)))
    assert due(member)
    assert not due(resting)
    assert due(resting, NOON.replace(hour=14))
    by_night = replace(member, rhythm=Rhythm("UTC", quiet=(8 * 60, 18 * 60)))
    assert not due(by_night)
    assert due(by_night, NOON.replace(hour=18))
    assert staying.next_look(by_night, NOON) == NOON.replace(hour=18)


def test_who_is_away_hears_only_what_is_urgent_and_by_mail_alone() -> None:
    away = Rhythm("UTC", (Away(NOON - days(1), None),))
    assert not due(replace(QUIET, rhythm=away, valid_until=TODAY + days(30)))
    assert not due(replace(asked(0, NOON), rhythm=away))
    assert not staying.wants_proof(replace(QUIET, rhythm=away, heard_at=NOON - days(99)), NOON)
    urgent = replace(QUIET, rhythm=away, valid_until=TODAY + days(7))
    assert due(urgent) == told(("validity", 3))
    question = [Matter("reconfirmation", TODAY, 1)]
    assert not staying.by_text(replace(asked(0, NOON), rhythm=away), question, NOON)


def test_nobody_is_written_to_twice_on_a_day_of_theirs() -> None:
    member = replace(QUIET, valid_until=TODAY + days(30), heard_at=NOON - days(99))
    assert due(member)
    assert not due(replace(member, noticed_on=TODAY))
    assert not staying.wants_proof(replace(member, noticed_on=TODAY), NOON)
    kiritimati = replace(member, rhythm=Rhythm("Pacific/Kiritimati"), noticed_on=TODAY)
    tomorrow_there = NOON.replace(hour=20)
    assert due(kiritimati, tomorrow_there)


def test_a_renewal_is_wanted_from_90_days_before_the_end_once_and_not_beside_another_case() -> None:
    member = replace(QUIET, valid_until=TODAY + days(90))
    assert staying.wants_renewal(member, NOON)
    assert staying.wants_renewal(member, NOON.replace(hour=3)), "no hour is too early for that"
    assert not staying.wants_renewal(replace(member, case_open=True), NOON)
    assert not staying.wants_renewal(replace(member, valid_until=TODAY + days(91)), NOON)
    opened = {("renewal", TODAY + days(90)): Told(1, NOON)}
    assert not staying.wants_renewal(replace(member, told=opened), NOON)


def test_a_phone_is_proved_anew_after_90_silent_days_and_after_it_was_refused_for_good() -> None:
    assert not staying.wants_proof(replace(QUIET, heard_at=NOON - days(89)), NOON)
    silent = replace(QUIET, heard_at=NOON - days(90))
    assert staying.wants_proof(silent, NOON)
    assert not staying.wants_proof(replace(silent, proof_at=NOON - days(89)), NOON)
    assert staying.wants_proof(replace(silent, proof_at=NOON - days(90)), NOON)
    assert staying.wants_proof(replace(QUIET, heard_at=None, confirmed_at=NOON - days(91)), NOON)
    refused = replace(QUIET, failed_at=NOON - days(1))
    assert staying.wants_proof(refused, NOON)
    assert not staying.wants_proof(replace(refused, proof_at=NOON), NOON)
    for change in ({"opted_out": True}, {"has_phone": False}, {"status": REMOVED}):
        assert not staying.wants_proof(replace(silent, **change), NOON)


def test_nobody_is_asked_for_a_code_while_an_answer_would_prove_their_phone() -> None:
    silent = replace(asked(1, NOON - days(3)), heard_at=NOON - days(200))
    assert not staying.wants_proof(silent, NOON)
    assert not staying.wants_proof(replace(asked(0, NOON), heard_at=NOON - days(200)), NOON)
    assert staying.wants_proof(replace(silent, told=asked(3, NOON - days(31)).told), NOON)


members = st.builds(
    Member,
    st.sampled_from((QUALIFIED, LISTED, LISTED, EXPIRED, SUSPENDED)),
    st.builds(
        Rhythm,
        st.sampled_from(("UTC", "Pacific/Kiritimati", "America/Lima", "Asia/Kathmandu")),
        st.sampled_from(((), (Away(NOON - days(9), None),), (Away(NOON, NOON + days(3)),))),
        quiet=st.sampled_from((None, (540, 700), (1200, 600), (480, 990))),
    ),
    st.none() | st.integers(-30, 200).map(lambda left: TODAY + days(left)),
    st.none() | st.integers(0, 800).map(lambda ago: NOON - days(ago)),
    st.none() | st.integers(0, 200).map(lambda ago: NOON - days(ago)),
    st.none() | st.integers(0, 200).map(lambda ago: NOON - days(ago)),
    st.none() | st.integers(0, 200).map(lambda ago: NOON - days(ago)),
    papers=st.lists(
        st.builds(Paper, st.integers(1, 3), st.sampled_from("AB"),
                  st.integers(-20, 120).map(lambda left: TODAY + days(left))),
        max_size=2, unique_by=lambda paper: paper.id,
    ).map(tuple),
)  # fmt: skip


GONE = Rhythm("Pacific/Kiritimati", (Away(NOON - days(9), None),))
SOON_BACK = Rhythm("Asia/Kathmandu", (Away(NOON, NOON + days(3)),))


@settings(max_examples=30)
@given(members)
@example(Member(QUALIFIED, GONE, papers=(Paper(1, "A", TODAY + days(57)),)))  # urgent on the last
@example(Member(QUALIFIED, SOON_BACK, TODAY + days(94), proof_at=NOON - days(87)))
def test_everything_is_said_once_at_the_very_look_at_which_it_may_be(member: Member) -> None:
    """Looks that come when the last one asked for them find what hourly looks would find."""
    said, looks = follow(member, steps=None)
    assert said == follow(member, steps=timedelta(hours=1))[0]
    assert looks < WATCHED.days * 9


def follow(member: Member, steps: timedelta | None) -> tuple[list[tuple[str, date, int]], int]:
    """What is said within 50 days, by whom is looked at when asked for, or every so often."""
    now, said, looks = NOON, [], 0
    while now < NOON + WATCHED:
        looks += 1
        found = staying.sayable(member, now)
        said += [(one.about, one.occasion, one.times) for one in found]
        fresh = {(one.about, one.occasion): Told(one.times, now) for one in found}
        if found:
            day = local_day(member.rhythm, now)
            member = replace(member, told={**member.told, **fresh}, noticed_on=day)
        if staying.wants_proof(member, now):
            said.append(("proof", now.date(), 0))
            member = replace(member, proof_at=now)
        if staying.wants_renewal(member, now) and member.valid_until:
            said.append(("renewal", member.valid_until, 0))
            member = replace(member, case_open=True)
        following = now + steps if steps else staying.next_look(member, now)
        assert now < following <= now + days(cadences.LOOK_AGAIN_DAYS + 1)
        now = following
    return said, looks
