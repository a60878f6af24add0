"""What one person alone tries to make of an entry, by files and by an account of their own."""

import io
import re
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core import clock
from core.accounts.models import User
from core.db import writing
from roster import registrar
from roster.models import Expert
from roster.registrar import missing_in
from roster.rules import casework, stages, terms
from tests.conftest import Command
from tests.factories import make_expert, make_user, vetter
from tests.roster.casebook import examine, make_applicant, make_vetters, open_case
from tests.roster.files import AMINA, VETTING, by_email, facts, person, write
from tests.web.conftest import Visit, visit
from tests.web.visitors import Visitor, words_of

__all__ = ["visit"]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START = "/roster/bulk/"
PHONE = "+41225550777"


@pytest.fixture
def first(session: Session) -> User:
    return vetter(session, "first.vetter@example.org")


@pytest.fixture
def hr(first: User, visit: Visit) -> Visitor:
    return visit(first)


def upload(hr: Visitor, file: Path) -> TestResponse:
    data = {"csrf_token": hr.token(START), "file": (io.BytesIO(file.read_bytes()), "new.csv")}
    return hr.client.post(f"{START}import", data=data, follow_redirects=True)


def press(hr: Visitor, page: TestResponse, button: str) -> TestResponse:
    found = re.search(rf'action="([^"]+/{button})"', page.text)
    assert found, words_of(page)
    return hr.client.post(found[1], data={"csrf_token": hr.token(START)}, follow_redirects=True)


def share_a_phone(session: Session) -> tuple[User, User]:
    """Two accounts of one vetter."""
    with writing():
        one, other = (vetter(session, f"{name}.vetter@example.org") for name in ("first", "second"))
        one.phone = other.phone = PHONE
    return one, other


@SQLITE
def test_two_accounts_with_one_phone_vet_no_file(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    share_a_phone(session)
    done = flask("roster", "import", write(tmp_path / "r.csv", AMINA), *VETTING)
    assert done.exit_code == 2, done.output
    assert session.scalar(select(func.count()).select_from(Expert)) == 0


def test_the_database_takes_two_accounts_with_one_phone_for_one_person(session: Session) -> None:
    make_applicant(session)
    one, other = share_a_phone(session)
    both = {"vetted_by": one.id, "approved_by": other.id, "status": terms.QUALIFIED}
    with pytest.raises(IntegrityError), writing():
        session.execute(update(Expert).values(both))
    with pytest.raises(IntegrityError):
        make_expert(session, vetted_by=one.id, approved_by=other.id)


@SQLITE
def test_a_phone_that_a_file_brings_is_not_proved(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    row = person(1, email="new.phone@example.org", phone=PHONE)
    expert = make_applicant(session, email=row["email"])
    case = open_case(session, expert)
    examine(session, case, *make_vetters(session, 2))
    assert missing_in(session, case) == []
    assert flask("roster", "import", write(tmp_path / "r.csv", row)).exit_code == 0
    gaps = {gap.reason for gap in missing_in(session, case) if gap.stage == stages.READINESS}
    assert gaps == {casework.PHONE_UNPROVED}


@SQLITE
def test_nobody_changes_their_own_entry_by_a_file(
    session: Session, first: User, hr: Visitor, tmp_path: Path
) -> None:
    make_applicant(session, email=first.email)
    with writing():
        first.phone = PHONE
    make_applicant(session, email="my.other@example.org", phone=PHONE)
    rows = [
        {"email": email, "max_missions": "9"} for email in (first.email, "my.other@example.org")
    ]
    columns = ("email", "max_missions")
    shown = upload(hr, write(tmp_path / "r.csv", *rows, columns=columns))
    assert words_of(shown).count("this is about you") == 2
    assert by_email(session, first.email).max_missions == 1


@SQLITE
def test_one_vetter_alone_gives_nobody_qualified_a_skill(
    session: Session, hr: Visitor, tmp_path: Path
) -> None:
    make_expert(session, email="amina@example.org", skills={"BCP": 2, "CIR": 2})
    make_applicant(session, email="new@example.org", skills={"BCP": 1})
    columns = ("email", "skills")
    for skills in ("BCP:3;CIR", "BCP;CIR;RRC:1"):
        rows = [{"email": "amina@example.org", "skills": skills}]
        shown = upload(hr, write(tmp_path / "r.csv", *rows, columns=columns))
        assert "skills" in words_of(shown)
        assert "a review" in words_of(shown)
    rows = [{"email": "amina@example.org", "skills": "BCP:1"},
            {"email": "new@example.org", "skills": "RRC:3"}]  # fmt: skip
    press(hr, upload(hr, write(tmp_path / "r.csv", *rows, columns=columns)), "apply")
    assert facts(by_email(session, "amina@example.org"))["skills"] == {"BCP": 1}
    assert facts(by_email(session, "new@example.org"))["skills"] == {"RRC": 3}


@SQLITE
def test_what_was_examined_since_is_not_undone(
    session: Session, hr: Visitor, tmp_path: Path
) -> None:
    expert = make_applicant(session, email="new@example.org", skills={"BCP": 1, "RRC": 3})
    rows = [{"email": "new@example.org", "skills": "BCP:1"}]
    shown = upload(hr, write(tmp_path / "r.csv", *rows, columns=("email", "skills")))
    applied = press(hr, shown, "apply")
    case, vetters = open_case(session, expert), make_vetters(session, 3)
    examine(session, case, *vetters[:2])
    with writing():
        registrar.decide(session, case, True, decider=vetters[2], now=clock.now())
    with writing():  # found as claimed: nothing seems to have changed
        expert.skills[0].level = 1
    press(hr, applied, "undo")
    assert facts(by_email(session, "new@example.org"))["skills"] == {"BCP": 1}


@SQLITE
def test_hrs_pages_about_oneself_are_closed_to_whoever_has_the_phone(
    session: Session, first: User, hr: Visitor
) -> None:
    with writing():
        first.phone = PHONE
    expert = make_applicant(session, phone=PHONE)
    case = open_case(session, expert)
    for address in (f"/roster/{expert.public_id}", f"/vetting/{case.public_id}"):
        assert hr.get(address).status_code == 403, address
    other = make_user(session, "vetter", email="first.other@example.org")
    assert (
        Visitor(hr.client.application, other).get(f"/vetting/{case.public_id}").status_code == 200
    )
