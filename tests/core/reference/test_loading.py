"""An upgrade brings the rows up to what ships and keeps what people have edited."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import upgrading
from core.db import writing
from core.reference.editing import edit, skills_of
from core.reference.loading import STAMP, load_reference
from core.reference.models import CrisisKind, Office, ReferenceStamp, Skill
from tests.conftest import Clock, Command


def a_newer_version_ships(session: Session) -> None:
    """Makes the stored stamp an old one."""
    with writing():
        session.execute(
            update(ReferenceStamp).where(ReferenceStamp.name == STAMP).values(digest="old")
        )


def test_nothing_new_is_nothing_to_do(session: Session, clock: Clock) -> None:
    with writing():
        assert load_reference(session, clock.now()) == ""


def test_a_newer_version_mends_rows_but_not_what_people_edited(
    session: Session, clock: Clock
) -> None:
    with writing():
        skill = session.get_one(Skill, "BCP")
        names = skill.names | {"fr": "Notre nom"}
        edit(session, skill, {"names": names}, actor="x", now=clock.now())
        skill.position = 99  # by no person
        office = session.get_one(Office, "KE")
        edit(session, office, {"contact_email": "help@office.test"}, actor="x", now=clock.now())
        office.seat_city = "Elsewhere"
    a_newer_version_ships(session)
    with writing():
        assert "200 offices" in load_reference(session, clock.now())
    skill, office = session.get_one(Skill, "BCP"), session.get_one(Office, "KE")
    assert skill.names["fr"] == "Notre nom"
    assert skill.position == 1
    assert office.contact_email == "help@office.test"
    assert office.seat_city == "Nairobi"


def test_the_skills_of_a_kind_stay_as_they_were_edited(session: Session, clock: Clock) -> None:
    wanted = {"R": ["COM"], "D": ["TRN"]}
    with writing():
        kind = session.get_one(CrisisKind, "WAR")
        edit(session, kind, {"skills": wanted}, actor="x", now=clock.now())
    a_newer_version_ships(session)
    with writing():
        load_reference(session, clock.now())
    assert skills_of(session, "WAR") == wanted
    assert "BCP" in skills_of(session, "NAT")["R"]


def test_rows_that_do_not_ship_are_left_alone(session: Session, clock: Clock) -> None:
    with writing():
        session.add(Skill(code="NEW", names={"en": "New"}, edited=[]))
    a_newer_version_ships(session)
    with writing():
        load_reference(session, clock.now())
    assert "NEW" in session.scalars(select(Skill.code)).all()


def test_the_command_loads_what_is_missing(session: Session, flask: Command) -> None:
    a_newer_version_ships(session)
    result = flask("db", "upgrade")
    assert result.exit_code == 0
    assert "18 skills" in result.output


def test_every_package_can_hand_in_a_loader(session: Session, flask: Command) -> None:
    app = upgrading.current_app
    seen = []
    upgrading.add_loader(app, lambda _session, now: seen.append(now) or "Something new.")
    result = flask("db", "upgrade")
    assert "Something new." in result.output
    assert seen[0].tzinfo is not None
