"""The description of the API is valid and says exactly what there is."""

import re

from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from core.access import needs
from dispatch.reports.report import READERS
from dispatch.rules import terms
from tests.web.description import DOCUMENT

METHODS = {"GET", "POST", "PATCH", "PUT", "DELETE"}


def test_it_is_valid() -> None:
    validate(DOCUMENT)


def test_it_describes_every_route_and_no_other(app: Flask) -> None:
    there = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) & METHODS
    }
    described = {
        (method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods
    }
    assert described == there


def test_it_says_which_need_no_token(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            path = re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1"))
            for method in (rule.methods or set()) & METHODS:
                described = DOCUMENT["paths"][path][method.lower()]
                is_open = needs(app, rule.endpoint) == frozenset()
                assert (described.get("security") == []) is is_open


def test_operations_have_names_of_their_own() -> None:
    names = [op["operationId"] for path in DOCUMENT["paths"].values() for op in path.values()]
    assert len(names) == len(set(names))


def test_a_report_is_described_by_the_fields_that_are_read() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert set(schemas["CrisisReport"]["properties"]) == set(READERS)
    assert set(schemas["CrisisAmendment"]["properties"]) == set(READERS) - {"office", "exercise"}


def test_states_are_those_of_the_lifecycle() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["Crisis"]["properties"]["status"]["enum"] == list(terms.REQUEST_STATES)
    assert schemas["Offer"]["properties"]["status"]["enum"] == list(terms.OFFER_STATES)
    assert schemas["Mission"]["properties"]["status"]["enum"] == list(terms.MISSION_STATES)


def test_it_is_served_to_everybody(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.json == DOCUMENT
