"""One's own data: taken along, reconfirmed, withdrawn, erased; each only by oneself."""

import json
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.audit import verify
from core.db import writing
from dispatch.offer_link import link_of
from roster.models import Expert, Paper, Sighting
from roster.papers.quarantine import hand_in
from tests.dispatch.world import World
from tests.web.conftest import Visit
from tests.web.test_me import again, own, press, refused
from tests.web.visitors import Visitor, token_in, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DATA, ERASE, WITHDRAW = "/me/data", "/me/erase", "/me/withdraw"
PASSWORD = "four harmless turnips sing"


@pytest.fixture
def anna(world: World) -> Expert:
    return world.expert(1, name="Anna Canary", base="Kraków")


@pytest.fixture
def account(world: World, anna: Expert) -> User:
    return own(world, anna, password=PASSWORD)


@pytest.fixture
def page(visit: Visit, account: User) -> Visitor:
    return visit(account)


def test_everything_is_taken_along_as_json(world: World, anna: Expert, page: Visitor) -> None:
    request = world.file()
    press(page, "/me/absences", on="/me/availability", first_day="2027-05-01", why="Family")
    answer = page.client.post("/me/download", data={"csrf_token": token_in(page.get(DATA))})
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    data = json.loads(answer.text)
    assert data["person"]["name"] == "Anna Canary"
    assert data["absences"][0]["reason"] == "Family"
    assert data["offers"][0]["request"] == request.number
    seen = world.session.scalars(select(Sighting.what).where(Sighting.expert_id == anna.id))
    assert list(seen) == ["download"]


def test_who_wants_to_stay_says_so(world: World, anna: Expert, page: Visitor) -> None:
    assert "still want to be asked" in press(page, "/me/reconfirm", on=DATA)
    assert again(world, anna).reconfirmed_at is not None


def test_leaving_takes_a_tick_and_takes_back_the_offer(
    world: World, anna: Expert, page: Visitor
) -> None:
    world.file()
    assert "Tick the box" in refused(page, WITHDRAW, on=WITHDRAW, why="New job")
    assert "You have left the roster" in press(page, WITHDRAW, on=WITHDRAW, sure="y", why="Job")
    assert again(world, anna).status == "removed"
    world.tick()
    assert world.offer_to(anna).status == "withdrawn"


def test_an_erasure_takes_the_word_and_the_password(
    world: World, anna: Expert, account: User, page: Visitor, session: Session
) -> None:
    said = refused(page, ERASE, on=ERASE, word="please", password=PASSWORD)
    assert "Type the word ERASE" in said
    assert "not your password" in refused(page, ERASE, on=ERASE, word="ERASE", password="x")
    assert again(world, anna).erased_at is None
    token = token_in(page.get(ERASE))
    done = page.client.post(
        ERASE, data={"csrf_token": token, "word": " erase", "password": PASSWORD}
    )
    assert done.status_code == 200
    assert "We have forgotten you" in words_of(done)
    assert again(world, anna).erased_at is not None
    assert "Anna" not in again(world, anna).name
    assert again(world, anna).user_id is None
    assert page.get("/me").status_code == 302
    assert verify(world.session) is None


def test_five_wrong_passwords_are_enough(world: World, anna: Expert, page: Visitor) -> None:
    for _ in range(5):
        refused(page, ERASE, on=ERASE, word="ERASE", password="wrong")
    said = refused(page, ERASE, on=ERASE, word="ERASE", password=PASSWORD)
    assert "Wait 15 minutes" in said
    assert again(world, anna).erased_at is None


def test_nobody_is_erased_in_the_middle_of_a_mission(
    world: World, anna: Expert, page: Visitor
) -> None:
    world.file()
    press(page, urlsplit(link_of(world.offer_to(anna))).path, on="/me", answer="accept")
    said = refused(page, ERASE, on=ERASE, word="ERASE", password=PASSWORD)
    assert "End it first" in said
    assert again(world, anna).name == "Anna Canary"


def test_one_gets_ones_own_papers_once_they_are_clean(
    world: World, anna: Expert, page: Visitor, visit: Visit
) -> None:
    with writing() as session:
        paper = hand_in(
            session, b"%PDF-1.7\n%%EOF\n", "cv.pdf", kind="cv",
            owner=session.get_one(Expert, anna.id), actor="x", now=world.now,
        )  # fmt: skip
    path = f"/me/papers/{paper.public_id}"
    assert "In quarantine" in words_of(page.get(DATA))
    assert page.get(path).status_code == 409
    with writing() as session:
        session.get_one(Paper, paper.id).verdict = "clean"
    with page.get(path) as answer:
        assert (answer.status_code, answer.data) == (200, b"%PDF-1.7\n%%EOF\n")
        assert "attachment" in answer.headers["Content-Disposition"]
    assert visit(own(world, world.expert(2, name="Boris"))).get(path).status_code == 404
