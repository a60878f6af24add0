"""Serves the description of the API, kept beside this module as openapi.json."""

from pathlib import Path

from flask import Response

from core.access import open_to_all
from dispatch.api.blueprint import bp

DESCRIPTION = Path(__file__).with_name("openapi.json")


@bp.get("/openapi.json")
@open_to_all
def describe() -> Response:
    """OpenAPI 3.1; a test holds it equal to the routes."""
    return Response(DESCRIPTION.read_text(encoding="utf-8"), mimetype="application/json")
