"""Asking for help by the form: who is asked at once, what is refused, and that nothing is lost."""

from sqlalchemy import func, select

from core.accounts.models import Throttle
from core.audit import AuditRow
from core.db import writing
from dispatch.intake import cancel
from dispatch.models import CrisisRequest, Offer
from dispatch.reports.filing_limits import MOST
from tests.dispatch.world import World
from tests.web.conftest import Visit
from tests.web.visitors import ANSWERS, filled_in, token_in, words_of


def filed(world: World) -> list[CrisisRequest]:
    return list(world.session.scalars(select(CrisisRequest).order_by(CrisisRequest.id)).unique())


def offers(world: World) -> int:
    return world.session.scalar(select(func.count(Offer.id))) or 0


def test_a_stranger_waits_for_confirmation_and_nobody_is_asked(world: World, visit: Visit) -> None:
    world.experts(2)
    stranger = visit()
    answer = stranger.file()
    assert answer.status_code == 303
    [request] = filed(world)
    assert request.status == "awaiting_confirmation"
    assert request.filed_through == "form"
    assert (request.contact_name, request.contact_phone) == ("Olena Koval", "+380441234567")
    assert request.languages == ["en"]
    assert offers(world) == 0
    page = stranger.get(answer.location)
    assert page.status_code == 200
    assert "A duty officer will call you" in page.text


def test_the_status_link_opens_on_any_phone_and_no_other_link_does(
    world: World, visit: Visit
) -> None:
    link = visit().file().location
    assert "?key=" in link
    assert visit().get(link).status_code == 200
    path, key = link.split("?key=")
    assert visit().get(path).location.startswith("/login?next=")
    assert visit().get(f"{path}?key=").status_code == 404
    assert visit().get(f"{path}?key={key[:-1]}").status_code == 404
    other = visit().file(summary="Another one").location.split("?")[0]
    assert visit().get(f"{other}?key={key}").status_code == 404


def test_a_focal_point_of_that_office_is_searched_for_at_once(world: World, visit: Visit) -> None:
    world.experts(2)
    answer = visit(world.focal_point()).file()
    [request] = filed(world)
    assert request.status == "searching"
    assert "key=" not in answer.location
    assert offers(world) == 1


def test_the_form_knows_the_focal_point(world: World, visit: Visit) -> None:
    page = visit(world.focal_point(phone="+380441112233")).get("/crisis/new").text
    assert '<option value="UA" selected>' in page
    assert 'value="+380441112233"' in page


def test_a_focal_point_of_another_office_waits_for_confirmation(world: World, visit: Visit) -> None:
    world.experts(1)
    stranger = visit(world.focal_point("FR"))
    answer = stranger.file()
    [request] = filed(world)
    assert request.status == "awaiting_confirmation"
    assert request.filed_by is not None
    assert offers(world) == 0
    assert stranger.get(answer.location).status_code == 200


def test_a_duty_officer_files_on_behalf_of_an_office_at_once(world: World, visit: Visit) -> None:
    world.experts(1)
    officer = visit(world.officer(phone="+12025550180"))
    assert "+12025550180" not in officer.get("/crisis/new").text
    officer.file()
    [request] = filed(world)
    assert (request.status, request.filed_through) == ("searching", "desk")
    assert offers(world) == 1


def test_the_error_summary_leads_to_each_field_that_is_missing(visit: Visit) -> None:
    stranger = visit()
    page = stranger.post("/crisis/new")
    assert page.status_code == 422
    assert "<title>Error: Ask for help" in page.text
    for field in ("office", "kind", "severity", "summary", "contact_name", "contact_phone"):
        assert f'<a href="#{field}">' in page.text
        assert f'id="{field}"' in page.text
        assert f'id="{field}-error"' in page.text


WRONG = [
    ("contact_phone", "12"), ("contact_phone", "call me"), ("contact_email", "nobody@nowhere"),
    ("experts_needed", "²"), ("experts_needed", "51"), ("experts_needed", "many"),
    ("affected_radius_km", "-3"), ("place", "Nowhereville-upon-Nothing"),
    ("languages", "Klingon"), ("summary", "x" * 5001), ("contact_name", "x" * 201),
    ("office", "XX"), ("severity", "9"),
]  # fmt: skip


def test_what_cannot_be_used_is_said_at_its_field_and_everything_is_kept(
    world: World, visit: Visit
) -> None:
    stranger = visit()
    for field, typed in WRONG:
        page = stranger.file(services=["PAT", "TM"], local_experts_safe="y", **{field: typed})
        assert page.status_code == 422, (field, typed)
        assert f'id="{field}-error"' in page.text
        assert f'<a href="#{field}">' in page.text
        assert page.text.count('class="govuk-error-message"') == 1, (field, typed)
        assert field in {"office", "severity"} or typed in page.text
        assert field == "summary" or ANSWERS["summary"] in page.text
        assert page.text.count(" checked") >= 5  # kind, mode, two services, the single yes
    assert filed(world) == []


def test_numbers_and_languages_are_read_as_people_write_them(world: World, visit: Visit) -> None:
    visit().file(experts_needed="٢", affected_radius_km="١٢٫٥", languages="français و العربية")
    [request] = filed(world)
    assert (request.slots, request.affected_radius_km) == (2, 12.5)
    assert request.languages == ["fr", "ar"]


