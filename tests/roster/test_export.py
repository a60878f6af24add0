"""`flask roster export`: what goes out comes back in alike, and no cell is a formula."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import clock
from core.audit import AuditRow
from core.db import writing
from roster.models import (
    Absence,
    Conflict,
    Expert,
    ExpertLanguage,
    RosterChange,
    SkillClaim,
)
from roster.rules import terms
from tests.conftest import Command
from tests.factories import VETTERS, make_expert, vetter
from tests.roster.files import VETTING, person, read, write


def test_what_is_exported_and_imported_elsewhere_is_exported_alike(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    for email in VETTERS:
        vetter(session, email)
    rows = [
        *(person(n, status=status) for n, status in enumerate(terms.STATUSES)),
        person(10, name="=HYPERLINK(1)", base="'+1 @home", lat="-33.875", lon="-0.1"),
        person(11, name="Zoë “the” O'Neill, Ph. D.", skills="", conflicts="", modes="remote"),
        person(12, available="no"), person(13, available="away until 2041-01-01", max_missions="0"),
        person(14, lat="89.99999999999999", lon="-179.99999999999997", languages="fr;en;ar"),
        person(15, skills="BCP:3:2020-01-31;CIR:2:2099-12-31;LEG"),
    ]  # fmt: skip
    assert flask("roster", "import", write(tmp_path / "in.csv", *rows), *VETTING).exit_code == 0
    first = tmp_path / "first.csv"
    assert flask("roster", "export", first).exit_code == 0
    with writing():
        for table in (Absence, Conflict, ExpertLanguage, SkillClaim, RosterChange, Expert):
            session.execute(delete(table))
    assert flask("roster", "import", first, *VETTING).exit_code == 0
    second = tmp_path / "second.csv"
    assert flask("roster", "export", second).exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    assert len(read(first)) == len(rows)
    again = flask("roster", "import", second, *VETTING)
    assert f"0 added, 0 changed, {len(rows)} unchanged" in again.output


def test_no_cell_starts_a_formula(session: Session, flask: Command, tmp_path: Path) -> None:
    for number, start in enumerate(("=1+1", "+1+1", "-1+1", "@SUM(A1)", "＝1", "\t=1")):
        make_expert(session, name=start, email=f"{number}@example.org", base=start)
    path = tmp_path / "out.csv"
    flask("roster", "export", path)
    cells = [cell for row in read(path) for name, cell in row.items() if name in {"name", "base"}]
    assert len(cells) == 12
    assert all(cell.startswith("'") for cell in cells)
    assert all(row["phone"].startswith("+41") for row in read(path))


def test_an_absence_that_ends_within_a_day_is_not_moved_by_a_round_trip(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    expert = make_expert(session)
    now = clock.now()
    until = now + timedelta(days=14)
    with writing():
        session.add(Absence(expert_id=expert.id, starts_at=now, ends_at=until))
    path = tmp_path / "out.csv"
    flask("roster", "export", path)
    result = flask("roster", "import", path)
    assert "1 unchanged" in result.output
    assert session.scalars(select(Absence.ends_at)).all() == [until]


def test_who_took_the_roster_is_audited_and_the_file_is_ours_alone(
    session: Session, flask: Command, tmp_path: Path
) -> None:
    make_expert(session)
    path = tmp_path / "out.csv"
    assert "1 experts" in flask("roster", "export", path).output
    assert session.scalars(
        select(AuditRow.payload).where(AuditRow.action == "roster.exported")
    ).one() == {"rows": 1}
    assert path.stat().st_mode & 0o077 == 0
