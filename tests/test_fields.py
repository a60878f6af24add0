"""Which fields of other people's things somebody may see, over all pages, exports and the API."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.accounts.models import User
from tests.asking import Asker, person
from tests.dispatch.world import World
from tests.fields import API_FIELDS, API_PEOPLE, FIELDS, KEYED, PEOPLE
from tests.routes import routes
from tests.things import Everything, make_everything

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Seen = dict[str, set[str]]


@pytest.fixture
def world(session: Session) -> World:
    return World()


@pytest.fixture
def everything(world: World) -> Everything:
    return make_everything(world)


def who(world: World, everything: Everything, name: str) -> User | None:
    if name in {"themself", "refused"}:
        return everything.themself if name == "themself" else everything.refused
    return None if name == "link" else person(world, name)


def looked_at(app: Flask, everything: Everything, by_link: bool) -> Iterator[tuple[str, str, str]]:
    """What shows something: every GET, and every export; signed links apart from the rest."""
    asked = {"/static/icon.svg"}
    for name, rule, method, path in of_both(app, everything):
        shows = method == "GET" or re.search("export|download", rule.endpoint)
        if shows and path not in asked and ("token" in rule.arguments) == by_link:
            asked.add(path)
            yield name, method, path


def fields_in(answer: TestResponse, planted: dict[str, str]) -> set[str]:
    """The planted fields that this answer shows; spaces in phone numbers do not hide them."""
    if answer.status_code >= 300:
        return set()  # at most the address that was asked for
    text = unescape(answer.get_data(as_text=True))
    dense = re.sub(r"[\s\u00a0\u202f()-]", "", text)
    return {name for name, word in planted.items() if word in text or word in dense}


def test_everybody_sees_the_fields_of_their_role_and_no_others(
    app: Flask, world: World, everything: Everything
) -> None:
    found: dict[str, Seen] = {}
    for name in PEOPLE:
        asker, seen = Asker(app, who(world, everything, name)), found.setdefault(name, {})
        for route, method, path in looked_at(app, everything, name == "link"):
            with asker.ask(method, path) as answer:
                for field in fields_in(answer, everything.planted):
                    seen.setdefault(field, set()).add(route)
    for field in everything.planted:
        signs = ["+" if field in found[name] else "-" for name in PEOPLE]
        where = {name: seen.get(field) for name, seen in found.items()}
        assert " ".join(signs) == FIELDS[field], (field, where)


def test_every_planted_field_has_a_row_and_every_row_is_planted(everything: Everything) -> None:
    assert set(FIELDS) == set(everything.planted)


def shape(value: object, path: str = "") -> dict[str, str]:
    """Each field of an answer: `+` with a value somewhere, `0` when it is null everywhere."""
    if isinstance(value, list):
        found: dict[str, str] = {}
        for each in value:
            found |= {
                name: sign for name, sign in shape(each, path).items() if found.get(name) != "+"
            }
        return found
    if isinstance(value, dict) and path.rpartition(".")[2] not in KEYED:
        parts = [shape(part, f"{path}.{name}".lstrip(".")) for name, part in value.items()]
        return {name: sign for part in parts for name, sign in part.items()}
    return {path: "0" if value is None else "+"} if path else {}


def test_every_field_of_an_api_answer_has_a_row(
    app: Flask, world: World, everything: Everything
) -> None:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for name in API_PEOPLE:
        asker = Asker(app, who(world, everything, name))
        for route, rule, method, path in of_both(app, everything):
            if method == "GET" and rule.endpoint.startswith("api.") and "describe" not in route:
                with asker.ask(method, path) as answer:
                    body = answer.json if answer.status_code == 200 else {}
                seen = found.setdefault(route, {}).setdefault(name, {})
                seen |= {
                    field: sign for field, sign in shape(body).items() if seen.get(field) != "+"
                }
    rows = {
        route: {signs: set(names.split()) for signs, names in by.items()}
        for route, by in API_FIELDS.items()
    }
    assert {route: table_of(by) for route, by in found.items()} == rows


def of_both(app: Flask, everything: Everything) -> Iterator[tuple[str, Rule, str, str]]:
    """The routes to the case of UA, for which somebody is asked, and to that of FR."""
    for things in (everything.things, everything.others):
        yield from routes(app, things)


def table_of(by: dict[str, dict[str, str]]) -> dict[str, set[str]]:
    """The fields of one route by the signs of those who see them."""
    table: dict[str, set[str]] = {}
    for field in {field for seen in by.values() for field in seen}:
        signs = " ".join(by[name].get(field, "-") for name in API_PEOPLE)
        table.setdefault(signs, set()).add(field)
    return table
