"""Many are changed at once: every difference is shown first, all is done or nothing, and undone."""

import io
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from core.db import writing
from roster.interchange import COLUMNS
from roster.models import Expert
from tests.conftest import Command
from tests.dispatch.conftest import world
from tests.dispatch.world import World
from tests.factories import vetter
from tests.roster.files import AMINA, VETTING, by_email, facts, person, write
from tests.web.conftest import Visit, visit
from tests.web.visitors import Visitor, words_of

__all__ = ["visit", "world"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START = "/roster/bulk/"


@pytest.fixture
def hr(world: World, visit: Visit) -> Visitor:
    return visit(vetter(world.session, "first.vetter@example.org"))


@pytest.fixture
def roster(flask: Command, world: World, hr: Visitor, tmp_path: Path) -> None:
    """Amina and two others, vetted."""
    vetter(world.session, "second.vetter@example.org")
    file = write(tmp_path / "roster.csv", AMINA, person(2), person(3, region="AFR", country="KE"))
    assert flask("roster", "import", file, *VETTING).exit_code == 0


def upload(hr: Visitor, tmp_path: Path, *rows: Mapping[str, str]) -> TestResponse:
    return send(hr, write(tmp_path / "new.csv", *rows).read_bytes())


def send(hr: Visitor, content: bytes) -> TestResponse:
    data = {"csrf_token": hr.token(START), "file": (io.BytesIO(content), "new.csv")}
    return hr.client.post(f"{START}import", data=data, follow_redirects=True)


def press(hr: Visitor, page: TestResponse, button: str) -> TestResponse:
    found = re.search(rf'action="([^"]+/{button})"', page.text)
    assert found, words_of(page)
    return hr.client.post(found[1], data={"csrf_token": hr.token(START)}, follow_redirects=True)


def test_a_file_is_shown_applied_and_undone(
    world: World, hr: Visitor, roster: None, tmp_path: Path
) -> None:
    del roster
    new = {"max_missions": "5", "skills": "CIR:2", "phone": "+41 22 555 09 09"}
    changed = {**AMINA, **new}
    bad, fresh = person(8, country="Nowhere"), person(9)
    shown = upload(hr, tmp_path, changed, bad, person(2), fresh)
    said = words_of(shown)
    assert "max_missions 2 5" in said
    assert "skills BCP:2;CIR:3 CIR:2" in said
    assert "3 country “Nowhere” is no ISO 3166-1 code" in said
    assert "Person 9 new p9@example.org" in said
    assert "p2@example.org" not in said
    assert by_email(world.session, "amina@example.org").max_missions == 2
    applied = press(hr, shown, "apply")
    amina = by_email(world.session, "amina@example.org")
    assert (amina.max_missions, amina.phone, facts(amina)["skills"]) == (5, "+41225550909",
                                                                        {"CIR": 2})  # fmt: skip
    assert by_email(world.session, "p9@example.org").status == "applicant"
    assert "Undone." in words_of(press(hr, applied, "undo"))
    amina = by_email(world.session, "amina@example.org")
    assert (amina.max_missions, amina.phone, facts(amina)["skills"]) == (
        2, "+41225550101", {"BCP": 2, "CIR": 3},
    )  # fmt: skip
    assert world.session.scalar(select(Expert).where(Expert.email == "p9@example.org")) is None


def test_everybody_who_matches_is_changed_and_what_changed_since_is_left(
    world: World, hr: Visitor, roster: None
) -> None:
    del roster
    empty = dict.fromkeys(("modes", "language", "remove_language", "add_conflict"), "")
    fields = empty | {"max_missions": "4", "add_language": "es", "remove_conflict": "fr"}
    shown = hr.client.post(
        f"{START}edit?region=TDC", data={"csrf_token": hr.token(START), **fields},
        follow_redirects=True,
    )  # fmt: skip
    assert "languages ar;fr ar;es;fr" in words_of(shown)
    applied = press(hr, shown, "apply")
    two = by_email(world.session, "p2@example.org")
    assert (two.max_missions, facts(two)["conflicts"]) == (4, {"UA"})
    assert by_email(world.session, "p3@example.org").max_missions == 2
    with writing() as session:
        mine = Expert.email == "amina@example.org"
        session.execute(update(Expert).where(mine).values(max_missions=7))
    undone = press(hr, applied, "undo")
    assert "Amina Haddad (amina@example.org): Changed again since: max_missions." in words_of(
        undone
    )
    amina, two = (by_email(world.session, one) for one in ("amina@example.org", "p2@example.org"))
    assert (amina.max_missions, two.max_missions) == (7, 2)
    assert facts(amina)["languages"] == facts(two)["languages"] == {"ar", "fr"}


def test_a_preview_that_is_out_of_date_does_nothing_and_is_shown_anew(
    world: World, hr: Visitor, roster: None, tmp_path: Path
) -> None:
    del roster
    shown = upload(hr, tmp_path, {**AMINA, "max_missions": "5"})
    with writing() as session:
        session.execute(update(Expert).values(max_missions=3))
    again = press(hr, shown, "apply")
    assert "changed the roster meanwhile" in again.text
    assert "max_missions 3 5" in words_of(again)
    assert by_email(world.session, "amina@example.org").max_missions == 3
    press(hr, again, "apply")
    assert by_email(world.session, "amina@example.org").max_missions == 5


def test_nobody_becomes_more_than_an_applicant_by_a_file(
    world: World, hr: Visitor, tmp_path: Path
) -> None:
    shown = upload(hr, tmp_path, person(5, status="listed"))
    press(hr, shown, "apply")
    expert = by_email(world.session, "p5@example.org")
    assert (expert.status, expert.vetted_by) == ("applicant", None)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("name;email\r\n".encode("utf-16"), "is UTF-16. Save it again as “CSV UTF-8”"),
        (b"PK\x03\x04....", "is a spreadsheet and no CSV file. Save it again"),
        (b"nom,email\n", "Unknown column: nom."),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(hr: Visitor, content: bytes, why: str) -> None:
    answer = send(hr, content)
    assert answer.status_code == 422
    assert why in words_of(answer)


def test_what_libreoffice_saves_of_an_export_changes_nothing(
    hr: Visitor, roster: None, world: World
) -> None:
    del roster
    export = hr.post("/roster/export", "/roster/").data.decode("utf-8-sig")
    lines = export.split("\r\n")
    saved = "\ufeff" + "\r\n".join(line if ";" not in line else _saved(line) for line in lines)
    saved = saved.replace(",".join(COLUMNS), ";".join(COLUMNS))
    before = [facts(row) for row in world.session.scalars(select(Expert))]
    said = words_of(send(hr, saved.encode()))
    assert "Nothing would be changed." in said
    assert [facts(row) for row in world.session.scalars(select(Expert))] == before


def _saved(line: str) -> str:
    """A line as LibreOffice writes it with semicolons: what contains one is quoted."""
    return ";".join(f'"{cell}"' if ";" in cell else cell for cell in line.split(","))
