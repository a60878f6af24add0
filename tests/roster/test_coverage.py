"""Coverage as the database counts it against the pure rules; gaps told before they open."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from geopy.distance import geodesic
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from core import clock
from core.accounts.models import User
from core.audit import AuditRow
from core.db import db, writing
from core.i18n import LANGUAGES
from core.mail import Mail
from core.reference.models import Office
from dispatch.choosing.occupied import busy, load
from roster.coverage import count_everybody
from roster.coverage.ahead import lapses
from roster.coverage.alerts import watch
from roster.coverage.counting import ANYTHING, SOON, Count
from roster.coverage.outlook import look_out
from roster.models import CoverageAlert, Expert, SkillClaim
from roster.rules import terms
from roster.rules.suitability import reason_against
from tests.factories import VETTERS, make_expert, make_user
from tests.roster.rosters import NOW, REGIONS, Person, on_the_roster, people, profile_of, selects

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
FEW = settings(
    max_examples=25, phases=[Phase.reuse, Phase.generate],
    suppress_health_check=SLOW,
)  # fmt: skip
rosters = st.lists(people(), max_size=12)
LEADS = {"PAND": "BCP", "CYB": "CIR", "POL": "LEG"}
DAY = timedelta(days=1)
ONE_OF_EACH = (("kind", "CYB"), ("language", "en"), ("region", "TDC"))


def is_qualified(key: int, person: Person) -> bool:
    why = reason_against(profile_of(key, person), ANYTHING, NOW)
    return why not in {terms.NOT_VETTED, terms.NOT_VALID}


def can(key: int, person: Person, skill: str) -> bool:
    return profile_of(key, person).skills.get(skill, 0) >= terms.DEFAULT_LEVEL


def count_of(stored: dict[int, Person], skill: str = "") -> Count:
    """The three counts by the pure rules; with `skill`, a claim's last day counts, too."""
    ending = NOW.date() + SOON
    counts = Count()
    for key, person in stored.items():
        last = [person.columns["valid_until"], person.skills[skill][1] if skill else None]
        # Whoever works near home alone is deployable, too: there.
        anywhere = replace(profile_of(key, person), scope=terms.GLOBAL)
        reason = reason_against(anywhere, ANYTHING, NOW)
        ends_soon = any(day is not None and day < ending for day in last)
        counts += Count(1, reason is None, ends_soon)
    return counts


def test_the_database_counts_whom_the_pure_rules_count(session: Session) -> None:
    @FEW
    @given(rosters)
    def holds(roster: list[Person]) -> None:
        with on_the_roster(session, roster) as stored:
            known = selects(stored)
            tally = count_everybody(session, NOW, busy=known["busy"], load=known["load"])
        those = {key: one for key, one in stored.items() if is_qualified(key, one)}
        by_region = {
            region: {key: one for key, one in those.items() if one.columns["region"] == region}
            for region in (*REGIONS, "LAC")
        }
        for region, there in by_region.items():
            assert tally.regions[region] == count_of(there)
        for kind, skill in LEADS.items():
            able = {key: one for key, one in those.items() if can(key, one, skill)}
            assert tally.kinds[kind] == count_of(able, skill)
            for region, there in by_region.items():
                both = {key: one for key, one in able.items() if key in there}
                assert tally.matrix[region, kind] == count_of(both, skill)
        for code in LANGUAGES:
            speakers = {key: one for key, one in those.items() if code in one.languages}
            assert tally.languages[code] == count_of(speakers)

    holds()


