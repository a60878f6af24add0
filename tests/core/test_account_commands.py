"""`flask users` and `flask tokens`, to the letter of CONTRACT.md."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.accounts.tokens import digest_of
from core.audit import verify
from tests.conftest import Command
from tests.core.people import GOOD, OTHER, link_in, mails, make_person, person


def roles_of(session: Session, email: str) -> set[str]:
    return {role.name for role in person(session, email).roles}


def accounts(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(User)) or 0


def test_a_person_without_a_password_is_invited(session: Session, flask: Command) -> None:
    result = flask("users", "create", "--email", " Ada@Office.test", "--role", "vetter")
    assert result.exit_code == 0, result.output
    assert roles_of(session, "ada@office.test") == {"vetter"}
    assert [mail.to for mail in mails(session)] == ["ada@office.test"]
    assert link_in(mails(session)[0]).startswith("/invitation/")


def test_a_person_with_a_password_is_not(session: Session, flask: Command) -> None:
    result = flask(
        "users", "create", "--email", "ada@office.test", "--role", "duty_officer", "--name", "Ada",
        "--phone", "+1 202 555 0100", "--password-stdin", input=f"{GOOD}\n",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    user = person(session, "ada@office.test")
    assert (user.name, user.phone) == ("Ada", "+12025550100")
    assert user.verify_and_update_password(GOOD)
    assert user.confirmed_at is not None
    assert mails(session) == []
    assert GOOD not in result.output


def test_several_roles_in_one_command(session: Session, flask: Command) -> None:
    flask("users", "create", "--email", "a@office.test", "--role", "vetter", "--role", "auditor")
    assert roles_of(session, "a@office.test") == {"vetter", "auditor"}


def test_a_second_command_adds_a_role_and_keeps_the_rest(session: Session, flask: Command) -> None:
    create = ("users", "create", "--email", "a@office.test")
    flask(*create, "--role", "vetter", "--name", "Ada", "--password-stdin", input=GOOD)
    result = flask(*create, "--role", "focal_point", "--office", "fr")
    assert result.exit_code == 0, result.output
    assert roles_of(session, "a@office.test") == {"vetter", "focal_point"}
    user = person(session, "a@office.test")
    assert (user.name, user.office_code) == ("Ada", "FR")
    assert user.verify_and_update_password(GOOD)
    assert mails(session) == []
    assert accounts(session) == 1


def test_a_second_command_may_give_a_new_password(session: Session, flask: Command) -> None:
    make_person("vetter", email="a@office.test")
    before = person(session, "a@office.test").fs_uniquifier
    create = ("users", "create", "--email", "a@office.test", "--role", "vetter")
    flask(*create, "--password-stdin", input=OTHER)
    user = person(session, "a@office.test")
    assert user.verify_and_update_password(OTHER)
    assert user.fs_uniquifier != before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--email", "nonsense", "--role", "vetter"], "not an e-mail address"),
        (["--email", "a@office.test", "--role", "focal_point"], "needs the code of an office"),
        (
            ["--email", "a@office.test", "--role", "vetter", "--office", "QQ"],
            "There is no office QQ",
        ),
        (["--email", "a@office.test", "--role", "vetter", "--phone", "12"], "cannot be a phone"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_its_reason(
    session: Session, flask: Command, words: list[str], said: str
) -> None:
    result = flask("users", "create", *words)
    assert result.exit_code == 1
    assert said in result.output
    assert accounts(session) == 0
    assert mails(session) == []


def test_a_weak_password_is_refused(session: Session, flask: Command) -> None:
    create = ("users", "create", "--email", "a@office.test", "--role", "vetter")
    result = flask(*create, "--password-stdin", input="password1\n")
    assert result.exit_code == 1
    assert "easy to guess" in result.output
    assert accounts(session) == 0


@pytest.mark.parametrize(
    "words",
    [
        ["--email", "a@office.test"],
        ["--role", "vetter"],
        ["--email", "a@office.test", "--role", "king"],
        ["--email", "a@office.test", "--role", "vetter", "--colour", "red"],
    ],
)
def test_misuse_is_exit_2(session: Session, flask: Command, words: list[str]) -> None:
    assert flask("users", "create", *words).exit_code == 2
    assert accounts(session) == 0


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes(text.encode(encoding))
    return path


GOOD_ROWS = """email,name,phone,role,office
ada@office.test,Ada Person,+1 202 555 0100,focal_point,FR
بهية@office.test,بهية,,focal_point,EG
duty@office.test,Dee Duty,+12025550101,duty_officer;auditor,
"""


def test_a_file_makes_accounts_and_mails_each_an_invitation_in_the_offices_language(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    result = flask("users", "import", write(tmp_path, GOOD_ROWS))
    assert result.exit_code == 0, result.output
    assert "3 accounts, 0 rows refused" in result.output
    assert person(session, "ada@office.test").office_code == "FR"
    assert person(session, "ada@office.test").language == "fr"
    assert person(session, "بهية@office.test").language == "ar"
    assert roles_of(session, "duty@office.test") == {"duty_officer", "auditor"}
    assert len(mails(session)) == 3
    assert verify(session) is None


def test_the_same_file_twice_changes_nothing_and_mails_nobody(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    path = write(tmp_path, GOOD_ROWS)
    flask("users", "import", path)
    result = flask("users", "import", path)
    assert result.exit_code == 0
    assert accounts(session) == 3
    assert len(mails(session)) == 3


def test_bad_rows_are_named_by_line_and_reason_and_good_ones_kept(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    rows = [
        "email,name,phone,role,office",
        "good@office.test,Good,,vetter,",
        "nonsense,X,,vetter,",
        "a@office.test,X,123,vetter,",
        "b@office.test,X,,king,",
        "c@office.test,X,,focal_point,",
        "d@office.test,X,,focal_point,QQ",
        "e@office.test,X,,,",
        "also@office.test,Also,,auditor,",
    ]
    result = flask("users", "import", write(tmp_path, "\n".join(rows)))
    assert result.exit_code == 1
    assert "2 accounts, 6 rows refused" in result.output
    for line in range(3, 9):
        assert f"line {line}: " in result.output
    assert "line 2:" not in result.output
    assert accounts(session) == 2
    assert len(mails(session)) == 2


@pytest.mark.parametrize(
    "text",
    ["email,name,colour\na@office.test,A,red\n", "name,phone\nA,1\n", ""],
)
def test_a_file_with_other_columns_is_refused_as_a_whole(
    session: Session, flask: Command, tmp_path: Path, text: str
) -> None:
    result = flask("users", "import", write(tmp_path, text))
    assert result.exit_code == 2
    assert accounts(session) == 0


def test_a_missing_file_is_exit_2(flask: Command, tmp_path: Path) -> None:
    assert flask("users", "import", tmp_path / "none.csv").exit_code == 2


def test_a_wrong_encoding_is_said(session: Session, flask: Command, tmp_path: Path) -> None:
    text = "email,name,role\na@office.test,Zoë,vetter\n"
    result = flask("users", "import", write(tmp_path, text, "utf-16"))
    assert result.exit_code in {1, 2}
    assert "UTF-8" in result.output
    assert accounts(session) == 0


def test_a_token_is_the_last_line_on_its_own(session: Session, flask: Command) -> None:
    make_person("duty_officer", email="a@office.test")
    result = flask("tokens", "create", "--email", "A@office.test")
    assert result.exit_code == 0
    token = result.stdout.splitlines()[-1]
    assert token.startswith("iproc_")
    assert token == token.strip()
    assert len(digest_of(token)) == 64


def test_nobody_gets_a_token_without_an_account(session: Session, flask: Command) -> None:
    result = flask("tokens", "create", "--email", "nobody@office.test")
    assert result.exit_code == 1
    assert "no active account" in result.output
