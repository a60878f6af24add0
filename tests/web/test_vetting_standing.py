"""On an expert's page: new cases, the panel, IP-ROC, and the file of who is listed there."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core import clock
from core.audit import AuditRow
from core.db import writing
from roster.models import Expert, SkillClaim, VettingCase
from roster.rules import stages, terms
from tests.factories import make_expert, make_user
from tests.roster.casebook import make_applicant
from tests.web.visitors import Visitor, words_of

Visit = Callable[..., Visitor]


def press(visitor: Visitor, expert: Expert, verb: str, **fields: str) -> TestResponse:
    page = f"/roster/{expert.public_id}"
    return visitor.post(f"{page}/{verb}", page=page, **fields)


def fresh(session: Session, expert: Expert) -> Expert:
    session.expire_all()
    return session.get_one(Expert, expert.id)


def test_a_qualified_expert_is_listed_and_taken_out_again(session: Session, visit: Visit) -> None:
    expert = make_expert(session, status=terms.QUALIFIED)
    hr, page = visit(make_user(session, "vetter")), f"/roster/{expert.public_id}"
    today = clock.now().date().isoformat()
    without = press(hr, expert, "iproc", reference="", listed_on=today)
    assert without.status_code == 303
    assert "Give the reference" in words_of(hr.get(without.location))
    future = press(hr, expert, "iproc", reference="R-1", listed_on="2999-01-01")
    again = hr.get(future.location)
    assert "cannot be in the future" in words_of(again)
    assert 'value="R-1"' in again.text
    press(hr, expert, "iproc", reference="R-1", listed_on=today)
    assert fresh(session, expert).status == terms.LISTED
    assert "Listed in IP-ROC as R-1" in words_of(hr.get(page))
    press(hr, expert, "delist")
    assert fresh(session, expert).status == terms.QUALIFIED
    assert expert.iproc_reference == ""


def test_the_panel_is_joined_and_left_by_the_qualified_only(session: Session, visit: Visit) -> None:
    hr, expert = visit(make_user(session, "vetter")), make_expert(session)
    press(hr, expert, "panel", member="yes")
    assert fresh(session, expert).panel_since is not None
    press(hr, expert, "panel", member="no")
    assert fresh(session, expert).panel_since is None
    applicant = make_applicant(session)
    press(hr, applicant, "panel", member="yes")
    assert fresh(session, applicant).panel_since is None


def test_a_case_is_opened_once_and_shown_in_the_history(session: Session, visit: Visit) -> None:
    vetter, expert = make_user(session, "vetter"), make_expert(session)
    hr, page = visit(vetter), f"/roster/{expert.public_id}"
    assert "Open a renewal" in words_of(hr.get(page))
    assert "Open an application" not in words_of(hr.get(page))
    opened = press(hr, expert, "cases", kind=stages.REVIEW)
    [case] = session.scalars(select(VettingCase)).unique()
    assert opened.location == f"/vetting/{case.public_id}"
    assert case.owner_id == vetter.id
    assert f"/vetting/{case.public_id}" in hr.get(page).text
    assert "Open a renewal" not in words_of(hr.get(page))
    assert press(hr, expert, "cases", kind=stages.RENEWAL).location == page
    assert press(hr, expert, "cases", kind="appeal").status_code == 400
    officer = visit(make_user(session, "duty_officer"))
    assert f"/vetting/{case.public_id}" not in officer.get(page).text
    assert "Review" in words_of(officer.get(page))


def test_who_is_listed_leaves_without_addresses_and_is_audited(
    session: Session, visit: Visit
) -> None:
    vetter = make_user(session, "vetter")
    today = clock.now().date()
    expert = make_expert(
        session, name="=Eve", iproc_reference="R-7", listed_at=today, skills={"BCP": 2, "CIR": 2}
    )
    ended = update(SkillClaim).where(SkillClaim.skill == "CIR")
    with writing():
        session.execute(ended.values(valid_until=today - timedelta(days=1)))
    make_expert(session, name="Only qualified", status=terms.QUALIFIED)
    hr = visit(vetter)
    plain = hr.post("/roster/listed.csv", page="/roster/")
    assert plain.data.startswith(b"\xef\xbb\xbfreference,listed_on,name")
    assert "'=Eve" in plain.text
    rows = hr.post("/roster/listed.json", page="/roster/").json
    assert rows is not None
    assert [row["reference"] for row in rows["listed"]] == ["R-7"]
    assert rows["listed"][0]["skills"] == "BCP:2"
    for answer in (plain.text, str(rows)):
        assert expert.email not in answer
        assert expert.phone not in answer
        assert "Only qualified" not in answer
    noted = session.scalars(select(AuditRow).where(AuditRow.action == "roster.listed_exported"))
    assert [row.actor for row in noted] == [vetter.public_id] * 2