def test_the_gaps_that_are_read_are_those_of_the_qualified(session: Session) -> None:
    offices = session.scalars(select(Office).order_by(Office.code)).all()
    facts = [(one.lat, one.lon, {*one.spoken}, {one.code, one.country}) for one in offices]

    @settings(FEW, max_examples=10)
    @given(rosters, st.sampled_from((1000, 5000)))
    def holds(roster: list[Person], km: int) -> None:
        with on_the_roster(session, roster) as stored:
            seen = look_out(session, NOW, km)
        able = [
            (one, profile_of(key, one)) for key, one in stored.items() if is_qualified(key, one)
        ]
        expected = {
            (number, kind)
            for (number, (lat, lon, spoken, codes)), (kind, skill) in product(
                enumerate(facts), seen.kinds.items()
            )
            if not any(
                who.skills.get(skill, 0) >= 2 and who.languages & spoken
                and not who.conflicts & codes
                and geodesic((one.columns["lat"], one.columns["lon"]), (lat, lon)).km <= km
                for one, who in able
            )
        }  # fmt: skip
        assert set(seen.gaps) == expected

    holds()


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """Every statement that the database gets from now on."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        heard.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(db.engine, "before_cursor_execute", hear)


def test_more_people_do_not_mean_more_statements(session: Session, statements: list[str]) -> None:
    def how_many() -> int:
        session.rollback()
        statements.clear()
        now = clock.now(session)
        count_everybody(session, now, busy=busy(), load=load())
        look_out(session, now)
        lapses(session, now)
        return len(statements)

    make_expert(session)
    with_one = how_many()
    for number in range(8):
        make_expert(session, skills=("CIR", "LEG"), lat=number * 10.0)
    assert how_many() <= with_one <= 50


def everywhere(session: Session, **columns: object) -> Expert:
    """Somebody without whom nothing is covered, and who leaves nothing open."""
    skills = ("BCP", "RRC", "LEG", "CIR", "FIN", "DRB")
    return make_expert(session, skills=skills, languages=LANGUAGES, **columns)


def open_now(session: Session) -> dict[str, tuple[int, int]]:
    """The open alerts: part → (days until the gap, how many are there now)."""
    session.rollback()
    today = clock.now(session).date()
    rows = session.scalars(select(CoverageAlert).where(CoverageAlert.closed_at.is_(None)))
    return {row.about: ((row.gap_on - today).days, row.left) for row in rows}


def mails(session: Session) -> list[Mail]:
    session.rollback()
    return list(session.scalars(select(Mail).order_by(Mail.id)))


def take_invitations(session: Session) -> None:
    """Everybody who has an account has shown that its address is theirs."""
    with writing():
        session.execute(update(User).values(confirmed_at=clock.now(session)))


def staffed(session: Session) -> None:
    """Somebody in every region, of every kind, in every language, for years."""
    years = clock.now(session).date() + 1000 * DAY
    for region in ("AFR", "ARAB", "ASPAC", "LAC", "TDC"):
        everywhere(session, region=region, valid_until=years)


def test_an_empty_roster_has_no_gaps_to_tell_of(session: Session) -> None:
    make_user(session, "vetter")
    assert watch(clock.now(session)) == 0
    assert open_now(session) == {}


def test_the_end_of_the_last_one_is_told_once_before_the_day_and_closed_when_filled(
    session: Session,
) -> None:
    staffed(session)
    take_invitations(session)
    now = clock.now(session)
    assert watch(now) == 0
    with writing():
        last = session.scalars(select(Expert).where(Expert.region == "LAC")).one()
        last.valid_until = now.date() + 40 * DAY
    assert watch(now) == 1
    assert open_now(session) == {"region:LAC": (41, 1)}
    assert watch(now) == 0
    told = mails(session)
    assert sorted(mail.to for mail in told) == sorted(VETTERS)
    assert "Latin America" in told[0].body
    assert "/coverage/" in told[0].body
    with writing():
        session.get_one(Expert, last.id).valid_until = now.date() + 400 * DAY
    assert watch(now) == 0
    assert open_now(session) == {}
    assert len(mails(session)) == 2
    actions = session.scalars(select(AuditRow.action).where(AuditRow.actor == "system"))
    assert [one for one in actions if one.startswith("coverage")] == [
        "coverage.gap_seen", "coverage.gap_filled",
    ]  # fmt: skip


def test_all_news_of_one_look_are_one_mail_in_the_language_of_each_confirmed_vetter(
    session: Session,
) -> None:
    make_user(session, "vetter", email="fr@example.org", language="fr")
    make_user(session, "duty_officer")
    now = clock.now(session)
    make_expert(session, skills={"CIR": 2}, languages=["en"], valid_until=now.date() + 10 * DAY)
    take_invitations(session)
    make_user(session, "vetter", email="invited@example.org")
    assert watch(now) == 5 + 8 + 6
    told = {mail.to: mail for mail in mails(session)}
    assert set(told) == {"fr@example.org", *VETTERS}
    assert "Afrique" in told["fr@example.org"].body
    found = open_now(session)
    assert [found[f"{word}:{code}"] for word, code in ONE_OF_EACH] == [(11, 1)] * 3
    assert found["kind:POL"] == (0, 0)
    # The next day a gap that is open is the same gap, and no news.
    assert watch(now + DAY) == 0
    assert open_now(session)["kind:POL"] == (0, 0)


def test_a_certificate_and_a_known_absence_open_gaps_and_stop_makes_one_at_once(
    session: Session,
) -> None:
    staffed(session)
    now = clock.now(session)
    with writing():
        for claim in session.scalars(select(SkillClaim).where(SkillClaim.skill == "CIR")):
            claim.valid_until = now.date() + 20 * DAY
        session.scalars(select(Expert).where(Expert.region == "AFR")).one().opted_out_at = now
        session.scalars(select(Expert).where(Expert.region == "LAC")).one().region = "ARAB"
    make_expert(
        session, region="LAC", valid_until=now.date() + 500 * DAY,
        away=[(now + 5 * DAY, now + 9 * DAY)],
    )  # fmt: skip
    assert watch(now) == 3
    assert open_now(session) == {"kind:CYB": (21, 4), "region:AFR": (0, 0), "region:LAC": (5, 1)}
