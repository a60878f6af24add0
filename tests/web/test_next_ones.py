"""Whom a duty officer may still ask, whom they asked already, and what nobody on the roster has."""

import re

from core.clock import now
from core.db import writing
from dispatch.answers import answer_offer
from tests.dispatch.world import World
from tests.web.conftest import Visit
from tests.web.visitors import words_of


def test_who_was_asked_is_no_longer_among_those_who_could_be(world: World, visit: Visit) -> None:
    first, second = world.expert(1, name="Nina Near"), world.expert(2, name="Fay Far")
    request = world.file()
    officer, page = visit(world.officer()), f"/desk/{request.ref}"
    with writing() as session:
        answer_offer(session, world.offer_to(first), accept=False, received_at=now(), via="link")
    words = words_of(officer.get(page))
    assert re.search(r"Who was asked .*, \d+:\d\d:\d\d .M UTC Nina Near Cannot come", words)
    assert "Everybody who qualifies at the moment has been asked." in words
    assert f'id="choose-{first.public_id}"' in officer.get(page).text, "the officer may insist"
    world.expert(3, name="Tess Third")
    words = words_of(officer.get(page))
    could, asked = words.split("Who could be asked next", 1)[1].rsplit("Who was asked", 1)
    assert "1 Tess Third" in could
    assert "Nina Near" not in could
    assert f"{second.name} Asked, no answer yet" in asked


def test_what_nobody_has_is_named_with_its_level_and_the_languages(
    world: World, visit: Visit
) -> None:
    world.expert(1, skills={"TRN": 1}, languages=("fr",))
    world.expert(2, skills={"CIR": 2}, languages=("en",))
    officer = visit(world.officer())

    def said(**asked: object) -> str:
        request = world.file(**asked)
        return words_of(officer.get(f"/desk/{request.ref}"))

    trained = "Training, exercises and lessons learned (level 2)"
    words = said(skills=["TRN"], languages=["fr"])
    assert f"Needed: {trained}. One of these languages: French." in words
    assert f"Nobody on the roster has this skill: {trained}." in words
    words = said(skills=["CIR:2", "TRN:1"], languages=["fr"])
    assert "Nobody on the roster has all of these skills: " in words
    words = said(skills=["CIR"], languages=["fr"])
    assert re.search(r"with these skills \([^)]+\(level 2\)\) speaks one of: French", words)
    words = said(skills=["CIR"], languages=["mn"])
    assert "Nobody on the roster speaks one of: Mongolian." in words
    assert "Nobody on the roster" not in said(skills=["CIR"], languages=["en"])
