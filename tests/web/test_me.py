"""The expert's own page: what it says, what it changes, and that it is nobody else's."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from core.accounts.models import User
from core.audit import AuditRow
from core.db import writing
from dispatch.me import feed_address
from dispatch.models import Mission
from dispatch.offer_link import link_of
from roster import registrar
from roster.models import Expert
from roster.rules import terms
from tests.dispatch.world import World
from tests.web.conftest import Call, Visit
from tests.web.visitors import Visitor, token_in, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ME, CALENDAR = "/me", "/me/availability"


def own(world: World, expert: Expert, **details: str) -> User:
    """The account of `expert`."""
    user = world.person("expert", **details)
    with writing() as session:
        session.get_one(Expert, expert.id).user_id = user.id
    return user


@pytest.fixture
def anna(world: World) -> Expert:
    return world.expert(1, name="Anna", base="Kraków")


@pytest.fixture
def page(world: World, visit: Visit, anna: Expert) -> Visitor:
    """Anna's browser."""
    return visit(own(world, anna))


def again(world: World, expert: Expert) -> Expert:
    return world.session.get_one(Expert, expert.id)


def press(page: Visitor, path: str, on: str = CALENDAR, **fields: str) -> str:
    """Presses a button there, and reads the page that one comes to."""
    done = page.client.post(path, data={"csrf_token": token_in(page.get(on)), **fields})
    assert done.status_code == 303, words_of(done)
    return words_of(page.get(done.location))


def refused(page: Visitor, path: str, on: str = CALENDAR, **fields: str) -> str:
    done = page.client.post(path, data={"csrf_token": token_in(page.get(on)), **fields})
    assert done.status_code == 422
    return words_of(done)


def test_an_account_without_an_entry_hears_what_to_do(world: World, visit: Visit) -> None:
    visitor = visit(world.person("expert", email="nobody@example.org"))
    said = words_of(visitor.get(ME))
    assert "no entry on the roster yet" in said
    assert "nobody@example.org" in said
    assert visitor.get(CALENDAR).location == ME
    assert visitor.post("/me/limits", limit="3").location == ME


def test_the_first_sentence_says_why_nobody_asks(world: World, anna: Expert, page: Visitor) -> None:
    assert "You can be asked now" in words_of(page.get(ME))
    with writing() as session:
        registrar.suspend(session, session.get_one(Expert, anna.id), "?", actor="x", now=world.now)
    assert "You are suspended" in words_of(page.get(ME))
    with writing() as session:
        expert = session.get_one(Expert, anna.id)
        registrar.reinstate(session, expert, actor="x", now=world.now)
        registrar.opt_out(session, expert, actor="x", now=world.now)
    assert "You said STOP" in words_of(page.get(ME))
    assert "text START to +15005550006" in words_of(page.get("/me/channels"))


@pytest.mark.parametrize("scope", terms.SCOPES)
def test_who_works_near_home_alone_can_be_asked_all_the_same(
    world: World, visit: Visit, scope: str
) -> None:
    mine = visit(own(world, world.expert(1, scope=scope, conflicts=["PL"])))
    assert "You can be asked now" in words_of(mine.get(ME))


def test_quiet_hours_leave_the_gravest(world: World, anna: Expert, page: Visitor) -> None:
    start, end = (f"{world.now + timedelta(hours=hours):%H:00}" for hours in (-1, 2))
    press(page, "/me/quiet", quiet_from=start, quiet_until=end)
    said = words_of(page.get(ME))
    assert "only the gravest cases reach you until" in said
    assert f"{end} (UTC)" in said
    assert again(world, anna).quiet_until == int(end[:2]) * 60
    assert "leave both empty" in refused(page, "/me/quiet", quiet_from="22:00", quiet_until="")
    press(page, "/me/quiet", quiet_from="", quiet_until="")
    assert again(world, anna).quiet_from is None


