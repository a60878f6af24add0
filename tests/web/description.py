"""The API's own description, and whether an answer is what it promises."""

import json
import re
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker
from werkzeug.test import TestResponse

import dispatch.api.openapi as served

DOCUMENT: dict[str, Any] = json.loads(Path(served.DESCRIPTION).read_text(encoding="utf-8"))
BASE = "/api/v1"


def operation(method: str, path: str) -> dict[str, Any]:
    """The described operation that a request for `path` (below /api/v1) meets."""
    bare = path.split("?", maxsplit=1)[0]
    for template, methods in DOCUMENT["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if re.fullmatch(pattern, bare) and method.lower() in methods:
            found: dict[str, Any] = methods[method.lower()]
            return found
    raise LookupError(f"{method} {path} is not described")


def faults(schema: dict[str, Any], value: object) -> list[str]:
    """What in `value` is not as `schema` says."""
    whole = {**schema, "components": DOCUMENT["components"]}
    validator = OAS31Validator(whole, format_checker=oas31_format_checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def check(answer: TestResponse) -> TestResponse:
    """Fails unless this status, type and body are described for the request of `answer`."""
    request = answer.request
    path = request.path.removeprefix(BASE)
    described = operation(request.method, path)["responses"]
    assert str(answer.status_code) in described, f"{answer.status} of {request.method} {path}"
    content = described[str(answer.status_code)]["content"]
    assert answer.mimetype in content, f"{answer.mimetype} of {request.method} {path}"
    assert faults(content[answer.mimetype]["schema"], answer.json) == []
    return answer
