"""The coverage pages: what they say of a small roster, whom they let in, and every table as CSV."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.audit import AuditRow
from roster.coverage.alerts import watch
from roster.coverage.sheets import SHEETS
from roster.models import Expert, Sighting
from tests.dispatch.world import World
from tests.factories import make_expert, make_user
from tests.web.conftest import Visit
from tests.web.visitors import Visitor, words_of

PAGE = "/coverage/"


@pytest.fixture
def amina(session: Session) -> Expert:
    """The only expert: cybersecurity in Dakar, in French, for another 30 days."""
    today = clock.now(session).date()
    return make_expert(
        session, name="=Amina", base="Dakar", region="AFR", country="SN", lat=14.69, lon=-17.44,
        skills={"CIR": 3}, languages=["fr"], conflicts=["ML"],
        valid_until=today + timedelta(days=30),
    )  # fmt: skip


def table(visitor: Visitor, sheet: str, query: str = "") -> list[dict[str, str]]:
    """One table as a spreadsheet reads it."""
    answer = visitor.post(f"/coverage/export/{sheet}{query}", page=PAGE)
    assert answer.status_code == 200, sheet
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_the_board_names_what_is_missing_who_must_not_go_and_whom_to_find(
    session: Session, visit: Visit, amina: Expert
) -> None:
    watch(clock.now(session))
    session.rollback()
    page = visit(make_user(session, "duty_officer")).get(PAGE)
    words = words_of(page)
    assert "Africa: nobody from" in words
    assert "Latin America and the Caribbean: nobody is there now." in words
    assert re.search(r"Cyberattack ! Only one 1 1 1", words)
    assert re.search(r"Natural disaster ✕ Nobody 0 0 0", words)
    assert "=Amina (Dakar): without this expert" in words
    assert "Cyberattack: Burkina Faso" in words
    assert "Mali" not in words.split("Single points of failure")[1].split("Whom to recruit")[0]
    assert re.search(r"This expert would close \d+ gaps", words)
    assert page.text.count("<title>") == 201 + 5  # each office, each pick, and the page


def test_distance_and_kind_are_chosen_in_the_address_and_nonsense_is_the_usual(
    session: Session, visit: Visit, amina: Expert
) -> None:
    visitor = visit(make_user(session, "auditor"))

    def open_gaps(query: str) -> int:
        found = re.search(
            r"= ([\d,]+)\. Not covered: ([\d,]+)", words_of(visitor.get(PAGE + query))
        )
        assert found
        all_of_them, open_ones = (int(number.replace(",", "")) for number in found.groups())
        assert all_of_them == (200 if "kind=CYB" in query else 1600)
        return open_ones

    near, usual, far = (open_gaps(f"?kind=CYB&within={km}") for km in (1000, 2500, 5000))
    assert 200 > near > usual > far > 100
    assert open_gaps("?within=7&kind=%00") == open_gaps("") == usual + 1400


def test_every_table_is_a_file_and_taking_it_is_written_down(
    session: Session, visit: Visit, amina: Expert
) -> None:
    watch(clock.now(session))
    session.rollback()
    visitor = visit(make_user(session, "vetter"))
    tables = {sheet: table(visitor, sheet) for sheet in SHEETS}
    session.rollback()
    assert {sheet for sheet, rows in tables.items() if not rows} == set()
    taken = session.scalars(select(AuditRow.subject).where(AuditRow.action == "coverage.exported"))
    assert {*taken} == {f"coverage:{sheet}" for sheet in SHEETS}
    [seen] = session.scalars(select(Sighting))
    assert (seen.expert_id, seen.what) == (None, "export")
    africa = next(row for row in tables["regions"] if row["region"] == "AFR")
    assert (africa["qualified"], africa["deployable_now"], africa["state"]) == ("1", "1", "one")
    assert len(tables["matrix"]) == 5 * 8
    points = tables["single-points"]
    assert {row["name"] for row in points} == {"'=Amina"}
    assert len(tables["gaps"]) == 1600 - len(points)
    assert {"office", "town", "skills", "languages"} <= {*tables["recruits"][0]}
    now = clock.now(session)
    quarter = f"{now.year}-Q{(now.month + 2) // 3}"
    assert tables["quarters"] == [{"quarter": quarter, "identified": "1", "validated": "1"}]
    assert tables["milestones"][0]["identified_in"] == quarter


def test_the_file_follows_the_choice_of_the_page(
    session: Session, visit: Visit, amina: Expert
) -> None:
    visitor = visit(make_user(session, "vetter"))
    [form] = re.findall(
        r'action="(/coverage/export/gaps[^"]*)"', visitor.get(f"{PAGE}?kind=CYB&within=1000").text
    )
    rows = table(visitor, "gaps", form.partition("gaps")[2].replace("&amp;", "&"))
    assert {(row["kind"], row["within_km"]) for row in rows} == {("CYB", "1000")}
    assert visitor.post("/coverage/export/everything", page=PAGE).status_code == 404


def test_the_network_counts_who_stays_by_region_and_quarter(
    session: Session, visit: Visit, amina: Expert
) -> None:
    now = clock.now(session)
    long_ago = now - timedelta(days=800)
    make_expert(
        session, region="TDC", country="FR", identified_at=long_ago, validated_at=long_ago,
        panel_since=now.date(), listed_at=now.date(), iproc_reference="X-1", status="listed",
    )  # fmt: skip
    amina.status, amina.listed_at = "qualified", now.date()  # once was listed, and expired
    session.commit()
    make_expert(session, status="applicant", validated_at=None, identified_at=long_ago)
    words = words_of(visit(make_user(session, "vetter")).get("/coverage/network"))
    assert "2 qualified experts 1 confirmed or validated within a year" in words
    assert "2 of 5 regions with somebody 2 countries 2 languages" in words
    assert "1 members of the panel 1 listed in IP-ROC" in words
    then = f"{long_ago.year}, quarter {(long_ago.month + 2) // 3} 2 1"
    assert then in words


def test_an_expert_and_an_office_see_no_coverage(world: World, visit: Visit) -> None:
    for user in (world.focal_point(), world.person("expert")):
        assert visit(user).get(PAGE).status_code == 403