def test_a_lost_token_keeps_everything_that_was_typed(world: World, visit: Visit) -> None:
    stranger = visit()
    typed = filled_in(stranger.get("/crisis/new")) | {
        "summary": "Flood, “everything” <wet>", "place": "Kharkiv", "skills": ["DRB"],
    }  # fmt: skip
    page = stranger.client.post("/crisis/new", data=typed | {"csrf_token": "gone"})
    assert page.status_code == 400
    assert "Nothing is lost: press the button once more" in page.text
    assert "govuk-error-summary" not in page.text
    assert "Flood, “everything” &lt;wet&gt;" in page.text
    assert 'value="Kharkiv"' in page.text
    assert typed["submission"] in page.text
    assert filed(world) == []
    again = stranger.client.post("/crisis/new", data=typed | {"csrf_token": token_in(page)})
    assert again.status_code == 303
    assert filed(world)[0].place == "Kharkiv"


def test_a_session_that_ended_meanwhile_keeps_everything_too(world: World, visit: Visit) -> None:
    focal = visit(world.focal_point())
    typed = filled_in(focal.get("/crisis/new"))
    focal.client.delete_cookie("session")
    page = focal.client.post("/crisis/new", data=typed)
    assert page.status_code == 400
    assert ANSWERS["summary"] in page.text
    assert "You need no account" in page.text


def test_pressing_twice_files_once(world: World, visit: Visit) -> None:
    stranger = visit()
    typed = filled_in(stranger.get("/crisis/new"))
    first, second = (stranger.client.post("/crisis/new", data=typed) for _ in range(2))
    path = first.location.split("?")[0]
    assert second.status_code == 303
    assert second.location.split("?")[0] == path
    assert len(filed(world)) == 1
    rows = world.session.scalars(select(AuditRow.action)).all()
    assert rows.count("request.filed") == 1


def test_the_same_sent_again_from_a_fresh_page_is_the_same_request(
    world: World, visit: Visit
) -> None:
    stranger = visit()
    first, second, third = stranger.file(), stranger.file(), stranger.file()
    pages = {answer.location.split("?")[0] for answer in (first, second, third)}
    assert len(pages) == 1
    assert len(filed(world)) == 1
    stranger.file(summary="Now the archive burns, too")
    visit().file()
    assert len(filed(world)) == 3


def test_the_same_sent_again_after_the_case_is_over_is_a_new_request(
    world: World, visit: Visit
) -> None:
    office = visit(world.focal_point())
    office.file()
    [case] = filed(world)
    with writing() as session:
        cancel(session, case, "A false alarm", actor="office", now=world.now)
    office.file()
    assert len(filed(world)) == 2


def test_other_content_under_the_same_page_is_kept_and_explained(
    world: World, visit: Visit
) -> None:
    stranger = visit()
    typed = filled_in(stranger.get("/crisis/new"))
    stranger.client.post("/crisis/new", data=typed)
    page = stranger.client.post("/crisis/new", data=typed | {"summary": "A second thing"})
    assert page.status_code == 409
    assert f"Case {filed(world)[0].number} was sent from this page" in words_of(page)
    assert "A second thing" in page.text
    assert typed["submission"] not in page.text
    assert len(filed(world)) == 1


def test_strangers_are_held_up_after_very_many_requests_and_focal_points_never(
    world: World, visit: Visit
) -> None:
    stranger = visit()
    page = stranger.get("/crisis/new")
    typed = filled_in(page)
    for number in range(MOST):
        fresh = typed | {"submission": f"{number:02}".translate({48 + n: 97 + n for n in range(10)})
                         * 13, "summary": f"Number {number}"}  # fmt: skip
        assert stranger.client.post("/crisis/new", data=fresh).status_code == 303
    repeated = stranger.client.post("/crisis/new", data=fresh)
    assert repeated.status_code == 303
    refused = stranger.client.post("/crisis/new", data=typed | {"summary": "One more"})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "3600"
    assert "One more" in refused.text
    assert "+41 22 555 01 00" in words_of(refused)
    assert len(filed(world)) == MOST
    assert visit(world.focal_point()).file().status_code == 303
    world.forward(hours=1, minutes=1)
    assert stranger.client.post("/crisis/new", data=typed).status_code == 303


def test_the_count_of_strangers_holds_no_address(world: World, visit: Visit) -> None:
    visit().file()
    key = world.session.scalars(select(Throttle.key)).one()
    assert key.startswith("crisis-form:")
    assert "127.0.0.1" not in key


def test_only_known_fields_are_taken(world: World, visit: Visit) -> None:
    visit().file(status="searching", filed_by="1", slots="9", confirmed_at="2026-01-01", ref="x")
    [request] = filed(world)
    assert (request.status, request.slots, request.filed_by) == ("awaiting_confirmation", 1, None)


def test_the_office_list_is_in_the_readers_language_and_order(visit: Visit) -> None:
    page = visit().get("/crisis/new?lang=fr").text
    names = [
        "Afrique du Sud",
        "Algérie",
        "Allemagne",
        "Égypte",
        "Espagne",
        "États-Unis",
        "Zimbabwe",
    ]
    places = [page.index(f">{name}") for name in names]
    assert places == sorted(places)
    assert '<html lang="fr"' in page


def test_the_emergency_number_is_on_the_form(visit: Visit) -> None:
    assert "+41 22 555 01 00" in words_of(visit().get("/crisis/new"))
