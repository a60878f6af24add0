"""Own or somebody else's: every route that leads to an object knows whose it is."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core.accounts.models import User
from tests.asking import Asker, verdict
from tests.dispatch.world import World
from tests.factories import vetter
from tests.objects import NOBODYS, OBJECTS
from tests.routes import Things, routes
from tests.things import Everything, make_everything

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Pair = tuple[tuple[User | None, Things], tuple[User | None, Things]]


@pytest.fixture
def world(session: Session) -> World:
    return World()


@pytest.fixture
def everything(world: World) -> Everything:
    return make_everything(world)


def pairs(world: World, everything: Everything) -> dict[str, Pair]:
    """For each kind the owner and a stranger of the same role, and the addresses they ask for."""
    things = everything.things
    inside = things.but(everything.insiders)
    admin, other_admin = world.person("admin"), world.person("admin")
    own_account = things.but({"admin": {**things.named["admin"], "public_id": admin.public_id}})
    stranger = world.person("expert")
    world.expert(2, user_id=stranger.id)
    offices = (world.focal_point("UA"), things), (world.focal_point("FR"), things)
    maker = vetter(world.session, "maker@example.org")
    altered = {
        room: {"token": turned(str(named["token"]))}
        for room, named in things.named.items()
        if "token" in named
    }
    return {
        "case": offices,
        "office": offices,
        "mission": (offices[1], offices[0]),
        "account": ((admin, own_account), (other_admin, own_account)),
        "session": ((everything.auditor, things), (world.person("auditor"), things)),
        "expert": ((everything.themself, things), (stranger, things)),
        "vetted": ((everything.insider, inside), (world.person("vetter"), inside)),
        "change": ((maker, things), (world.person("vetter"), things)),
        "link": ((None, things), (None, things.but(with_rest(things, altered)))),
    }


def with_rest(things: Things, altered: dict[str, dict[str, str]]) -> dict[str, dict[str, object]]:
    """The altered tokens beside whatever else stands in those addresses."""
    return {room: {**things.named[room], **named} for room, named in altered.items()}


def turned(token: str) -> str:
    """A token with another letter near its end: the very last may carry bits that do not count."""
    at = len(token) - 3
    return f"{token[:at]}{'A' if token[at] != 'A' else 'B'}{token[at + 1 :]}"


def test_every_route_to_an_object_has_a_row(app: Flask, everything: Everything) -> None:
    named = {name for name, rule, *_ in routes(app, everything.things) if rule.arguments}
    assert named == set(OBJECTS)


def test_owners_and_strangers_get_as_far_as_the_rows_say(
    app: Flask, world: World, everything: Everything
) -> None:
    found: dict[str, str] = {name: NOBODYS for name, row in OBJECTS.items() if row == NOBODYS}
    for kind, ((owner, own), (stranger, others)) in pairs(world, everything).items():
        for user, things in ((stranger, others), (owner, own)):
            asker = Asker(app, user)
            for name, _rule, method, path in routes(app, things):
                if OBJECTS.get(name, "").split()[:1] == [kind]:
                    with asker.ask(method, path) as answer:
                        sign = verdict(answer)
                    found[name] = f"{kind} {sign}" if name not in found else join(found[name], sign)
    assert found == OBJECTS


def join(strangers: str, sign: str) -> str:
    """The row: the owner's sign before the stranger's, who was first to ask."""
    kind, other = strangers.split()
    return f"{kind} {sign} {other}"
