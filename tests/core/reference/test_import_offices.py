"""`flask offices import`: bad rows named, good ones kept, and what an office said of itself."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditRow
from core.db import writing
from core.reference import shipped
from core.reference.editing import edit
from core.reference.models import Office, ReferenceStamp
from core.reference.office_rows import COLUMNS, Known, OfficeRowError, read_office
from tests.conftest import Clock, Command

KNOWN = Known(regions=("AFR", "ARAB"), languages=("en", "sw"))
SHIPPED = shipped.DATA / "offices.csv"


def rows_of(*codes: str) -> list[dict[str, str]]:
    """Rows of the shipped file."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["code"] in codes]


def write(path: Path, rows: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> Path:
    """A CSV file of `rows`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_shipped_file_imports_and_changes_nothing(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    path = tmp_path / "offices.csv"
    shutil.copyfile(SHIPPED, path)
    result = flask("offices", "import", path)
    assert result.exit_code == 0
    assert "0 added, 0 changed, 200 unchanged, 0 rows refused" in result.output
    assert session.scalars(select(AuditRow).where(AuditRow.action == "office.imported")).all() == []


def test_offices_are_added_and_changed_with_audit_rows(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    kenya, chad = rows_of("KE", "TD")
    other = kenya | {"code": "KE2", "name_en": "Second Office", "languages_bcp47": "sw en"}
    path = write(tmp_path / "o.csv", [kenya | {"seat_city": "Mombasa"}, chad, other])
    result = flask("offices", "import", path)
    assert result.exit_code == 0
    assert "1 added, 1 changed, 1 unchanged" in result.output
    assert session.get_one(Office, "KE").seat_city == "Mombasa"
    added = session.get_one(Office, "KE2")
    assert added.names["en"] == "Second Office"
    assert added.languages == ["sw", "en"]
    subjects = session.scalars(
        select(AuditRow.subject).where(AuditRow.action == "office.imported").order_by(AuditRow.id)
    ).all()
    assert subjects == ["office:KE", "office:KE2"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"lat": "91"}, "lat must be a number from -90 to 90"),
        ({"lon": "-180.5"}, "lon must be"),
        ({"lat": "nan"}, "lat must be"),
        ({"lat": "north"}, "lat must be"),
        ({"tz_iana": "Mars/Olympus"}, "tz_iana must be an IANA time zone"),
        ({"wipo_region": "EUROPE"}, "wipo_region must be one of AFR, ARAB"),
        ({"un_language": "de"}, "un_language must be one of"),
        ({"languages_bcp47": "en xx"}, "unknown language: xx"),
        ({"kind": "local"}, "kind must be one of national, regional"),
        ({"iso2": ""}, "iso2 is empty"),
        ({"code": ""}, "code is empty"),
        ({"code": "k e"}, "code must be capital letters"),
        ({"name_en": "x" * 201}, "name_en is longer than 200"),
        ({"dial_prefix": "254"}, "dial_prefix must be a plus sign"),
    ],
)
def test_a_bad_cell_is_named_with_what_would_do(change: dict[str, str], says: str) -> None:
    (kenya,) = rows_of("KE")
    assert read_office(kenya, KNOWN)["seat_city"] == "Nairobi"
    with pytest.raises(OfficeRowError, match=re.escape(says)):
        read_office(kenya | change, KNOWN)


def test_bad_rows_are_named_by_line_and_reason_and_good_ones_kept(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    kenya, chad = rows_of("KE", "TD")
    rows = [kenya | {"lat": "91"}, chad | {"note": "good row"}, kenya | {"tz_iana": "Mars"}]
    result = flask("offices", "import", write(tmp_path / "o.csv", rows))
    assert result.exit_code == 1
    assert "line 2: lat must be a number from -90 to 90; it is '91'" in result.output
    assert "line 4: tz_iana must be an IANA time zone" in result.output
    assert "0 added, 1 changed, 0 unchanged, 2 rows refused" in result.output
    assert session.get_one(Office, "TD").note == "good row"
    assert session.get_one(Office, "KE").note == ""


def test_a_code_counts_once(flask: Command, tmp_path: Path) -> None:
    (kenya,) = rows_of("KE")
    result = flask("offices", "import", write(tmp_path / "o.csv", [kenya, kenya]))
    assert result.exit_code == 1
    assert "line 3: code KE is on line 2 already" in result.output


def test_columns_that_are_left_out_stay_as_they_are(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    needed = ("code", "kind", "iso2", "name_en", "seat_city", "lat", "lon", "tz_iana",
              "wipo_region", "un_language")  # fmt: skip
    before = session.get_one(Office, "KE").office_acronym
    assert before
    result = flask("offices", "import", write(tmp_path / "o.csv", rows_of("KE"), needed))
    assert result.exit_code == 0
    assert session.get_one(Office, "KE").office_acronym == before


def test_what_an_office_says_of_itself_survives_an_import(
    session: Session, flask: Command, tmp_path: Path, clock: Clock
) -> None:
    own = {"contact_phone": "+254205550100", "languages": ["sw"], "critical_services": ["TM"]}
    with writing():
        edit(session, session.get_one(Office, "KE"), own, actor="x", now=clock.now())
    (kenya,) = rows_of("KE")
    flask("offices", "import", write(tmp_path / "o.csv", [kenya | {"languages_bcp47": "en"}]))
    office = session.get_one(Office, "KE")
    assert {column: getattr(office, column) for column in own} == own


def test_an_upgrade_keeps_what_was_imported(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    (kenya,) = rows_of("KE")
    flask("offices", "import", write(tmp_path / "o.csv", [kenya | {"seat_city": "Mombasa"}]))
    with writing():
        session.get_one(ReferenceStamp, "reference").digest = "old"
    flask("db", "upgrade")
    assert session.get_one(Office, "KE").seat_city == "Mombasa"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"code,colour\nKE,red\n", "Unknown column: colour"),
        (b"code\nKE\n", "Missing from the header: kind"),
        (b"", "has no header"),
    ],
)
def test_a_file_of_another_kind_is_misuse(
    flask: Command, tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "o.csv"
    path.write_bytes(content)
    result = flask("offices", "import", path)
    assert result.exit_code == 2
    assert says in result.output
    assert flask("offices", "import", tmp_path / "absent.csv").exit_code == 2
