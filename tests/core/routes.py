"""Every route of the URL map, with an address that fits it."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

SAMPLES = {"number": 1, "verb": "disable", "filename": "nothing.css"}
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def addresses(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Each rule of `app` with a path that it matches."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: sample(rule, name) for name in rule.arguments}
        method = "GET" if "GET" in (rule.methods or ()) else max(rule.methods or ())
        yield rule, adapter.build(rule.endpoint, values, method=method)


def sample(rule: Rule, name: str) -> object:
    """A value for the variable part `name` of a rule."""
    kind = type(rule._converters[name]).__name__
    if name in SAMPLES:
        return SAMPLES[name]
    return 1 if kind in {"IntegerConverter", "FloatConverter"} else "x" * 26
