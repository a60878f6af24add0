"""`flask roster import`: whom it brings in, as what, and what it leaves alone."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.audit import AuditRow, verify
from core.db import writing
from core.mail import Mail
from roster import registrar
from roster.models import Expert, RosterChange
from roster.rules import terms
from roster.rules.availability import available_text, end_of_day
from roster.rules.geodesy import unit_vector
from roster.rules.vetting import default_validity
from tests.conftest import Command
from tests.factories import VETTERS, make_expert, make_user, vetter
from tests.roster.files import AMINA, VETTING, by_email, facts, person, write

KEEP = timedelta(days=400)


@pytest.fixture(autouse=True)
def vetters(session: Session) -> tuple[int, int]:
    """The two vetters whom the options name."""
    first, second = (vetter(session, email).id for email in VETTERS)
    return first, second


def test_without_the_options_everybody_is_an_applicant(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    rows = [person(n, status=status) for n, status in enumerate(terms.STATUSES)]
    result = flask("roster", "import", write(tmp_path / "r.csv", *rows))
    assert result.exit_code == 0, result.output
    assert set(session.scalars(select(Expert.status))) == {terms.APPLICANT}
    assert session.scalar(select(func.count()).select_from(Expert)) == len(rows)


def test_two_vetters_let_in_whoever_the_file_says(
    session: Session, flask: Command, tmp_path: Path, vetters: tuple[int, int]
) -> None:
    rows = [person(n, status=status) for n, status in enumerate(terms.STATUSES)]
    empty = person(9, status="", valid_until="")
    result = flask("roster", "import", write(tmp_path / "r.csv", *rows, empty), *VETTING)
    assert result.exit_code == 0, result.output
    for n, status in enumerate(terms.STATUSES):
        assert by_email(session, f"p{n}@example.org").status == status
    one = by_email(session, "p9@example.org")
    assert (one.status, one.valid_until) == (
        terms.QUALIFIED, default_validity(clock.now().date()),
    )  # fmt: skip
    assert (one.vetted_by, one.approved_by, one.evidence) == (*vetters, "Panel of 3 May 2026")
    assert by_email(session, "p1@example.org").valid_until == date(2031, 5, 31)
    assert by_email(session, "p0@example.org").vetted_by is None


def test_every_cell_arrives(session: Session, flask: Command, tmp_path: Path) -> None:
    flask("roster", "import", write(tmp_path / "r.csv", AMINA), *VETTING)
    amina = by_email(session, "amina@example.org")
    assert (amina.name, amina.phone, amina.language) == ("Amina Haddad", "+41225550101", "ar")
    assert (amina.country, amina.region, amina.base) == ("CH", "TDC", "Geneva")
    assert (amina.x, amina.y, amina.z) == unit_vector(46.2022, 6.1457)
    assert (amina.time_zone, amina.max_missions) == ("Europe/Zurich", 2)
    assert facts(amina) == {
        "languages": {"ar", "fr"}, "skills": {"CIR": 3, "BCP": 2}, "conflicts": {"UA", "FR"},
        "modes": {"remote", "on_site"},
    }  # fmt: skip
    assert (amina.two_way, amina.opted_out_at, amina.quiet_from) == (True, None, None)
    assert available_text(amina, clock.now()) == "yes"


def test_a_file_needs_few_columns_and_the_place_says_the_rest(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    columns = ("email", "phone", "name", "base", "country")
    row = {"email": "K@Example.org ", "phone": "020 555 0101", "name": "K", "base": "Nairobi",
           "country": "ke"}  # fmt: skip
    result = flask("roster", "import", write(tmp_path / "r.csv", row, columns=columns))
    assert result.exit_code == 0, result.output
    expert = by_email(session, "k@example.org")
    assert (expert.phone, expert.region, expert.time_zone) == (
        "+254205550101", "AFR", "Africa/Nairobi",
    )  # fmt: skip
    assert (round(expert.lat), round(expert.lon)) == (-1, 37)
    assert facts(expert)["modes"] == {"remote", "on_site"}
    assert (expert.language, expert.max_missions) == ("en", 1)


def test_coordinates_win_over_the_name_of_the_base(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    row = person(1, base="Paris", lat="-89.9", lon="180", time_zone="", country="AQ", region="TDC")
    result = flask("roster", "import", write(tmp_path / "r.csv", row))
    assert result.exit_code == 0, result.output
    expert = by_email(session, "p1@example.org")
    assert (expert.lat, expert.lon, expert.base) == (-89.9, 180.0, "Paris")


def test_absences_are_read_as_days_where_the_expert_lives(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    today = clock.now().date()
    until = (today + timedelta(days=40)).isoformat()
    rows = [person(1, available="No"), person(2, available=f"away  until {until}"),
            person(3, available="away until 2020-01-01"), person(4, available="")]  # fmt: skip
    assert flask("roster", "import", write(tmp_path / "r.csv", *rows)).exit_code == 0
    texts = [
        available_text(by_email(session, f"p{n}@example.org"), clock.now()) for n in range(1, 5)
    ]
    assert texts == ["no", f"away until {until}", "yes", "yes"]
    (absence,) = by_email(session, "p2@example.org").absences
    assert absence.ends_at == end_of_day(date.fromisoformat(until), "Europe/Zurich")


def test_somebody_who_is_there_is_updated_but_for_standing_and_reach(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    now = clock.now()
    expert = make_expert(session, email="amina@example.org", valid_until=(now + KEEP).date())
    with writing():
        registrar.opt_out(session, expert, actor="system", now=now)
        registrar.suspend(session, expert, "Doubts", actor="system", now=now)
    result = flask("roster", "import", write(tmp_path / "r.csv", AMINA), *VETTING)
    assert result.exit_code == 0, result.output
    after = by_email(session, "amina@example.org")
    assert (after.name, after.phone, after.max_missions) == ("Amina Haddad", "+41225550101", 2)
    assert facts(after)["skills"] == {"CIR": 3, "BCP": 2}
    assert after.status == terms.SUSPENDED
    assert after.valid_until == (now + KEEP).date()
    assert after.opted_out_at == now


def test_another_phone_is_not_proved_by_what_the_old_one_answered(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    now = clock.now()
    make_expert(session, email="amina@example.org", phone_proved_at=now)
    make_expert(session, email="p7@example.org", phone=person(7)["phone"], phone_proved_at=now)
    flask("roster", "import", write(tmp_path / "r.csv", AMINA, person(7)))
    assert by_email(session, "amina@example.org").phone_proved_at is None
    assert by_email(session, "p7@example.org").phone_proved_at == now


def test_an_empty_cell_leaves_what_somebody_has(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    expert = make_expert(session, email="amina@example.org", max_missions=3, on_site=False)
    now = clock.now()
    with writing():
        registrar.set_away(session, expert, None, actor="system", now=now)
    row = dict.fromkeys(AMINA, "") | {
        "email": "amina@example.org",
        "name": "A",
        "phone": expert.phone,
    }
    result = flask("roster", "import", write(tmp_path / "r.csv", row))
    assert result.exit_code == 0, result.output
    after = by_email(session, "amina@example.org")
    assert (after.max_missions, after.on_site, after.base) == (3, False, "Geneva")
    assert available_text(after, clock.now()) == "no"
    assert facts(after)["skills"] == {}


def test_two_vetters_raise_an_applicant_who_is_there_but_nobody_suspends_by_file(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    path = tmp_path / "r.csv"
    flask("roster", "import", write(path, person(1), person(2)))
    rows = (person(1, status="listed"), person(2, status="suspended"))
    assert flask("roster", "import", write(path, *rows), *VETTING).exit_code == 0
    assert by_email(session, "p1@example.org").status == terms.LISTED
    assert by_email(session, "p2@example.org").status == terms.APPLICANT


def test_the_same_file_twice_changes_nothing_the_second_time(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    path = write(tmp_path / "r.csv", AMINA, person(1, available="away until 2039-01-01"))
    flask("roster", "import", path, *VETTING)
    before = session.scalar(select(func.count()).select_from(AuditRow))
    result = flask("roster", "import", path, *VETTING)
    assert "0 added, 0 changed, 2 unchanged" in result.output
    assert session.scalar(select(func.count()).select_from(AuditRow)) == before


def test_an_import_is_audited_tells_dispatch_and_sends_nothing(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    flask("roster", "import", write(tmp_path / "r.csv", AMINA), *VETTING)
    amina = by_email(session, "amina@example.org")
    subject = f"expert:{amina.public_id}"
    rows = session.scalars(select(AuditRow.action).where(AuditRow.subject == subject)).all()
    assert rows == ["expert.vetted"]
    assert verify(session) is None
    news = session.scalars(select(RosterChange.expert_id)).all()
    assert set(news) == {amina.id}
    assert session.scalar(select(func.count()).select_from(Mail)) == 0


MISUSE = (
    ("--vetted-by", "first.vetter@example.org"),
    VETTING[:4],
    (*VETTING[:4], "--evidence", "  "),
    (*VETTING[:2], "--approved-by", "FIRST.vetter@example.org ", *VETTING[4:]),
    (*VETTING[:2], "--approved-by", "duty@example.org", *VETTING[4:]),
    (*VETTING[:2], "--approved-by", "nobody@example.org", *VETTING[4:]),
    (*VETTING[:2], "--approved-by", "", *VETTING[4:]),
)


@pytest.mark.parametrize("options", MISUSE)
def test_options_that_are_partial_or_wrong_import_nothing(
    session: Session, flask: Command, tmp_path: Path, options: tuple[str, ...]
) -> None:
    make_user(session, "duty_officer", email="duty@example.org")
    result = flask("roster", "import", write(tmp_path / "r.csv", AMINA), *options)
    assert result.exit_code == 2, result.output
    assert session.scalar(select(func.count()).select_from(Expert)) == 0


def test_a_vetter_cannot_import_themself_as_qualified(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    rows = [person(1, email=" Second.VETTER@example.org"), person(2)]
    result = flask("roster", "import", write(tmp_path / "r.csv", *rows), *VETTING)
    assert result.exit_code == 1
    assert "line 2" in result.output
    assert [one.email for one in session.scalars(select(Expert))] == ["p2@example.org"]