def test_an_open_offer_is_answered_and_the_mission_ended(
    world: World, anna: Expert, page: Visitor
) -> None:
    request = world.file(contact_name="Olena Koval", contact_phone="+380441234567")
    shown = page.get(ME)
    assert "You are being asked now" in words_of(shown)
    assert "+380441234567" not in shown.text
    path = urlsplit(link_of(world.offer_to(anna))).path
    assert f'action="{path}"' in shown.text
    assert "You are on it" in press(page, path, on=ME, answer="accept")
    said = words_of(page.get(ME))
    assert "Call now: Olena Koval +380441234567" in said
    assert "as many missions as you accept" in said
    [mission] = world.missions(request)
    assert "you are free again" in press(page, f"/me/missions/{mission.public_id}/done", on=ME)
    assert world.session.get_one(Mission, mission.id).status == "done"
    assert "over already" in press(page, f"/me/missions/{mission.public_id}/done", on=CALENDAR)


def test_leaving_a_mission_needs_a_reason_and_asks_the_next(
    world: World, anna: Expert, page: Visitor
) -> None:
    boris = world.expert(2, name="Boris")
    request = world.file()
    press(page, urlsplit(link_of(world.offer_to(anna))).path, on=ME, answer="accept")
    path = f"/me/missions/{world.missions(request)[0].public_id}/leave"
    assert "Say why" in refused(page, path, on=path, reason=" ")
    assert "Others are being asked" in press(page, path, on=path, reason="I am ill")
    assert world.offer_to(boris).status == "open"


def test_somebody_elses_things_are_not_there(
    world: World, anna: Expert, page: Visitor, visit: Visit
) -> None:
    request = world.file()
    press(page, urlsplit(link_of(world.offer_to(anna))).path, on=ME, answer="accept")
    with writing() as session:
        absence = registrar.add_absence(
            session, session.get_one(Expert, anna.id), world.now.date(), None, actor="x",
            now=world.now,
        )  # fmt: skip
    stranger = visit(own(world, world.expert(2, name="Boris")))
    mission = world.missions(request)[0].public_id
    token = token_in(stranger.get(CALENDAR))
    for path in (
        f"/me/missions/{mission}/done", f"/me/missions/{mission}/leave",
        f"/me/absences/{absence.id}/end",
    ):  # fmt: skip
        assert stranger.client.post(path, data={"csrf_token": token}).status_code == 404
    assert world.missions(request)[0].status == "accepted"


def test_an_absence_is_shown_from_the_day_on_which_it_begins_where_i_live(
    world: World, anna: Expert, page: Visitor
) -> None:
    with writing() as session:
        session.get_one(Expert, anna.id).time_zone = "Pacific/Auckland"
    said = press(page, "/me/absences", first_day="2027-05-03", last_day="2027-05-04")
    assert "May 3, 2027" in said
    assert "May 4, 2027" in said


def test_an_absence_takes_back_the_open_offer_and_its_end_brings_me_back(
    world: World, anna: Expert, page: Visitor
) -> None:
    world.file()
    today = world.now.date().isoformat()
    said = press(page, "/me/absences", first_day=today, last_day=today, why="Family")
    assert "You are away until" in said
    assert "Family" in said
    world.tick()
    assert world.offer_to(anna).status == "withdrawn"
    [absence] = again(world, anna).absences
    assert "You can be asked now" in press(page, f"/me/absences/{absence.id}/end")
    world.tick()
    assert world.offer_to(anna).status == "open"
    said = refused(page, "/me/absences", first_day="2027-05-02", last_day="2027-05-01")
    assert "must not be before" in said
    assert "Check the year" in refused(page, "/me/absences", first_day="0001-01-01", last_day="")


def test_weekly_hours_are_read_as_people_write_them(
    world: World, anna: Expert, page: Visitor
) -> None:
    press(page, "/me/hours", monday="9-12.30; 14:00–18:00", sunday="٠٩:٠٠ - ١٧:٠٠")
    weekly = {(one.weekday, one.start, one.end) for one in again(world, anna).weekly}
    assert weekly == {(0, 540, 750), (0, 840, 1080), (6, 540, 1020)}
    said = words_of(page.get(CALENDAR))
    assert "Mon 09:00–12:30, 14:00–18:00; Sun 09:00–17:00" in said
    assert 'value="09:00–12:30, 14:00–18:00"' in page.get("/me/hours").text
    assert "goes over midnight. Split it" in refused(page, "/me/hours", friday="22:00-06:00")
    assert "Write hours like this" in refused(page, "/me/hours", friday="morning")
    assert len(again(world, anna).weekly) == 3
    press(page, "/me/hours")
    assert again(world, anna).weekly == []


