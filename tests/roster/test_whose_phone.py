"""Who types somebody else's number keeps nobody away: a phone is whose it proves to be."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.db import writing
from roster import registrar
from roster.models import Expert, PhoneProof
from roster.registrar.phones import PhoneTakenError, experts_with, holder_of
from roster.rules import stages, terms
from tests.conftest import Command
from tests.factories import VETTERS, make_expert, vetter
from tests.roster.casebook import make_applicant
from tests.roster.files import VETTING, by_email, person, write

PHONE = "+254712345678"


@pytest.fixture
def typed(session: Session) -> Expert:
    """Somebody who applied with PHONE, and has not shown that it is theirs."""
    return typing(session, "squatter@example.org")


def typing(session: Session, email: str, **columns: Any) -> Expert:
    usual: dict[str, Any] = {"two_way": False, "phone": PHONE, "phone_proved_at": None}
    return make_applicant(session, email=email, **(usual | columns))


def ask(session: Session, expert: Expert) -> PhoneProof:
    with writing() as changing:
        return registrar.want_proof(changing, expert, now=clock.now(changing))


def prove(proof: PhoneProof) -> bool:
    with writing() as session:
        return registrar.prove_phone(session, proof, way=stages.BY_SMS, now=clock.now(session))


def test_the_owner_proves_the_phone_and_who_only_typed_it_is_asked_no_more(
    session: Session, typed: Expert
) -> None:
    owner = typing(session, "owner@example.org")
    asked_first, asked_then = ask(session, typed), ask(session, owner)
    assert asked_first.code != asked_then.code
    assert prove(asked_then)
    assert holder_of(session, PHONE) is owner
    assert asked_first.ended_at is not None
    assert not prove(asked_first)
    assert (typed.phone_proved_at, typed.two_way) == (None, False)


def test_two_who_prove_one_phone_get_a_sentence_and_no_error_of_the_database(
    session: Session, typed: Expert
) -> None:
    owner = typing(session, "owner@example.org")
    assert prove(ask(session, owner))
    late = ask(session, typed)
    with pytest.raises(PhoneTakenError, match="Please tell us by mail"):
        prove(late)
    assert experts_with(session, PHONE) == [owner, typed]


def test_the_database_lets_one_hold_a_phone(session: Session, typed: Expert) -> None:
    owner = typing(session, "owner@example.org")
    assert prove(ask(session, owner))
    for column, value in (("two_way", True), ("phone_proved_at", clock.now())):
        with pytest.raises(IntegrityError), writing():
            setattr(typed, column, value)


def test_the_owner_is_imported_past_somebody_who_only_typed_the_number(
    session: Session, flask: Command, tmp_path: Path, typed: Expert
) -> None:
    result = flask("roster", "import", write(tmp_path / "r.csv", person(1, phone=PHONE)))
    assert result.exit_code == 0, result.output
    assert holder_of(session, PHONE) is by_email(session, "p1@example.org")
    assert typed.phone == PHONE


def test_no_file_lets_somebody_in_with_a_phone_that_another_one_holds(
    session: Session, flask: Command, tmp_path: Path, typed: Expert
) -> None:
    for email in VETTERS:
        vetter(session, email)
    make_expert(session, email="owner@example.org", phone=PHONE)
    mine = {"email": typed.email, "phone": PHONE}
    result = flask("roster", "import", write(tmp_path / "r.csv", person(1, **mine)), *VETTING)
    assert (result.exit_code, "belongs to somebody else already" in result.output) == (1, True)
    assert by_email(session, typed.email).status == terms.APPLICANT
    plain = flask("roster", "import", write(tmp_path / "r.csv", person(1, **mine)))
    assert plain.exit_code == 0, "it says nothing that they have not typed themselves"
