"""The case page: what is missing is said, findings are recorded, nothing typed is ever lost."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core import clock
from core.db import writing
from core.mail import Mail
from roster.models import VettingCase
from roster.rules import stages
from tests.factories import make_user
from tests.roster.casebook import decide, examine, find, make_applicant, make_vetters, open_case
from tests.web.visitors import Visitor, words_of

Visit = Callable[..., Visitor]


@pytest.fixture
def case(session: Session) -> VettingCase:
    """A case at which nobody has looked yet."""
    return open_case(session, make_applicant(session, name="Noor Haddad", language="fr"))


def address(case: VettingCase, verb: str = "") -> str:
    return f"/vetting/{case.public_id}" + (f"/{verb}" if verb else "")


def press(visitor: Visitor, case: VettingCase, verb: str, **fields: str) -> TestResponse:
    """Presses a button on the page of `case`."""
    return visitor.post(address(case, verb), page=address(case), **fields)


def fresh(session: Session, case: VettingCase) -> VettingCase:
    session.expire_all()
    return session.get_one(VettingCase, case.id)


def test_the_queue_leads_to_the_case_and_says_what_comes_next(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    hr = visit(make_user(session, "vetter"))
    queue = hr.get("/vetting/?owner=nobody&text=hadd&stage=completeness")
    assert address(case) in queue.text
    assert "Completeness" in words_of(queue)
    assert "No case matches" in words_of(hr.get("/vetting/?owner=mine"))
    assert hr.get("/vetting/?after=x&before=2027-01-01.9&state=odd&owner=odd").status_code == 200
    page = words_of(hr.get(address(case)))
    for said in ("nobody has recorded a finding yet", "has not been examined yet",
                 "Interview panel",
                 "two referees must recommend this person"):  # fmt: skip
        assert said in page


def test_a_finding_is_recorded_with_who_when_and_why(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    vetter = make_user(session, "vetter", name="Rana Aziz")
    hr = visit(vetter)
    done = press(hr, case, "steps", stage="technical", subject="BCP", result="passed", level="3",
                 evidence="Drill of 2026 <b>", comment="Calm")  # fmt: skip
    assert done.status_code == 303
    assert done.location.endswith("#stage-technical")
    [step] = fresh(session, case).steps
    assert (step.subject, step.level, step.reviewer_id) == ("BCP", 3, vetter.id)
    page = hr.get(address(case))
    assert "Drill of 2026 &lt;b&gt;" in page.text
    for said in ("Rana Aziz", "led it in a real crisis", "Calm", "You have examined this case"):
        assert said in words_of(page)


WRONG = {
    "no result": ({"stage": "eligibility", "evidence": "Looked at it"}, 422, "what the result is"),
    "no evidence": ({"stage": "eligibility", "result": "failed", "comment": "Looked at it"}, 422,
                    "what the finding rests on"),
    "no score": ({"stage": "interview", "result": "passed", "evidence": "Looked at it"}, 409,
                 "score from 1 to 5"),
    "no level": ({"stage": "technical", "subject": "BCP", "result": "passed",
                  "evidence": "Looked at it"}, 409, "which level you found"),
    "odd score": ({"stage": "interview", "result": "passed", "score": "9",
                   "evidence": "Looked at it"}, 422, "score from 1 to 5"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_was_typed_comes_back_with_what_is_wrong(
    session: Session, visit: Visit, case: VettingCase, name: str
) -> None:
    typed, status, said = WRONG[name]
    answer = press(visit(make_user(session, "vetter")), case, "steps", **typed)
    assert answer.status_code == status
    assert said in words_of(answer)
    assert "\nLooked at it</textarea>" in answer.text
    assert fresh(session, case).steps == []


def test_what_was_typed_outlives_a_lost_token_and_somebody_elses_decision(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    first, second, third = make_vetters(session)
    hr = visit(second)
    typed = {"stage": "conflicts", "result": "passed", "evidence": "Asked her twice"}
    lost = hr.client.post(address(case, "steps"), data=typed)
    assert lost.status_code == 400
    assert "\nAsked her twice</textarea>" in lost.text
    find(session, case, stages.ELIGIBILITY, first, stages.FAILED)
    token = hr.token(address(case))
    decide(session, case, third, qualified=False)
    late = hr.client.post(address(case, "steps"), data=typed | {"csrf_token": token})
    assert late.status_code == 409
    assert "Asked her twice" in late.text
    assert "This case is closed" in words_of(late)


def test_who_examined_is_told_that_somebody_else_decides(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    first, second, third = make_vetters(session)
    examine(session, case, first, second)
    page = visit(first).get(address(case))
    assert "You have examined this case. Somebody else must decide it." in words_of(page)
    assert f"{address(case)}/qualify" not in page.text
    assert press(visit(second), case, "qualify").status_code == 409
    hr = visit(third)
    assert "Somebody who has not examined this case can decide it" in words_of(
        hr.get(address(case))
    )
    assert press(hr, case, "qualify", comment="Good").status_code == 303
    assert fresh(session, case).state == stages.QUALIFIED
    assert case.expert.status == "qualified"
    assert "Qualified" in words_of(hr.get(address(case)))


def test_a_refusal_needs_reasons_and_tells_the_applicant(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    first, second = make_vetters(session, 2)
    find(session, case, stages.ELIGIBILITY, first, stages.FAILED)
    empty = press(visit(second), case, "refuse", reasons=" ", comment="Between us")
    assert empty.status_code == 422
    assert "Between us</textarea>" in empty.text
    assert press(visit(second), case, "refuse", reasons="Too few years.").status_code == 303
    assert fresh(session, case).state == stages.REFUSED
    assert session.query(Mail).filter(Mail.to == case.expert.email).count() == 1


def test_what_was_claimed_stays_beside_what_was_decided(session: Session, visit: Visit) -> None:
    first, second, third, reader = make_vetters(session, 4)
    claims = {"BCP": 1, "CIR": 3, "COM": 2}
    case = open_case(session, make_applicant(session, skills=claims))
    examine(session, case, first, second)  # finds level 3 everywhere
    find(session, case, stages.TECHNICAL, first, stages.FAILED, subject="COM")
    claimed = claims_in(visit(reader).get(address(case)))
    assert [said.rsplit(" · ", 1)[1] for said in claimed] == [
        "aware", "led it in a real crisis", "practised",
    ]  # fmt: skip
    decide(session, case, third)
    levels = {claim.skill: claim.level for claim in fresh(session, case).expert.skills}
    assert levels == {"BCP": 3, "CIR": 3}
    decided = claims_in(visit(reader).get(address(case)))
    assert [said.removeprefix(before) for said, before in zip(decided, claimed, strict=True)] == [
        " · Decided: led it in a real crisis", "", " · Decided: not given",
    ]  # fmt: skip


def claims_in(page: TestResponse) -> list[str]:
    """What is said of each skill under the heading of what was claimed."""
    after = page.text.split("Skills, as claimed", 1)[1].split("</ul>", 1)[0]
    items = re.findall(r"<li>(.*?)</li>", after, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", item).split()) for item in items]


def test_a_case_is_taken_handed_over_put_off_and_dropped(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    me, other = make_vetters(session, 2)
    hr = visit(me)
    press(hr, case, "owner", owner=me.public_id)
    assert fresh(session, case).owner_id == me.id
    assert "Take this case" not in words_of(hr.get(address(case)))
    press(hr, case, "owner", owner=other.public_id)
    assert fresh(session, case).owner_id == other.id
    officer = make_user(session, "duty_officer")
    assert press(hr, case, "owner", owner=officer.public_id).status_code == 409
    press(hr, case, "owner", owner="")
    assert fresh(session, case).owner_id is None
    day = clock.now().date() + timedelta(days=3)
    assert press(hr, case, "due", due_on="soon").status_code == 422
    assert press(hr, case, "due", due_on=day.isoformat()).status_code == 303
    assert fresh(session, case).due_on == day
    assert press(hr, case, "drop", comment="").status_code == 422
    assert press(hr, case, "drop", comment="Took it back").status_code == 303
    assert fresh(session, case).state == stages.DROPPED


def test_whoever_only_looks_gets_no_form_and_others_no_page(
    app: Flask, session: Session, visit: Visit, case: VettingCase
) -> None:
    auditor = visit(make_user(session, "auditor"))
    assert "Record the finding" not in auditor.get(address(case)).text
    assert press_as(auditor, case, "steps") == 403
    for role in ("duty_officer", "admin", "expert", "focal_point"):
        visitor = visit(make_user(session, role))
        assert visitor.get(address(case)).status_code == 403
        assert press_as(visitor, case, "qualify") == 403
    assert visit(make_user(session, "vetter")).get(address(case) + "x").status_code == 404


def press_as(visitor: Visitor, case: VettingCase, verb: str) -> int:
    return visitor.post(address(case, verb)).status_code


def test_nobody_sees_or_examines_their_own_case(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    themself = make_user(session, "vetter")
    with writing():
        case.expert.user_id = themself.id
    hr = visit(themself)
    page = hr.get(address(case))
    assert page.status_code == 403
    assert "somebody else has to look after it" in words_of(page)
    for verb in ("steps", "owner", "due", "references", "qualify", "refuse", "drop"):
        assert hr.post(address(case, verb)).status_code == 403
    assert fresh(session, case).state == stages.OPEN
