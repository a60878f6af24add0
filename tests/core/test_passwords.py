"""Which passwords are refused, and how that is said."""

import pytest
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.accounts.passwords import WeakPasswordError, fault_of, hashed
from tests.core.people import GOOD, OTHER

ADA = User(email="ada.lovelace@office.test", name="Ada Lovelace", phone="+12025550100")


@pytest.mark.parametrize(
    "password",
    ["", "short", "password", "password123", "12345678", "qwertyuiop", "aaaaaaaaaaaa", "letmein1!"],
)
def test_weak_and_common_passwords_are_refused(session: Session, password: str) -> None:
    assert fault_of(password)
    with pytest.raises(WeakPasswordError):
        hashed(password)


@pytest.mark.parametrize("password", [GOOD, OTHER, "Zürich-Öl-42-Käfig", "ключ лампа рыба снег"])
def test_four_words_are_good_in_any_script(session: Session, password: str) -> None:
    assert fault_of(password) == ""
    assert hashed(password).startswith("$argon2id$")


@pytest.mark.parametrize(
    "password", ["AdaLovelace1", "ada.lovelace", "lovelace-dispatch", "12025550100"]
)
def test_ones_own_name_address_phone_and_our_names_make_no_password(
    session: Session, password: str
) -> None:
    assert fault_of(password, ADA)


def test_long_ones_are_judged_and_endless_ones_refused(session: Session) -> None:
    assert fault_of(GOOD * 4) == ""
    assert "at most 128" in fault_of("x7#K" * 40)
