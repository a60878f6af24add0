"""HR's pages: finding people, suspending, absences, invitations, the file; and who may do what."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core import clock
from core.audit import AuditRow
from core.mail import Mail
from roster.models import Absence, Expert
from roster.rules import terms
from roster.rules.availability import available_text
from tests.factories import make_expert, make_user
from tests.web.visitors import Visitor, words_of

Visit = Callable[..., Visitor]


@pytest.fixture
def visit(app: Flask, session: Session) -> Visit:
    """`visit("vetter")`: a browser in which somebody with that role is signed in."""
    return lambda *roles: Visitor(app, make_user(session, *roles) if roles else None)


def address(expert: Expert, verb: str = "") -> str:
    """The page of `expert`, or where its button `verb` leads."""
    return f"/roster/{expert.public_id}" + (f"/{verb}" if verb else "")


def press(visitor: Visitor, expert: Expert, verb: str, **fields: str) -> TestResponse:
    """Presses a button on the page of `expert`."""
    return visitor.post(address(expert, verb), page=address(expert), **fields)


def fresh(session: Session, expert: Expert) -> Expert:
    """`expert` as the database has them now."""
    session.expire_all()
    return session.get_one(Expert, expert.id)


def test_the_list_finds_by_each_filter_and_counts_by_state(session: Session, visit: Visit) -> None:
    make_expert(session, name="Zoë 100%", base="Suva", skills={"LEG": 2}, languages=["fr"])
    make_expert(session, name="Ali_Baba", status=terms.APPLICANT, region="ARAB", languages=["ar"])
    now = clock.now()
    make_expert(session, name="Bo", email="bo@example.org", away=[(now, None)])
    hr = visit("vetter")
    found = {
        "text=zo%C3%AB": {"Zoë 100%"}, "text=100%25": {"Zoë 100%"}, "text=suva": {"Zoë 100%"},
        "text=BO@": {"Bo"}, "text=%2B4122": {"Zoë 100%", "Ali_Baba", "Bo"},
        "text=_Ba": {"Ali_Baba"},
        "status=applicant": {"Ali_Baba"}, "region=ARAB": {"Ali_Baba"}, "skill=LEG": {"Zoë 100%"},
        "language=ar": {"Ali_Baba"}, "available=no": {"Bo"},
        "available=yes": {"Zoë 100%", "Ali_Baba"}, "page=99": {"Zoë 100%", "Ali_Baba", "Bo"},
        "text=nobody": set(), "status=nonsense": set(),
    }  # fmt: skip
    for query, names in found.items():
        page = hr.get(f"/roster/?{query}")
        assert page.status_code == 200, query
        shown = {
            name for name in ("Zoë 100%", "Ali_Baba", "Bo") if f"<bdi>{name}</bdi>" in page.text
        }
        assert shown == names, query
    assert "Away" in words_of(hr.get("/roster/?text=Bo"))
    assert "1 Applicant" in words_of(hr.get("/roster/"))
    assert "2 Listed" in words_of(hr.get("/roster/"))


def test_a_long_list_comes_in_pages_and_keeps_its_filters(session: Session, visit: Visit) -> None:
    for number in range(52):
        make_expert(session, name=f"Person {number:02}")
    hr = visit("vetter")
    second = hr.get("/roster/?text=Person&page=2")
    assert "Person 51" in second.text
    assert "Person 49" not in second.text
    assert "text=Person" in hr.get("/roster/?text=Person").text


def test_the_page_shows_what_is_known(session: Session, visit: Visit) -> None:
    expert = make_expert(
        session, skills={"CIR": 3}, conflicts=["UA"], name="<b>Eve</b>",
        weekly=[(2, 540, 1020), (0, 0, 1440)], quiet_from=1320, quiet_until=390,
    )  # fmt: skip
    page = visit("duty_officer").get(address(expert))
    words = words_of(page)
    for known in ("led it in a real crisis", "Ukraine", expert.email, "Geneva, Switzerland",
                  "Europe/Zurich", "Mon 00:00–24:00; Wed 09:00–17:00", "22:00–06:30"):  # fmt: skip
        assert known in words
    assert "<b>Eve</b>" not in page.text
    assert "Suspend this expert" not in words
    assert visit("vetter").get(address(expert) + "x").status_code == 404


def test_a_suspension_needs_a_reason_and_can_be_lifted(session: Session, visit: Visit) -> None:
    expert, hr = make_expert(session), visit("vetter")
    empty = press(hr, expert, "suspend", reason=" ")
    assert empty.status_code == 422
    assert "Say why" in words_of(empty)
    assert fresh(session, expert).status == terms.LISTED
    assert press(hr, expert, "suspend", reason="Contract ended").status_code == 303
    assert fresh(session, expert).status == terms.SUSPENDED
    again = press(hr, expert, "suspend", reason="Twice")
    assert again.status_code == 303
    assert "state does not allow" in hr.get(address(expert)).text
    assert "Contract ended" in hr.get(address(expert)).text
    press(hr, expert, "reinstate")
    assert fresh(session, expert).status == terms.LISTED
    by = session.scalars(select(AuditRow.actor).where(AuditRow.action.like("expert.%"))).all()
    assert len(by) == 2
    assert "system" not in by


def test_an_absence_is_shown_from_the_day_on_which_it_begins_where_they_live(
    session: Session, visit: Visit
) -> None:
    expert, hr = make_expert(session, time_zone="Pacific/Auckland"), visit("vetter")
    press(hr, expert, "absences", first_day="2027-05-03", last_day="2027-05-04")
    assert "May 3, 2027 – May 4, 2027" in words_of(hr.get(address(expert)))


def test_absences_are_added_and_ended(session: Session, visit: Visit) -> None:
    expert, hr = make_expert(session), visit("vetter")
    today = clock.now().date()
    later = (today + timedelta(days=3)).isoformat()
    bad = press(hr, expert, "absences", first_day=later, last_day=today.isoformat())
    assert bad.status_code == 422
    assert "must not be before" in words_of(bad)
    for wrong in ("", "soon", "2027-02-30"):
        assert press(hr, expert, "absences", first_day=wrong).status_code == 422
    done = press(hr, expert, "absences", first_day=today.isoformat(), last_day=later, why="Leave")
    assert done.status_code == 303
    assert available_text(fresh(session, expert), clock.now()) == f"away until {later}"
    (absence,) = session.scalars(select(Absence)).all()
    assert "Leave" in hr.get(address(expert)).text
    other = make_expert(session)
    wrong_person = press(hr, other, f"absences/{absence.id}/end")
    assert wrong_person.status_code == 404
    assert press(hr, expert, f"absences/{absence.id}/end").status_code == 303
    assert available_text(fresh(session, expert), clock.now()) == "yes"


def test_an_invitation_is_mailed_to_the_expert_alone(session: Session, visit: Visit) -> None:
    expert, hr = make_expert(session), visit("vetter")
    assert press(hr, expert, "invite").status_code == 303
    assert session.scalars(select(Mail.to)).all() == [expert.email]


def test_the_file_holds_everybody_and_taking_it_is_audited(session: Session, visit: Visit) -> None:
    experts = [make_expert(session, name="=1+1"), make_expert(session, name="أمينة")]
    hr = visit("vetter")
    taken = hr.post("/roster/export", page="/roster/")
    assert taken.status_code == 200
    assert taken.mimetype == "text/csv"
    assert f"{clock.now():%Y-%m-%d}" in taken.headers["Content-Disposition"]
    lines = taken.get_data(as_text=True).splitlines()
    assert lines[0].startswith("\ufeffname,email,phone")
    assert len(lines) == 1 + len(experts)
    assert any(line.startswith("'=1+1,") for line in lines)
    assert session.scalar(select(func.count()).where(AuditRow.action == "roster.exported")) == 1


SEE = ("/roster/", "/roster/{}")
EDIT = ("/roster/export", "/roster/{}/suspend", "/roster/{}/reinstate", "/roster/{}/absences",
        "/roster/{}/absences/1/end", "/roster/{}/invite")  # fmt: skip


@pytest.mark.parametrize(
    ("role", "sees", "edits"),
    [
        ("vetter", True, True),
        ("duty_officer", True, False),
        ("auditor", True, False),
        ("admin", False, False),
        ("focal_point", False, False),
        ("expert", False, False),
    ],
)
def test_each_role_sees_and_changes_what_the_table_says(
    session: Session, visit: Visit, role: str, sees: bool, edits: bool
) -> None:
    expert, visitor = make_expert(session), visit(role)
    for path in SEE:
        page = visitor.get(path.format(expert.public_id))
        assert page.status_code == (200 if sees else 403), path
    for path in EDIT:
        answer = visitor.post(path.format(expert.public_id), reason="x")
        assert (answer.status_code == 403) != edits, path
    assert edits or fresh(session, expert).status == terms.LISTED


def test_a_stranger_is_asked_to_sign_in(session: Session, visit: Visit) -> None:
    expert = make_expert(session)
    assert visit().get(address(expert)).status_code == 302