def test_limits_zone_and_language_count_for_the_next_match(
    world: World, anna: Expert, page: Visitor
) -> None:
    said = press(page, "/me/limits", limit="0", modes="remote", language="fr")
    assert "you accept no missions" in said
    expert = again(world, anna)
    assert (expert.max_missions, expert.remote, expert.on_site) == (0, True, False)
    assert expert.language == "fr"
    request = world.file()
    assert world.ladder(request) == []
    press(page, "/me/limits", limit="1", modes="remote", language="fr")
    world.tick()
    assert world.ladder(request) == [("Anna", "open")]
    press(page, "/me/limits", limit="0", modes="remote", language="fr")
    world.tick()
    assert world.ladder(request) == [("Anna", "withdrawn")]
    press(page, "/me/zone", time_zone="Asia/Tokyo")
    assert again(world, anna).time_zone == "Asia/Tokyo"
    assert "at least one way" in refused(page, "/me/limits", limit="1", language="fr")
    refused(page, "/me/zone", time_zone="Mars/Olympus")
    actions = world.session.scalars(
        select(AuditRow.action).where(AuditRow.subject == f"expert:{expert.public_id}")
    )
    assert {"expert.limit_set", "expert.modes_set", "expert.language_set",
            "expert.time_zone_set"} <= set(actions)  # fmt: skip


def test_a_present_place_is_shown_before_it_is_stored(
    world: World, anna: Expert, page: Visitor
) -> None:
    found = page.get("/me/place?where=Nairobi")
    assert "Is it here?" in words_of(found)
    assert "app-map__svg" in found.text
    assert again(world, anna).present_until is None
    chosen = found.text.split('name="chosen" value="')[1].split('"')[0]
    said = press(page, "/me/place", where="Nairobi", until="", chosen=chosen)
    assert "Nairobi, until" in said
    expert = again(world, anna)
    assert expert.present_until is not None
    assert expert.present_until - world.now == pytest.approx(
        timedelta(days=14), abs=timedelta(minutes=1)
    )
    assert expert.present_x is not None
    assert world.file()
    assert world.offer_to(anna).distance_km > 5000
    assert "Choose the place" in refused(page, "/me/place", where="Nairobi", chosen="1,1")
    past = refused(page, "/me/place", where="Nairobi", until="2020-01-01", chosen=chosen)
    assert "must be today or later" in past
    assert page.get("/me/place?where=Nowhere-on-Sea").status_code == 422
    assert "at your base, Kraków" in press(page, "/me/place/clear")


def test_the_feed_is_private_and_a_new_address_ends_the_old(
    world: World, anna: Expert, page: Visitor, visit: Visit
) -> None:
    assert feed_address.address_of(world.session, anna) == ""
    press(page, "/me/calendar/renew")
    first = urlsplit(feed_address.address_of(world.session, anna)).path
    stranger = visit()
    answer = stranger.get(first)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    seen = {"If-None-Match": answer.headers["ETag"]}
    assert stranger.get(first, headers=seen).status_code == 304
    old = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert stranger.get(first, headers=old).status_code == 304
    assert stranger.client.post(first).status_code == 405
    press(page, "/me/calendar/renew")
    second = urlsplit(feed_address.address_of(world.session, anna)).path
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    press(page, "/me/calendar/close")
    assert stranger.get(second).status_code == 404
    assert "Make an address" in words_of(page.get(CALENDAR))


def test_the_api_gives_an_expert_their_own_entry_only(
    world: World, anna: Expert, call: Call
) -> None:
    world.expert(2, name="Boris")
    body = call(own(world, anna)).get("/experts").json
    assert body is not None
    assert ([one["name"] for one in body["experts"]], body["total"]) == (["Anna"], 1)
    stranger = call(world.person("expert")).get("/experts").json
    assert stranger is not None
    assert stranger["total"] == 0
