"""What `flask roster import` refuses: by line and reason, while the good rows are kept."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from roster.models import Expert
from tests.conftest import Command
from tests.factories import make_expert
from tests.roster.files import person, write

BAD = [
    ("name", "", "name"),
    ("name", "A\nB", "name"),
    ("name", "N" * 201, "name"),
    ("email", "", "email"),
    ("email", "nobody", "email"),
    ("phone", "12", "phone"),
    ("phone", "", "phone"),
    ("phone", "call me", "phone"),
    ("language", "xx", "language"),
    ("country", "Switzerland", "country"),
    ("country", "Q9", "country"),
    ("region", "EUROPE", "region"),
    ("base", "B" * 201, "base"),
    ("lat", "91", "lat"),
    ("lat", "-90.0001", "lat"),
    ("lat", "nan", "lat"),
    ("lat", "north", "lat"),
    ("lat", "", "lat"),
    ("lon", "180.5", "lon"),
    ("lon", "inf", "lon"),
    ("time_zone", "Mars/Olympus", "time_zone"),
    ("time_zone", "+02:00", "time_zone"),
    ("languages", "fr;klingon", "klingon"),
    ("skills", "BCP;XYZ", "XYZ"),
    ("skills", "BCP:4", "BCP:4"),
    ("skills", "BCP:0", "BCP:0"),
    ("skills", "BCP:", "BCP"),
    ("skills", "BCP:2;BCP:3", "BCP"),
    ("modes", "remote;telepathy", "telepathy"),
    ("max_missions", "-1", "max_missions"),
    ("max_missions", "1.5", "max_missions"),
    ("max_missions", "many", "max_missions"),
    ("conflicts", "UA;Nowhere", "Nowhere"),
    ("status", "hired", "status"),
    ("valid_until", "31/12/2027", "valid_until"),
    ("valid_until", "2027-02-30", "valid_until"),
    ("valid_until", "2027-W01-1", "valid_until"),
    ("available", "maybe", "available"),
    ("available", "away until soon", "available"),
]


def lines(output: str) -> dict[int, str]:
    """The reason by line."""
    told = (text.removeprefix("line ").partition(": ") for text in output.splitlines()
            if text.startswith("line "))  # fmt: skip
    return {int(number): reason for number, _, reason in told}


def test_each_bad_cell_is_named_with_its_line_and_the_good_rows_are_kept(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    bad = [person(n, **{"name": "Bad", column: cell}) for n, (column, cell, _) in enumerate(BAD)]
    good = [person(1000 + n) for n in range(3)]
    rows = [good[0], *bad[:7], good[1], *bad[7:], good[2]]
    result = flask("roster", "import", write(tmp_path / "r.csv", *rows))
    assert result.exit_code == 1, result.output
    reasons = lines(result.output)
    numbers = [*range(3, 10), *range(11, 11 + len(bad) - 7)]
    # A name with a line break takes two lines of the file.
    shift = 0
    for number, (column, cell, named) in zip(numbers, BAD, strict=True):
        assert named in reasons[number + shift], (column, cell, reasons)
        shift += "\n" in cell
    assert len(reasons) == len(bad)
    assert {one.name for one in session.scalars(select(Expert))} == {one["name"] for one in good}
    assert f"{len(bad)} rows refused" in result.output


def test_a_phone_in_another_spelling_is_the_same_phone(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    make_expert(session, phone="+41225550001", email="there@example.org")
    rows = [
        person(1, phone="022 555 00 01"),
        person(2, phone="+41 22 555 0002"),
        person(3, phone="0041-22-555-00-02"),
        person(4, email=" P2@EXAMPLE.org"),
        person(5, email="THERE@example.org", phone="(022) 555 00 01"),
    ]
    result = flask("roster", "import", write(tmp_path / "r.csv", *rows))
    reasons = lines(result.output)
    assert set(reasons) == {2, 4, 5}
    assert "phone" in reasons[2]
    assert "line 3" in reasons[4]
    assert "email" in reasons[5]
    assert {one.name for one in session.scalars(select(Expert))} == {"Person 2", "Person 5"}


def test_a_town_that_nobody_knows_needs_coordinates(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    nowhere = {"lat": "", "lon": ""}
    rows = [person(1, base="Xyzzy", **nowhere), person(2, base="", **nowhere),
            person(3, base="Nairobi", **nowhere), person(4, base="Geneva", **nowhere)]  # fmt: skip
    result = flask("roster", "import", write(tmp_path / "r.csv", *rows))
    reasons = lines(result.output)
    assert set(reasons) == {2, 3, 4}
    assert "CH" in reasons[4]  # Nairobi is not in Switzerland
    assert all("lat" in reason for reason in reasons.values())


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"name,email,shoe_size\n", "shoe_size"),
        (b"name,phone\nA,+41225550001\n", "email"),
        (b"", "header"),
        ("name,email\n".encode("utf-16"), "UTF-16"),
        ("name,email,pr\u00e9nom\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_whole(
    session: Session, flask: Command, tmp_path: Path, content: bytes, named: str
) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    result = flask("roster", "import", path)
    assert result.exit_code == 2
    assert named in result.output
    assert session.scalar(select(Expert.id)) is None


def test_a_row_in_another_encoding_or_with_too_few_cells_is_refused_alone(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    path = write(tmp_path / "r.csv", person(1), person(2), person(3))
    first, *rest = path.read_bytes().splitlines(keepends=True)
    rest[0] = rest[0].replace(b"Person 1", "Ren\u00e9e".encode("latin-1"))
    rest[1] = b"Person 2,p2@example.org\n"
    path.write_bytes(b"\xef\xbb\xbf" + first + b"".join(rest))
    result = flask("roster", "import", path)
    reasons = lines(result.output)
    assert set(reasons) == {2, 3}
    assert "UTF-8" in reasons[2]
    assert [one.name for one in session.scalars(select(Expert))] == ["Person 3"]


def test_a_file_that_is_not_there_is_misuse(flask: Command, tmp_path: Path) -> None:
    assert flask("roster", "import", tmp_path / "none.csv").exit_code == 2
