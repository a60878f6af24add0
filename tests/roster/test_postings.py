"""Postings against a second telling of them, after every way in which a profile changes.

The fixture `app` tells them a third time after every test of the project, whatever it did.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core import clock
from core.db import writing
from roster import registrar
from roster.models import Expert, ExpertLanguage, Posting, SkillClaim
from roster.registrar.profile import clear_present_place, set_present_place
from roster.rules.cells import cell_of
from roster.rules.geodesy import unit_vector
from tests.conftest import Command
from tests.factories import VETTERS, make_expert, vetter
from tests.roster.files import VETTING, person, write

SKILLS, LANGUAGES = ("BCP", "CIR", "DRB", "LEG"), ("ar", "en", "fr", "sw")
STEPS = 40
Row = tuple[str, str, int, int, bool, int]


def told(session: Session) -> set[Row]:
    """What the table must hold, from the profiles."""
    session.expire_all()
    rows = set()
    for expert in session.scalars(select(Expert)):
        places = [(False, cell_of(unit_vector(expert.lat, expert.lon)))]
        if expert.present_lat is not None and expert.present_lon is not None:
            places.append((True, cell_of(unit_vector(expert.present_lat, expert.present_lon))))
        rows |= {
            (claim.skill, spoken.code, cell, expert.id, is_there, claim.level)
            for claim in expert.skills
            for spoken in expert.languages
            for is_there, cell in places
        }
    return rows


def stored(session: Session) -> set[Row]:
    """What it holds; each with the vector of its place."""
    rows = session.scalars(select(Posting)).all()
    for row in rows:
        assert cell_of((row.x, row.y, row.z)) == row.cell
    return {
        (row.skill, row.language, row.cell, row.expert_id, row.present, row.level) for row in rows
    }


class Life:
    """Ways in which a profile changes, each once at random."""

    def __init__(self, session: Session) -> None:
        self._session, self._dice = session, random.Random(11)
        self._by: dict[str, Any] = {"actor": "test", "now": clock.now(session)}

    def go_on(self, people: list[Expert]) -> None:
        ways = (self._move, self._travel, self._stay, self._learn, self._speak, self._suspend)
        for one in self._dice.sample(people, 2):
            self._dice.choice(ways)(self._session.get_one(Expert, one.id))

    def _somewhere(self) -> tuple[float, float]:
        return self._dice.uniform(-90, 90), self._dice.uniform(-180, 180)

    def _move(self, one: Expert) -> None:
        one.lat, one.lon = self._somewhere()

    def _travel(self, one: Expert) -> None:
        set_present_place(self._session, one, "There", *self._somewhere(), **self._by)

    def _stay(self, one: Expert) -> None:
        clear_present_place(self._session, one, **self._by)

    def _learn(self, one: Expert) -> None:
        held = {claim.skill: claim for claim in one.skills}
        wanted = self._dice.sample(SKILLS, self._dice.randrange(4))
        one.skills = [held.get(code) or SkillClaim(skill=code) for code in wanted]
        for claim in one.skills:
            claim.level = self._dice.choice((1, 2, 3))

    def _speak(self, one: Expert) -> None:
        held = {row.code: row for row in one.languages}
        wanted = self._dice.sample(LANGUAGES, self._dice.randrange(4))
        one.languages = [held.get(code) or ExpertLanguage(code=code) for code in wanted]

    def _suspend(self, one: Expert) -> None:
        if one.status == "listed":
            registrar.suspend(self._session, one, "Left", **self._by)


def test_postings_follow_every_change_of_a_profile(session: Session) -> None:
    people = [make_expert(session, skills=SKILLS[:2], languages=LANGUAGES[:2]) for _ in range(4)]
    life = Life(session)
    for _ in range(STEPS):
        with writing():
            life.go_on(people)
        assert stored(session) == told(session)
    assert stored(session)


def test_postings_follow_a_roster_file(session: Session, flask: Command, tmp_path: Path) -> None:
    for email in VETTERS:
        vetter(session, email)
    rows = [person(n, lat=str(n), lon="-179.5") for n in range(3)]
    assert flask("roster", "import", write(tmp_path / "r.csv", *rows), *VETTING).exit_code == 0
    assert stored(session) == told(session) != set()
    changed = [person(0, skills="LEG:1", languages="en"), person(1, lat="-46", lon="12")]
    assert flask("roster", "import", write(tmp_path / "s.csv", *changed), *VETTING).exit_code == 0
    first = session.scalars(select(Expert).where(Expert.email == "p0@example.org")).one()
    assert {row[:2] for row in stored(session) if row[3] == first.id} == {("LEG", "en")}
    assert stored(session) == told(session)


def test_nothing_stays_posted_of_who_is_forgotten_or_deleted(session: Session) -> None:
    forgotten, deleted, other = (make_expert(session) for _ in range(3))
    with writing():
        gone = session.get_one(Expert, forgotten.id)
        registrar.erase(session, gone, actor="test", now=clock.now(session))
        session.delete(session.get_one(Expert, deleted.id))
    assert {row[3] for row in stored(session)} == {other.id}


def test_a_change_that_is_taken_back_leaves_the_postings(session: Session) -> None:
    expert = make_expert(session)
    before = stored(session)
    with writing():
        savepoint = session.begin_nested()
        session.get_one(Expert, expert.id).lat = -33.0
        session.flush()
        assert stored(session) != before
        savepoint.rollback()
    assert stored(session) == before == told(session)


def test_two_who_change_one_expert_at_once_both_count(app: Flask, session: Session) -> None:
    number, ready = make_expert(session).id, Barrier(2)

    def change(how: Callable[[Expert], None]) -> None:
        with app.app_context():
            ready.wait()
            with writing() as other:
                how(other.get_one(Expert, number))

    def learn(one: Expert) -> None:
        one.skills.append(SkillClaim(skill="CIR", level=3))

    def travel(one: Expert) -> None:
        one.present_lat, one.present_lon = 1.0, 2.0
        one.present_until = clock.now() + timedelta(days=1)

    threads = [Thread(target=change, args=[how]) for how in (learn, travel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()  # what it saw before is over
    assert stored(session) == told(session)
    assert len(stored(session)) == 4  # two skills at two places


def test_the_operator_is_told_of_what_differs_and_can_put_it_right(
    session: Session, flask: Command
) -> None:
    people = [make_expert(session) for _ in range(3)]
    before = stored(session)
    well = flask("roster", "check")
    assert (well.exit_code, well.output) == (
        0, "0 experts are placed wrongly, 0 are listed wrongly\n"
    )  # fmt: skip
    with writing():
        session.execute(delete(Posting).where(Posting.expert_id == people[0].id))
        session.execute(update(Posting).where(Posting.expert_id == people[1].id).values(level=1))
        session.execute(update(Expert).where(Expert.id == people[2].id).values(cell=7))
    found = flask("roster", "check")
    assert found.exit_code == 1
    assert found.output == "1 experts are placed wrongly, 3 are listed wrongly\n"
    assert flask("roster", "check", "--mend").exit_code == 0
    assert stored(session) == before == told(session)
    assert flask("roster", "check").output == well.output
