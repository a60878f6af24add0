"""After a mission: the office and the duty officer are asked how it went, and asked once."""

from sqlalchemy import select

from core.clock import now
from core.db import writing
from core.mail import Mail
from dispatch import intake
from dispatch.answers import answer_offer
from dispatch.evaluating import ask_for_evaluations
from dispatch.models import CrisisRequest, Mission
from roster.models import Evaluation, VettingCase
from roster.rules import stages
from tests.dispatch.world import World
from tests.web.conftest import Visit
from tests.web.visitors import words_of

CONTACT = "office@example.org"


def finished(world: World) -> tuple[CrisisRequest, Mission]:
    """A case whose mission is done, since the case was closed."""
    world.experts(1)
    request = world.file(contact_email=CONTACT)
    with writing() as session:
        answer_offer(session, request.offers[0], accept=True, received_at=now(), via="link")
        intake.close(session, request, actor="x", now=now())
    return request, world.missions(request)[0]


def questions(world: World) -> list[str]:
    query = select(Mail.body).where(Mail.to == CONTACT, Mail.subject.startswith("How did it go"))
    return list(world.session.scalars(query.order_by(Mail.id)))


def page_of(request: CrisisRequest, mission: Mission) -> str:
    return f"/crisis/{request.ref}/missions/{mission.public_id}/evaluation"


def test_the_office_is_asked_by_mail_after_an_hour_and_once_more_after_a_week(
    world: World,
) -> None:
    finished(world)
    assert ask_for_evaluations(world.now) == 0
    world.forward(minutes=61)
    assert ask_for_evaluations(world.now) == 1
    assert ask_for_evaluations(world.now) == 0
    world.forward(days=6)
    assert ask_for_evaluations(world.now) == 0
    world.forward(days=1)
    assert ask_for_evaluations(world.now) == 1
    world.forward(days=30)
    assert ask_for_evaluations(world.now) == 0
    assert len(questions(world)) == 2


def test_the_mail_leads_to_the_form_and_the_answer_is_kept_once(world: World, visit: Visit) -> None:
    _request, mission = finished(world)
    world.forward(minutes=61)
    ask_for_evaluations(world.now)
    link = questions(world)[0].split("http://localhost")[1].split()[0]
    stranger = visit()
    assert mission.expert.name in words_of(stranger.get(link))
    assert stranger.post(link, page=link).status_code == 422
    assert stranger.post(link, page=link, rating="6").status_code == 422
    assert stranger.post(link, page=link, rating="4", comment="Calm.").status_code == 303
    token = stranger.token("/crisis/new")
    again = stranger.client.post(link, data={"csrf_token": token, "rating": "1"})
    assert again.status_code == 303
    said = world.session.scalars(select(Evaluation)).one()
    assert (said.rating, said.comment, said.by) == (4, "Calm.", "office:UA")
    assert not world.session.scalars(select(VettingCase)).all()
    world.forward(days=8)
    assert ask_for_evaluations(world.now) == 0
    assert "has been answered" in words_of(stranger.get(link))


def test_the_status_page_asks_who_may_answer_until_somebody_has(world: World, visit: Visit) -> None:
    request, mission = finished(world)
    status, form = f"/crisis/{request.ref}", page_of(request, mission)
    officer, auditor = visit(world.officer()), visit(world.person("auditor"))
    focal = visit(world.focal_point())
    for one in (officer, focal):
        assert "Tell us how it went" in words_of(one.get(status))
    assert "Tell us how it went" not in words_of(auditor.get(status))
    assert auditor.get(form).status_code == 403
    assert visit().get(form).status_code == 302
    assert visit().get(form + "?key=" + request.ref + ".x").status_code == 404
    assert visit(world.focal_point("FR")).get(form).status_code == 404
    answered = officer.post(form, page=form, rating="1", comment="Never came.")
    assert answered.status_code == 303
    assert "Tell us how it went" not in words_of(focal.get(status))


def test_poor_work_opens_a_review_that_shows_who_said_so(world: World, visit: Visit) -> None:
    request, mission = finished(world)
    officer = world.officer()
    form = page_of(request, mission)
    visit(officer).post(form, page=form, rating="2")
    case = world.session.scalars(select(VettingCase)).unique().one()
    assert (case.kind, case.state) == (stages.REVIEW, stages.OPEN)
    assert world.session.scalars(select(Evaluation)).one().by == officer.public_id


def test_a_mission_that_still_runs_is_not_rated(world: World, visit: Visit) -> None:
    world.experts(1)
    request = world.file()
    with writing() as session:
        answer_offer(session, request.offers[0], accept=True, received_at=now(), via="link")
    mission = world.missions(request)[0]
    officer = visit(world.officer())
    assert officer.get(page_of(request, mission)).status_code == 404
    assert "Tell us how it went" not in words_of(officer.get(f"/crisis/{request.ref}"))
